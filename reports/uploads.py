"""Uploaded workbooks between upload and load: the bytes, what the dry run found, how far the load is.

Files, not rows: a load is one transaction, and until it ends nobody else can see a row of it, nor on SQLite
write one. A worker thread holds a lock on a file for as long as it lives, so that a process that died is told
from one that works. Everything is private to the person who uploaded and lies sealed, for a workbook is full of
names and numbers; the bytes go as soon as nothing can be loaded from them any more, all else after a day.
"""

import hashlib
import json
import logging
import os
import re
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files import locks
from django.db import connections
from django.utils import timezone, translation

from canvass.sealed import Unreadable, opened, seal
from canvass.sealed_files import open_sealed, write_sealed

logger = logging.getLogger(__name__)

KEPT = 24 * 60 * 60  # seconds
SALT = "reports.workbook_load"
# A phase of work, and what it is when its process died.
RUNNING = ("checking", "loading")
INTERRUPTED = "interrupted"
# Nothing is left to be loaded.
ENDED = ("done", "refused", "unchanged")
WRITE_EVERY = 0.5  # seconds between two reports of progress


def _directory():
    directory = Path(settings.MEDIA_ROOT) / "workbooks"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


@dataclass(frozen=True)
class Upload:
    """One person's uploaded file. The same bytes uploaded again are the same upload, checked anew."""

    sha256: str
    user_pk: int

    @classmethod
    def keep(cls, file, *, user):
        """Store the bytes of a form's file privately."""
        remove_old()
        digest = hashlib.sha256()
        handle, fresh = tempfile.mkstemp(dir=_directory(), suffix=".part")  # 0600 from the start
        with os.fdopen(handle, "wb") as target:
            for chunk in file.chunks():
                digest.update(chunk)
                write_sealed(target, [chunk])
        upload = cls(digest.hexdigest(), user.pk)
        Path(fresh).replace(upload.file)
        return upload

    @classmethod
    def find(cls, sha256, user):
        """This person's upload, or None."""
        upload = cls(sha256, user.pk)
        return upload if re.fullmatch("[0-9a-f]{64}", sha256) and upload._is_known() else None

    def _is_known(self):
        try:
            return not isinstance(opened(self._state_file.read_text()), Unreadable)
        except FileNotFoundError:
            return False

    @property
    def file(self):
        return _directory() / f"{self.sha256}-{self.user_pk}.sealed"

    @property
    def _state_file(self):
        return _directory() / f"{self.sha256}-{self.user_pk}.json"

    @property
    def _lock_file(self):
        return _directory() / f"{self.sha256}-{self.user_pk}.lock"

    @contextmanager
    def opened(self):
        """Yield the uploaded bytes as an open file; None unless they are still those that were uploaded."""
        try:
            with open_sealed(self.file) as file:
                whole = file and hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
                yield file if whole else None
        except FileNotFoundError:
            yield None

    def is_intact(self):
        with self.opened() as file:
            return file is not None

    def forget_bytes(self):
        self.file.unlink(missing_ok=True)

    def state(self):
        """What is known: at least name, campaign, phase and at. A running phase without its thread is interrupted."""
        state = self._read()
        if state["phase"] in RUNNING and (lock := try_lock(self._lock_file)):
            lock.close()
            state = self._read()  # it may have ended between the two looks
            if state["phase"] in RUNNING:
                state |= {"phase": INTERRUPTED, "interrupted": state["phase"]}
        return state

    def _read(self):
        return json.loads(opened(self._state_file.read_text()))

    def write(self, **state):
        """Replace the state as a whole, so that nobody reads half of it."""
        handle, fresh = tempfile.mkstemp(dir=_directory(), suffix=".part")
        with os.fdopen(handle, "w") as target:
            target.write(seal(json.dumps(state | {"at": timezone.now().isoformat()}, ensure_ascii=False)))
        Path(fresh).replace(self._state_file)

    def start(self, phase, work, *, holding=None, **state):
        """Do `work(progress)` in a thread of this process; it returns what the state becomes.

        False when this upload is being worked on already. `holding`: a lock to give back at the end.
        """
        lock = try_lock(self._lock_file)
        if lock is None:
            return False
        state |= {"started": timezone.now().isoformat()}
        self.write(phase=phase, **state)
        job = _Job(self, phase, state, work, [lock, holding], translation.get_language())
        threading.Thread(target=job.run, name=f"workbook-{self.sha256[:8]}", daemon=True).start()
        return True

    # --- The word of the server that these bytes were checked for this person ---

    def token(self):
        state = self._read()
        content = {
            "sha256": self.sha256,
            "user": self.user_pk,
            "campaign": state["campaign"],
            "name": state["name"],
        }
        return signing.dumps(content, salt=SALT, compress=True)

    def confirmed(self, token):
        """What the token says when it is ours, for this upload and this person, and not older than a day; else None."""
        try:
            content = signing.loads(token, salt=SALT, max_age=KEPT)
        except signing.BadSignature:
            return None
        return content if (content["sha256"], content["user"]) == (self.sha256, self.user_pk) else None


@dataclass
class _Job:
    """The work of one thread, with its locks and its reports of progress."""

    upload: Upload
    phase: str
    state: dict
    work: object
    locks: list
    language: str
    reported: float = 0

    def run(self):
        try:
            with translation.override(self.language):
                outcome = self.work(self.report)
        except Exception:
            # The reader is told that nothing was written; the trace is for the log.
            logger.exception("A workbook could not be processed")
            outcome = {"phase": "failed"}
        finally:
            connections.close_all()
        self.upload.write(**self.state | outcome)
        if outcome["phase"] in ENDED:
            self.upload.forget_bytes()
        for lock in filter(None, self.locks):
            lock.close()

    def report(self, sheet, done, total=None):
        now = time.monotonic()
        if now - self.reported >= WRITE_EVERY:
            self.reported = now
            progress = {"sheet": str(sheet), "done": done, "total": total}
            self.upload.write(**self.state, phase=self.phase, progress=progress)


def try_lock(path):
    """The open, locked file, or None when somebody holds it. It is free again when closed, or its process died."""
    file = path.open("w")
    if locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
        return file
    file.close()
    return None


def try_load_lock():
    """The lock that only one load in the installation holds at a time, or None."""
    return try_lock(_directory() / "loading.lock")


def old_files():
    """Uploads older than a day, whatever became of them, without what a thread still holds."""
    oldest = time.time() - KEPT
    for path in _directory().iterdir():
        try:
            if path.stat().st_mtime < oldest and path.name != "loading.lock" and not _is_held(path):
                yield path
        except FileNotFoundError:
            continue  # another process was faster


def remove_old():
    """Nobody comes back for them. Returns how many files went."""
    paths = list(old_files())
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _is_held(path):
    """Whether a thread works on this upload; a thread touches its state all the time."""
    if path.suffix != ".lock":
        return False
    lock = try_lock(path)
    if lock is None:
        return True
    lock.close()
    return False

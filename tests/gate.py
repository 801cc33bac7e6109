#!/usr/bin/env python3
"""The gate: everything that has to hold before a change is shared. Standard library only.

    python3 tests/gate.py                  all of it, as CI runs it
    python3 tests/gate.py quick            style, imports, migrations, deployment settings: seconds
    python3 tests/gate.py sqlite postgres  the tests, on one database after the other

It makes .venv from requirements-dev.lock when that is missing or older than the lock. Browser tests run on
SQLite, and on PostgreSQL too those that start a real server (marker real_server). What this machine cannot run
(no Chromium, no PostgreSQL programs) is named in the last lines; with CI=true in the environment it is a failure.
"""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PARTS = ("quick", "postgres", "sqlite")
SECOND_LOOKS = 5  # more tests than that do not fall by chance

sys.path.insert(0, str(HERE))
import postgres  # noqa: E402


def ensure_venv() -> None:
    """A .venv that holds what the development lock says; nothing is done when it already does."""
    lock = ROOT / "requirements-dev.lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / "requirements-dev.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print("gate: installing requirements-dev.lock into .venv", flush=True)
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    install = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "-r", lock], check=True)
    stamp.write_text(wanted)


def environment(scratch: Path, **changes: str) -> dict[str, str]:
    """What the site itself reads, fixed: neither the shell's variables nor a .env change the verdict."""
    return os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "canvass.settings",
        "DATABASE_URL": f"sqlite:///{scratch / 'unused.sqlite3'}",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "MEDIA_ROOT": str(scratch / "media"),
        **changes,
    }


def quick_steps(scratch: Path) -> list[tuple[str, list, dict]]:
    plain = environment(scratch)
    public = environment(
        scratch,
        ALLOWED_HOSTS="canvass.example",
        DATABASE_URL="postgresql://canvass:secret@db.example:5432/canvass",
    )
    manage = [PYTHON, "-W", "error", ROOT / "manage.py"]
    templates = sorted((ROOT / "templates").rglob("*.html"))
    djade = [BIN / "djade", "--check", "--target-version", "5.2", *templates]
    return [
        ("ruff format", [BIN / "ruff", "format", "--check", "."], plain),
        ("ruff check", [BIN / "ruff", "check", "."], plain),
        *([("djade", djade, plain)] if templates else []),
        ("import-linter", [BIN / "lint-imports", "--no-cache"], plain),
        ("migrations complete", [*manage, "makemigrations", "--check", "--dry-run"], plain),
        ("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], public),
    ]


def run_quietly(step) -> tuple[str, bool, float, str]:
    name, command, env = step
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    )  # fmt: skip
    return name, done.returncode == 0, time.monotonic() - began, done.stdout


def pytest(name: str, extra: list[str], env: dict[str, str]) -> tuple[str, bool, float, str]:
    """Run the tests in plain sight; (name, whether they passed, seconds, pytest's closing line)."""
    print(f"\ngate: {name}", flush=True)
    began = time.monotonic()
    workers = str(min(os.cpu_count() or 1, 8))
    good, closing, fallen = run_tests(["-n", workers, *extra], env)
    if not good and 0 < len(fallen) <= SECOND_LOOKS:
        good, closing = look_again(fallen, extra, env, closing)
    return name, good, time.monotonic() - began, closing


def run_tests(arguments: list[str], env: dict[str, str]) -> tuple[bool, str, list[str]]:
    """Whether pytest passed, its closing line, and the tests that fell."""
    closing, fallen = "pytest said nothing at the end", []
    with subprocess.Popen(
        [PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout:
            print(line, end="", flush=True)
            if re.fullmatch(r"=+ .*\bin [\d.]+s.* =+\n", line):
                closing = line.strip()
            if found := re.match(r"(?:FAILED|ERROR) (tests/\S+?\.py\S*)", line):
                fallen.append(found[1])
    return process.returncode == 0, closing, fallen


def look_again(fallen: list[str], extra: list[str], env: dict[str, str], closing: str) -> tuple[bool, str]:
    """A few that fell among thousands are run once more, alone and one by one, and named whatever comes out.

    A browser or a thread may starve on two shared cores; what the site does wrong falls again.
    """
    files = sorted({test.partition("::")[0] for test in fallen})
    print(f"\ngate: a second look at {', '.join(fallen)}", flush=True)
    good, again, _ = run_tests(
        ["-n", "0", "--last-failed", "--last-failed-no-failures=none", *extra, *files], env
    )
    return good, f"{closing}\nsecond look at {', '.join(fallen)}: {again}"


def on_postgres(scratch: Path) -> tuple[str, bool, float, str]:
    with postgres.cluster() as url:
        env = environment(scratch, DATABASE_URL=url)
        return pytest("tests on PostgreSQL", ["-m", "not e2e or real_server"], env)


def missing(parts: list[str]) -> list[str]:
    """What this machine lacks, in sentences."""
    lacks = []
    if "postgres" in parts:
        try:
            postgres.programs()
        except postgres.NotInstalledError as error:
            lacks.append(f"tests on PostgreSQL: {error}")
    if {"sqlite", "postgres"} & set(parts) and not any(
        map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    ):
        lacks.append("browser tests: Chromium is not installed")
    if "sqlite" in parts and not shutil.which("xgettext"):
        lacks.append("message catalogue: gettext is not installed")
    return lacks


def run(parts: list[str], scratch: Path, lacks: list[str]) -> list[tuple[str, bool, float, str]]:
    results = []
    if "quick" in parts:
        with ThreadPoolExecutor(2) as pool:
            for result in pool.map(run_quietly, quick_steps(scratch)):
                name, good, seconds, output = result
                print(f"gate: {'ok    ' if good else 'FAILED'} {seconds:5.1f} s  {name}", flush=True)
                if not good:
                    print(output, flush=True)
                results.append(result)
    if "postgres" in parts and not any("PostgreSQL" in line for line in lacks):
        results.append(on_postgres(scratch))
    if "sqlite" in parts:
        results.append(pytest("tests on SQLite, browser tests among them", [], environment(scratch)))
    return results


def main(arguments: list[str]) -> int:
    if wrong := [a for a in arguments if a not in PARTS]:
        print(__doc__)
        return 0 if wrong[0] in {"-h", "--help"} else 2
    parts = arguments or list(PARTS)
    ensure_venv()
    lacks = missing(parts)
    with tempfile.TemporaryDirectory(prefix="canvass-gate-") as scratch:
        results = run(parts, Path(scratch), lacks)

    print("\ngate: summary")
    for name, good, seconds, _ in results:
        print(f"  {'ok    ' if good else 'FAILED'} {seconds:6.1f} s  {name}")
    for line in lacks:
        print(f"  {'FAILED' if CI else 'NOT RUN'}  {line}")
    failed = not all(good for _, good, _, _ in results) or (CI and bool(lacks))
    print(f"gate: {'NOT PASSED' if failed else 'passed, but for what was not run' if lacks else 'passed'}")
    for name, _, _, closing in results:
        if name.startswith("tests"):
            print(f"{name}:\n{closing}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

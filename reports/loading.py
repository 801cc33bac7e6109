"""Loading a campaign workbook: dry run, all or nothing. The command, the office's page and the demo call this.

`check` reads and judges and writes nothing; `load` writes when nothing is wrong and something changes.
"""

import difflib
import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.importers import (
    CadreImporter,
    CampaignImporter,
    TeamImporter,
    find_campaign,
    refuses_records,
    use_campaign,
)
from campaigns.models import Campaign
from campaigns.services import lock_campaign
from canvass.bulk import refresh_statistics
from canvass.importing import CHUNK, Import, Log, Spool
from canvass.workbook import EXPLANATIONS
from canvass.workbook_reader import UnreadableError, open_workbook
from canvass.workbook_rows import read_rows
from grids.importers import AreaImporter, DepartmentImporter, GridImporter, RegisterImporter
from issues.importers import DeedImporter, IssueImporter, OpinionImporter
from visits.importers import GatheringImporter, MaterialImporter, VisitImporter

from .models import WorkbookLoad
from .sheets import SHEETS

# In the order of reading, which is that of SHEETS: each after those it refers to.
IMPORTERS = (
    CampaignImporter,
    AreaImporter,
    DepartmentImporter,
    GridImporter,
    TeamImporter,
    CadreImporter,
    RegisterImporter,
    VisitImporter,
    GatheringImporter,
    MaterialImporter,
    OpinionImporter,
    IssueImporter,
    DeedImporter,
)
# The campaign stands first on paper, but its area has to exist before it.
_WRITE_FIRST = ("areas", "campaign")
# So many new rows change what the database should believe about its tables.
_MANY = 1000


@dataclass
class Outcome:
    """What a workbook did, or would do.

    `sheets`: {sheet key: {"created": n, "changed": n, "unchanged": n}} of the sheets that are present.
    `examples`: {sheet key: {"created": […], "changed": […]}}, the first rows of each for a preview:
    {"row", "key", "changes": [(column, old, new)]}. `changes` says whether anything differs from the
    database, `changed` whether it was written.
    """

    dry_run: bool
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0
    sheets: dict = field(default_factory=dict)
    examples: dict = field(default_factory=dict)
    changed: bool = False
    campaign: Campaign | None = None

    @property
    def ok(self):
        return self.error_count == 0

    @property
    def changes(self):
        return any(counts["created"] or counts["changed"] for counts in self.sheets.values())

    def as_json(self):
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "changed": self.changed,
            "errors": [vars(problem) for problem in self.errors],
            "error_count": self.error_count,
            "sheets": self.sheets,
            "warnings": [vars(problem) for problem in self.warnings],
        }


def _silent(stage, done, total):
    """The progress of a load that nobody watches."""


def check(source, *, campaign_code=None, by=None, progress=None, permit=None):
    """What loading would do and everything that is wrong. Writes nothing."""
    return load(source, campaign_code=campaign_code, dry_run=True, by=by, progress=progress, permit=permit)


def load(source, *, campaign_code=None, dry_run=False, by=None, file_name="", progress=None, permit=None):
    """Load a workbook: a path, bytes, a binary file, or {sheet name: [{header: value}]}.

    All or nothing; a refused, dry or unchanged load writes no row at all. `progress(stage, done, total)` is
    told where the work stands; total is None while it is unknown. `permit(campaign, area)` gives a sentence
    when the person may not load into that campaign and area: then nothing more is read, or shown.
    """
    now = timezone.now()
    state = Import(log=Log(), now=now, today=timezone.localdate(now), by=by)
    state.importers = {importer.sheet.key: importer(state) for importer in IMPORTERS}
    with tempfile.TemporaryFile() as file:
        run = _Run(state, Spool(file), campaign_code, progress or _silent, permit)
        run.read(source)
        outcome = run.outcome(dry_run)
        if outcome.ok and outcome.changes and not dry_run:
            file_name = file_name or (Path(source).name if isinstance(source, str | Path) else "")
            run.write(outcome, file_name, _sha256(source))
    return outcome


def _sha256(source):
    if isinstance(source, dict):
        return ""
    if isinstance(source, bytes | bytearray | memoryview):
        return hashlib.sha256(source).hexdigest()
    if hasattr(source, "read"):
        source.seek(0)
        return hashlib.file_digest(source, "sha256").hexdigest()
    with Path(source).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Run:
    """One load: pass one reads, pass two writes."""

    def __init__(self, state, spool, campaign_code, progress, permit):
        self.state, self.spool, self.campaign_code, self.progress = state, spool, campaign_code, progress
        self.permit = permit
        self.present = []

    # --- Pass one ---

    def read(self, source):
        try:
            with open_workbook(source) as raw_sheets:
                raw = self._by_key(raw_sheets)
                self.present = [sheet.key for sheet in SHEETS if sheet.key in raw]
                self._choose_campaign()
                for sheet in SHEETS:
                    if sheet.key in raw:
                        self._read_sheet(sheet, raw[sheet.key])
                    if sheet.key == "campaign":
                        self._require_campaign()
                        if self._is_forbidden():
                            return
        except UnreadableError as error:
            self.state.log.error("", None, "", None, error)
            return
        self.state.importers["campaign"].end_of_workbook()
        self._refuse_closed()

    def _by_key(self, raw_sheets):
        """Which raw sheet is which; unknown ones are refused by name."""
        names = {name: sheet.key for sheet in SHEETS for name in sheet.names}
        found = {}
        for raw in raw_sheets:
            key = names.get(raw.name) or names.get(raw.name.casefold())
            if raw.name == EXPLANATIONS:
                continue
            if key is None:
                self._refuse_sheet(raw.name, list(names))
            elif key in found:
                reason = _("这张工作表出现了两次。请合并成一张。")
                self.state.log.error(raw.name, None, "", None, reason)
            else:
                found[key] = raw
        return found

    def _refuse_sheet(self, name, names):
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        if near:
            reason = _("没有这张工作表，是不是“%(near)s”？请改名。") % {"near": near[0]}
        else:
            listed = "、".join(sheet.zh for sheet in SHEETS)
            reason = _("没有这张工作表。请删去；可用的工作表：%(listed)s。") % {"listed": listed}
        self.state.log.error(name, None, "", None, reason)

    def _choose_campaign(self):
        """--campaign names an existing campaign; a 活动 sheet may bring a new one, but not another one."""
        if not self.campaign_code:
            return
        campaign = find_campaign(self.campaign_code)
        if campaign is not None:
            use_campaign(self.state, campaign)
        elif "campaign" not in self.present:
            reason = _("没有这个活动。请核对活动代码，或在文件里加上“活动”表。")
            self.state.log.error("", None, "", self.campaign_code, reason)

    def _require_campaign(self):
        row = self.state.importers["campaign"].row
        stated = row["code"] if row else None
        if stated and self.campaign_code and stated != self.campaign_code:
            row.error("code", _("与选定的活动 %s 不一致。请核对，或去掉其中一个。") % self.campaign_code)
        elif row is None and not self.campaign_code:
            reason = _("不知道导入哪个活动：请在文件里填“活动”表，或指明已有活动的代码。")
            self.state.log.error("", None, "", None, reason)

    def _is_forbidden(self):
        campaign = self.state.campaign
        reason = self.permit(campaign, self.state.area) if self.permit and campaign else None
        if reason:
            self.state.log.error("", None, "", campaign.code, reason)
        return bool(reason)

    def _read_sheet(self, sheet, raw):
        importer = self.state.importers[sheet.key]
        stage = _("检查“%s”") % sheet.zh
        chunk, done = [], 0
        for row in read_rows(sheet, raw, self.state):
            chunk.append(row)
            if len(chunk) == CHUNK:
                importer.check(chunk, self.spool)
                done += len(chunk)
                chunk = []
                self.progress(stage, done, None)
        if chunk:
            importer.check(chunk, self.spool)
        importer.end()
        self.progress(stage, done + len(chunk), done + len(chunk))

    def _refuse_closed(self):
        campaign = self.state.campaign
        if campaign is not None and self._changes() and (reason := refuses_records(campaign)):
            self.state.log.error("", None, "", campaign.code, reason)

    def _changes(self):
        counts = (self.state.importers[key].counts for key in self.present)
        return any(count["created"] or count["changed"] for count in counts)

    def outcome(self, dry_run):
        log, importers = self.state.log, self.state.importers
        return Outcome(
            dry_run=dry_run,
            errors=log.errors,
            warnings=log.warnings,
            error_count=log.error_count,
            warning_count=log.warning_count,
            sheets={key: importers[key].counts for key in self.present},
            examples={key: importers[key].examples for key in self.present},
            campaign=self.state.campaign,
        )

    # --- Pass two ---

    def write(self, outcome, file_name, sha256):
        try:
            with transaction.atomic():
                self._write_rows(outcome, file_name, sha256)
        except (IntegrityError, _MovedOnError):
            reason = _("检查之后，别人改动了系统里的数据，所以什么都没有导入。请再导入一次。")
            self._fail(outcome, reason)
        except OperationalError:
            self._fail(outcome, _("数据库正忙，所以什么都没有导入。请稍后再导入一次。"))
        else:
            outcome.changed = True

    def _fail(self, outcome, reason):
        self.state.log.error("", None, "", None, reason)
        outcome.error_count = self.state.log.error_count

    def _write_rows(self, outcome, file_name, sha256):
        campaign = self.state.campaign
        if campaign.pk and refuses_records(lock_campaign(campaign.pk)):
            raise _MovedOnError
        for key in [*_WRITE_FIRST, *(key for key in self.present if key not in _WRITE_FIRST)]:
            if key not in self.present:
                continue
            importer = self.state.importers[key]
            total = importer.counts["created"] + importer.counts["changed"]
            stage = _("写入“%s”") % importer.sheet.zh
            importer.write(
                self.spool, lambda done, stage=stage, total=total: self.progress(stage, done, total)
            )
        if sum(counts["created"] for counts in outcome.sheets.values()) >= _MANY:
            refresh_statistics("grids", "campaigns", "visits", "issues")
        WorkbookLoad.objects.create(
            campaign=campaign,
            file_name=file_name[-200:],
            sha256=sha256,
            at=self.state.now,
            by=self.state.by,
            counts=outcome.sheets,
        )


class _MovedOnError(Exception):
    """The campaign was closed between the two passes."""

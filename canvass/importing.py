"""How a workbook becomes rows of the database: a log of located problems, typed rows, one importer a sheet.

Two passes. The first streams the sheets, checks every row against the sheet, the earlier sheets and the
database, and spools what would be created or changed to a temporary file; it writes nothing. The second,
in one transaction, reads the spool. Memory holds one chunk of rows and the keys of the sheets.
"""

import pickle
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from . import places
from .workbook import Kind
from .workbook_cells import display, shown

CHUNK = 1000
LISTED = 200
EXAMPLES = 20
# A row's number and the hash of its content in one integer: an eighth of the memory of a tuple.
_HASH_BITS = 64
_HASH = 2**_HASH_BITS - 1


@dataclass(frozen=True)
class Problem:
    """One line for the clerk: where, what stands there, why it will not do and what to do."""

    sheet: str
    row: int | None
    column: str
    value: str
    reason: str

    def __str__(self):
        where = [f"“{self.sheet}”" if self.sheet else "", _("第 %d 行") % self.row if self.row else ""]
        what = f"{self.column}“{self.value}”" if self.value else self.column
        return "：".join(part for part in ("".join(where), what, self.reason) if part)


@dataclass
class Log:
    """All problems are counted, the first ones are kept."""

    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def error(self, sheet, row, column, value, reason):
        self.error_count += 1
        if len(self.errors) < LISTED:
            self.errors.append(Problem(sheet, row, column, display(value), str(reason)))

    def warn(self, sheet, row, column, value, reason):
        self.warning_count += 1
        if len(self.warnings) < LISTED:
            self.warnings.append(Problem(sheet, row, column, display(value), str(reason)))


class Row:
    """One row of a sheet: its number, and the typed values of the cells that are not blank, by column key."""

    __slots__ = ("bad", "log", "number", "sheet", "unreadable", "values")

    def __init__(self, sheet, number, values, log, bad=False):
        self.sheet, self.number, self.values, self.log, self.bad = sheet, number, values, log, bad
        self.unreadable = set()  # keys of filled cells that could not be read: they are not missing

    def __getitem__(self, key):
        return self.values.get(key)

    def error(self, key, reason, value=None):
        """Report a cell; `value` is what stands there, or the part of it that is wrong."""
        self.bad = True
        column = self.sheet.by_key[key]
        value = self.values.get(key) if value is None else value
        self.log.error(self.sheet.zh, self.number, column.zh, shown(column, value), reason)

    def warn(self, key, reason):
        column = self.sheet.by_key[key]
        self.log.warn(self.sheet.zh, self.number, column.zh, shown(column, self.values.get(key)), reason)


class Spool:
    """Chunks of typed rows in a temporary file of our own, read back by name in the order they came."""

    def __init__(self, file):
        self._file = file
        self._chunks = {}

    def add(self, name, rows):
        if rows:
            self._chunks.setdefault(name, []).append(self._file.tell())
            pickle.dump(rows, self._file, pickle.HIGHEST_PROTOCOL)

    def chunks(self, name):
        for offset in self._chunks.get(name, ()):
            self._file.seek(offset)
            yield pickle.load(self._file)


@dataclass
class Import:
    """What the importers of one load share.

    `campaign` is the stored one, or a new unsaved one once its sheet is read; `area` and `first_on` are what
    the sheet says. Both stay empty when the sheet is unusable: then nothing is judged by them.
    """

    log: Log
    now: object
    today: object
    by: object = None
    campaign: object = None
    area: str = ""
    first_on: object = None
    importers: dict = field(default_factory=dict)

    def lies_inside(self, code):
        return code.startswith(self.area)

    def touches(self, code):
        """Inside the campaign's area or around it."""
        return code.startswith(self.area) or self.area.startswith(code)


class Importer:
    """Loads one sheet. Subclasses say what is stored, what else must hold, and how rows are written."""

    sheet = None
    # Whether a known key with other content is an update, or an error.
    updates = False

    def __init__(self, load):
        self.load = load
        self.first = {}  # key -> number and content hash of its first row on the sheet
        self.keyless = False  # the key column is missing: references to this sheet cannot be judged
        self.counts = {"created": 0, "changed": 0, "unchanged": 0}
        self.examples = {"created": [], "changed": []}

    # --- What a subclass supplies ---

    def inspect(self, rows):
        """Report what is wrong with these rows beyond their cells."""

    def stored(self, keys):
        """{key: {column key: stored value}} of the known ones among the keys."""
        raise NotImplementedError

    def create(self, rows):
        """Write new rows: a list of {column key: value}."""
        raise NotImplementedError

    def change(self, rows):
        """Write the stated values over stored rows: a list of {column key: value}."""
        raise NotImplementedError

    def end(self):
        """Called when all rows of the sheet were checked."""

    def more_differences(self, values, stored):
        """Differences beside the columns: a list of (label, stored, stated) in words or values."""
        return []

    @property
    def names(self):
        """What other sheets may refer to: the keys of this sheet's rows, good and bad."""
        return self.first

    # --- Pass one ---

    def key(self, values):
        return values.get(self.sheet.unique[0])

    def check(self, rows, spool):
        """Check a chunk of rows and spool what would be written."""
        self.inspect(rows)
        rows = [row for row in rows if self._is_first(row)]
        good = [row for row in rows if not row.bad]
        stored = self.stored({self.key(row.values) for row in good}) if good else {}
        created, changed = [], []
        for row in good:
            self._classify(row, stored.get(self.key(row.values)), created, changed)
        spool.add((self.sheet.key, "create"), created)
        spool.add((self.sheet.key, "change"), changed)

    def _is_first(self, row):
        """Register the row's key; a repetition counts as unchanged when it says the same, else it is an error."""
        key = self.key(row.values)
        if key is None or None in (key if isinstance(key, tuple) else ()):
            return not row.bad
        content = hash(tuple(sorted(row.values.items(), key=lambda item: item[0]))) & _HASH
        known = self.first.setdefault(key, row.number << _HASH_BITS | content)
        number = known >> _HASH_BITS
        if number == row.number:
            return True
        if known & _HASH == content:
            self.counts["unchanged"] += not row.bad
        else:
            reason = _("与第 %d 行编号相同，内容却不同。请删去一行，或改正编号。")
            row.error(self.sheet.unique[0], reason % number)
        return False

    def _classify(self, row, stored, created, changed):
        if stored is None:
            self.counts["created"] += 1
            self._example("created", row, [])
            created.append(row.values)
            return
        differences = self.differences(row.values, stored)
        if not differences:
            self.counts["unchanged"] += 1
        elif self.updates:
            self.counts["changed"] += 1
            self._example("changed", row, differences)
            changed.append(row.values)
        else:
            self._refuse(row, differences, stored)

    def _refuse(self, row, differences, stored):
        label, old, new = differences[0]
        if stored.get("is_restricted"):
            old = _("（限阅）")
        row.error(
            self.sheet.unique[0],
            _("系统里已有这个编号，内容却不同：%(column)s原为“%(old)s”，表中为“%(new)s”。已有记录不能用表格改动；若是新记录，请换一个编号。")
            % {"column": label, "old": old, "new": new},
        )  # fmt: skip

    def differences(self, values, stored):
        """(column, stored, stated), in words, of every filled cell that says something else than the database."""
        found = []
        for column in self.sheet.columns:
            stated = values.get(column.key)
            if stated is not None and not same(column, stated, stored.get(column.key)):
                old = stored.get(column.key)
                found.append((column.zh, shown(column, old), shown(column, stated)))
        return found + self.more_differences(values, stored)

    def _example(self, kind, row, differences):
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(
                {
                    "row": row.number,
                    "key": display(row[self.sheet.unique[0]]),
                    "changes": [(str(label), display(old), display(new)) for label, old, new in differences],
                }
            )

    # --- Helpers of pass one ---

    def refer(self, rows, key, target, find, reason):
        """Report every value of a column that neither the sheet `target` nor the database knows.

        `find` gets a set of unknown values and returns those that the database has.
        """
        importer = self.load.importers[target]
        if importer.keyless:
            return
        on_sheet = importer.names
        unknown = {value for row in rows for value in listed(row[key]) if value not in on_sheet}
        unknown -= find(unknown) if unknown else set()
        if unknown:
            for row in rows:
                for value in listed(row[key]):
                    if value in unknown:
                        row.error(key, reason, value)

    def inside_area(self, rows, key):
        """Report places outside the campaign's area."""
        for row in rows:
            code = row[key]
            if code is not None and not code.startswith(self.load.area):
                row.error(key, _("不在活动区划 %s 之内。请核对代码。") % self.load.area)

    # --- Pass two ---

    def write(self, spool, progress):
        """Write what was spooled; `progress` gets the number of rows done."""
        done = 0
        for verb, write in (("create", self.create), ("change", self.change)):
            for rows in spool.chunks((self.sheet.key, verb)):
                write(rows)
                done += len(rows)
                progress(done)


def listed(value):
    """The values of a cell that may hold a list."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def same(column, stated, stored):
    """Whether a filled cell says what is stored. A time without seconds names its minute; lists have no order."""
    if stated == stored:
        return True
    if stored is None or stored == "":
        return False
    if column.many:
        return set(stated) == set(stored)
    if column.kind is Kind.MOMENT:
        stored = stored.replace(microsecond=0)
        return stated == (stored if stated.second else stored.replace(second=0))
    if isinstance(stated, str):
        return stated == stored.replace("\r\n", "\n").strip()
    return False


def shape_of_code(code):
    """A sentence when a text cannot be the code of any place, else None."""
    if not (code.isascii() and code.isdigit()):
        return _("代码只能是数字。请核对。")
    if len(code) not in places.LENGTHS:
        return _("代码应为 2、4、6、9、12 位（区划）或 16 位（网格）数字，这里是 %d 位。请核对。") % len(code)
    return None

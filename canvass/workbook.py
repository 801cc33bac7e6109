"""What a campaign workbook looks like, as data: sheets and typed columns. Knows no file and no model.

Each app lists its sheets in `<app>/sheets.py`; `reports/sheets.py` puts them in order. The loader, the
exporter, the empty template and its explanations all read these specifications.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

# Sheets that the loader leaves alone: the template's explanations (hidden sheets are left alone too).
EXPLANATIONS = "说明"
# What may stand between the values of a list inside one cell.
LIST_SEPARATORS = ";；"
YES, NO = "是", "否"


class Kind(Enum):
    """The type of a column; the value is the word the template explains it with."""

    TEXT = _("文字")
    CODE = _("代码（按文字填写）")
    CHOICE = _("从列表选择")
    DATE = _("日期")
    MOMENT = _("时间")
    WHOLE = _("整数")
    MONEY = _("金额")
    YES_NO = _("是或否")


@dataclass(frozen=True)
class Column:
    """One column: `zh` is its header, `key` the name that the code knows it by.

    `many`: a list inside the cell. `choices`: the TextChoices of a CHOICE; `without` are those of its values
    that no workbook may state. `day_end`: a date alone means the end of that day. `personal`: blank in an
    export unless two people released it. `past`: a time in the future is an error. `verbatim`: free text that
    stays as written; in other texts full-width digits are read as digits.
    """

    zh: str
    key: str
    kind: Kind = Kind.TEXT
    required: bool = False
    help: str | Promise = ""
    choices: type | None = None
    without: tuple = ()
    many: bool = False
    max_length: int | None = None
    day_end: bool = False
    past: bool = False
    personal: bool = False
    verbatim: bool = False

    @property
    def header(self):
        """The header of the template: a star marks what must be filled."""
        return f"{self.zh}*" if self.required else self.zh

    @cached_property
    def allowed(self):
        """The members of `choices` that a cell may name."""
        return [member for member in self.choices or () if member not in self.without]

    @cached_property
    def labels(self):
        """{stored value: Chinese word of the cell}, for every stored value, whatever the language of the page."""
        with override("zh-hans"):
            return {member.value: str(member.label) for member in self.choices or ()}

    @cached_property
    def listed(self):
        """The Chinese words that the cell may hold, in order: the template's drop-down."""
        if self.kind is Kind.YES_NO:
            return [YES, NO]
        return [self.labels[member.value] for member in self.allowed]

    @cached_property
    def meanings(self):
        """{what a cell may say: stored value}: the Chinese word, the English one, the key."""
        found = {}
        for language in ("en", "zh-hans"):
            with override(language):
                found |= {str(member.label).casefold(): member.value for member in self.allowed}
        return {member.value: member.value for member in self.allowed} | found


@dataclass(frozen=True)
class Sheet:
    """One sheet. `unique` names the column (or columns) whose value may stand on it only once.

    `dated_by` is the column whose date puts a row into a period.
    """

    key: str
    zh: str
    columns: tuple
    help: str | Promise = ""
    unique: tuple = ()
    dated_by: str = ""

    @cached_property
    def by_key(self):
        return {column.key: column for column in self.columns}

    @cached_property
    def by_header(self):
        return {column.zh: column for column in self.columns}

    @property
    def required(self):
        return [column for column in self.columns if column.required]

    @property
    def names(self):
        """Both names that a workbook may give the sheet."""
        return (self.zh, self.key)

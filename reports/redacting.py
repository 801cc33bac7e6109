"""The one door through which words change: a name or a number inside them is blanked, for good.

Whoever does it types the very words, sees where they stand, and confirms. Each stretch leaves a Redaction, without
which the triggers let nothing through; then one UPDATE blanks it. Nothing keeps what it said.
"""

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from canvass.models import FiledOnce
from canvass.redaction import MARK, sql_after
from canvass.scrubbing import forget_pairs, scrub
from visits.models import Opinion, Visit

from .models import PublishedReport, Redaction
from .redaction_texts import Text, find_subject, is_restricted, texts_of
from .rendering import docx_of, xlsx_of

STALE = "stale"
# One character stands everywhere.
SHORTEST = 2


@dataclass(frozen=True)
class Spot:
    """The words at one place of a text."""

    text: Text
    start: int
    length: int

    @property
    def before(self):
        return self.text.text[max(self.start - 20, 0) : self.start]

    @property
    def words(self):
        return self.text.text[self.start : self.start + self.length]

    @property
    def after(self):
        return self.text.text[self.start + self.length :][:20]


def find_spots(subject, row, words, *, by):
    """Every place where these very words stand in the texts of a matter, each once."""
    spots, seen = [], set()
    for one in subject.rows(row, by):
        for text in texts_of(one):
            if text.key not in seen:
                seen.add(text.key)
                spots += [Spot(text, start, len(words)) for start in _starts(text.text, words)]
    return spots


def _starts(text, words):
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + len(words))


def seen_digest(spots):
    """What somebody has looked at; another one when anything about it has changed."""
    told = [[*map(str, spot.text.key), spot.start, spot.text.text] for spot in spots]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def redact(kind, row, words, *, chosen, seen, by, reason):
    """Blank the chosen spots (by their places in the list). Returns how many.

    `seen` is the digest of what the person looked at: of two clerks at once the second is told. Costs a statement
    or two a spot, and an edition is rendered anew.
    """
    if words in reason:
        raise ValidationError(_("原因会留在记录里，请不要写要隐去的内容。"))
    with transaction.atomic():
        subject, row = find_subject(kind, row.pk, by)
        _lock(subject.rows(row, by))
        spots = find_spots(subject, row, words, by=by)
        if seen_digest(spots) != seen:
            raise ValidationError(_("这些文字刚才已被别人改动或隐去，请看过最新的再确认。"), code=STALE)
        wanted = [spot for n, spot in enumerate(spots) if n in chosen]
        if not wanted:
            raise ValidationError(_("请至少选一处。"))
        stamp = {
            "by": by,
            "reason": reason,
            "place_id": subject.place(row),
            "subject": f"{subject.label} {getattr(row, 'number', row)}"[:100],
            "is_restricted": is_restricted(row),
        }
        for one, of_row in groupby(wanted, key=lambda spot: spot.text.row):
            _blank_row(one, list(of_row), stamp, words)
        forget_pairs()
    scrub(*{spot.text.row._meta.db_table for spot in wanted})
    return len(wanted)


def _lock(rows):
    """All rows of the matter, in the order of tables and keys; nobody changes one until this is done."""
    found = sorted({(row._meta.label, row.pk): row for row in rows}.items())
    for _label, of_model in groupby((row for _key, row in found), key=type):
        keys = [row.pk for row in of_model]
        list(
            _label.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).values_list("pk")
        )


def _blank_row(row, spots, stamp, words):
    for spot in spots:
        table, key, column, path = spot.text.key
        Redaction.objects.create(
            table_name=table,
            row_key=key,
            column_name=column,
            path=path,
            start=spot.start,
            length=spot.length,
            **stamp,
        )
    if isinstance(row, PublishedReport):
        _blank_edition(row, spots)
    else:
        # The digest of a row that never changes goes with the words, in one.
        along = {"content_hash": ""} if "content_hash" in getattr(row, "redacted_along", ()) else {}
        for spot in spots:
            _update(spot, **along)
    _forget_digest(row)
    _blank_desk_log(row, words)


def _update(spot, **along):
    """One UPDATE by the very expression that the triggers allow."""
    table, key, column, path = spot.text.key
    after = sql_after(
        connection.vendor,
        column,
        is_json=bool(path),
        row="",
        path=_literal(path),
        start=spot.start,
        length=spot.length,
    )
    sets = [f'"{column}" = {after}', *(f'"{name}" = %s' for name in along)]
    # The expression holds no sign of percent but those that this doubles.
    sets[0] = sets[0].replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET {", ".join(sets)} WHERE id = %s',  # noqa: S608 own names
            [*along.values(), key],
        )
        if cursor.rowcount != 1:
            raise ValidationError(_("这些文字刚才已被别人改动或隐去，请看过最新的再确认。"), code=STALE)


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def _blank_edition(edition, spots):
    """The files say what the content says, so they are made anew with the last stretch."""
    *first, last = sorted(spots, key=attrgetter("text.column"), reverse=True)
    for spot in first:
        _update(spot)
    content = json.loads(json.dumps(edition.content))
    for spot in spots:
        if spot.text.column == "content":
            _blank_inside(content, spot)
    docx, xlsx = docx_of(content), xlsx_of(content)
    _update(
        last,
        docx=docx,
        docx_sha256=hashlib.sha256(docx).hexdigest(),
        xlsx=xlsx,
        xlsx_sha256=hashlib.sha256(xlsx).hexdigest(),
    )


def _blank_inside(content, spot):
    """The same in memory."""
    keys = _keys(spot.text.path)
    for key in keys[:-1]:
        content = content[key]
    text = content[keys[-1]]
    content[keys[-1]] = text[: spot.start] + MARK * spot.length + text[spot.start + spot.length :]


def _keys(path):
    """$."a"[0]."b" as keys."""
    inside = path.removeprefix("$").replace("]", "").replace("[", ".").replace(".", ",")
    return json.loads(f"[{inside.lstrip(',')}]")


def _forget_digest(row):
    """A digest of all that a form said would let somebody try out which words it was."""
    if isinstance(row, Opinion) and row.visit_id:
        Visit.objects.filter(pk=row.visit_id).update(content_hash="")
    elif isinstance(row, FiledOnce) and not getattr(row, "append_only", False):
        type(row).objects.filter(pk=row.pk).update(content_hash="")


def _blank_desk_log(row, words):
    """The desk's history calls a row by its name, which may be its title."""
    kind = ContentType.objects.get_for_model(row)
    for entry in LogEntry.objects.filter(
        content_type=kind, object_id=str(row.pk), object_repr__contains=words
    ):
        entry.object_repr = entry.object_repr.replace(words, MARK * len(words))
        entry.save(update_fields=["object_repr"])

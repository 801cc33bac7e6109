"""The wish for an answer, written with the words that it stands beside: kept, changed, withdrawn."""

from typing import NamedTuple

from django.utils import timezone

from canvass.sealed import blind_index

from .enums import AnswerWay
from .models import AnswerWish


class Wish(NamedTuple):
    """As typed. A blank number stands for the stored one: no form hands it out to be typed over."""

    way: str
    phone: str = ""
    may_tell_department: bool = False

    def told(self):
        """For a digest, which lies in clear: whoever has the rest of the form could try out every number."""
        return list(self._replace(phone=blind_index(self.phone)))

    def over(self, stored):
        """With the stored number, where one is needed and nobody typed another."""
        if stored is None or self.phone or self.way not in AnswerWay.by_number():
            return self
        return self._replace(phone=stored.phone)


def stored_wish(opinion):
    """The Wish that stands beside stored words, or None; None too for no words."""
    row = opinion and opinion.wish
    return Wish(row.way, row.phone, row.may_tell_department) if row else None


def write_wishes(pairs, *, by, notice=None):
    """One row for each (stored opinion, Wish or None) that has a wish; no statement when none has.

    `notice`: the version that stood on the form.
    """
    rows = [
        AnswerWish(opinion=opinion, created_by=by, notice_version=notice, **wish._asdict())
        for opinion, wish in pairs
        if wish is not None
    ]
    for row in rows:
        row.clean()
    if rows:
        AnswerWish.objects.bulk_create(rows)


def change_wish(opinion, wish, *, by, notice=None):
    """Only the wish is new, not the words: their own row changes. Returns the former way as a key, "" for none.

    None when nothing is different. A number that is not wanted any more is blank from now on.
    """
    former = stored_wish(opinion)
    wish = wish and wish.over(former)
    if wish == former:
        return None
    if wish is None:
        AnswerWish.objects.filter(opinion=opinion).update(phone="", withdrawn_at=timezone.now())
    else:
        AnswerWish(**wish._asdict()).clean()
        shown = {"notice_version": notice} if notice else {}
        AnswerWish.objects.update_or_create(
            opinion=opinion,
            defaults={**wish._asdict(), **shown, "withdrawn_at": None, "erased_at": None},
            create_defaults={**wish._asdict(), **shown, "created_by": by},
        )
    return former.way if former else ""


def hand_on_numbers(replaced):
    """These Words stand for stored ones, whose number went on to them: it is kept only once."""
    rows = AnswerWish.objects.filter(opinion__in=[words.corrects for words in replaced]).exclude(phone="")
    rows.update(phone="", erased_at=timezone.now())

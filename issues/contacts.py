"""Who asked for an answer and how to reach them: masked on every page, whole on one page that asks why.

A department learns neither number nor door unless the resident agreed.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext as _

from canvass.sealed import Unreadable
from visits.models import AnswerWish, ContactReading, Opinion
from visits.permissions import can_see_contact

from .models import Issue, IssueOpinion, IssueSupport


@dataclass(frozen=True)
class Contact:
    """A wish beside words, as one person may know it.

    `number`: it is shown, masked. `opens`: this person may see it whole. `address`: the door, for a department that
    may know who said it; everybody else reads it elsewhere or not at all.
    """

    wish: AnswerWish
    number: bool
    opens: bool
    address: str = ""


def contact_of(opinion, user, *, is_seen, is_handler):
    """The Contact beside words that this person reads, or None when no answer was asked for.

    `is_seen`: the words are visible to the person also without an issue; `is_handler`: his or her department has
    the issue.
    """
    wish = opinion.wish
    if wish is None:
        return None
    may_know = is_handler and wish.may_tell_department
    return Contact(
        wish,
        number=is_seen or may_know,
        opens=may_know or (is_seen and can_see_contact(user, opinion)),
        address=opinion.entry.address if may_know and opinion.entry_id else "",
    )


def contacts_of(opinions, user):
    """{pk of an opinion: Contact} for a page of issues at once: of the words that this person reads."""
    wishes = AnswerWish.objects.standing().visible_to(user).filter(opinion__in=opinions)
    return {
        wish.opinion_id: contact_of(wish.opinion, user, is_seen=True, is_handler=False)
        for wish in wishes.select_related("opinion")
    }


def _agreed(wishes, user):
    """Those whose words stand under an issue of this person's department, where the resident agreed."""
    departments = user.reach.department_ids
    supports = IssueSupport.objects.filter(issue=OuterRef("pk"), department__in=departments)
    own = Issue.objects.unrestricted().filter(Q(lead_department__in=departments) | Q(Exists(supports)))
    links = IssueOpinion.objects.standing().filter(Q(issue__in=own) | Q(issue__merged_into__in=own))
    return wishes.filter(
        opinion__in=Opinion.objects.unrestricted().filter(pk__in=links.values("opinion")),
        may_tell_department=True,
    )


def find_contact(user, pk):
    """The wish whose number this person may see whole. To whom the words do not exist, it does not exist either."""
    wishes = (
        AnswerWish.objects.standing().exclude(phone="").select_related("opinion__entry", "opinion__visit")
    )
    seen = wishes.visible_to(user).filter(pk=pk).first()
    if seen is not None and can_see_contact(user, seen.opinion):
        return seen
    if user.reach.department_ids and (agreed := _agreed(wishes, user).filter(pk=pk).first()):
        return agreed
    if seen is not None:
        raise PermissionDenied
    raise Http404


@transaction.atomic
def read_contact(wish, *, by, reason):
    """The number, whole; that it was shown, to whom and why, is on record before anybody sees it."""
    row = AnswerWish.objects.select_for_update().get(pk=wish.pk)
    if not row.phone:
        raise ValidationError(_("号码刚才已经清除，不再保存。"))
    if isinstance(row.phone, Unreadable):
        raise ValidationError(str(row.phone))
    ContactReading.objects.create(wish=row, by=by, reason=reason)
    return row.phone

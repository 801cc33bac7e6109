"""What a household has been given in a campaign, and what to take along to it."""

from django.db.models import Count, Q
from django.utils import timezone

from .enums import MaterialKind
from .models import Handout

# What is handed over at a door; boards hang in the street, and "other" says nothing.
AT_THE_DOOR = [kind for kind in MaterialKind if kind not in (MaterialKind.NOTICE_BOARD, MaterialKind.OTHER)]


def materials_to_bring(entry, campaign):
    """Words for what the campaign hands out and this household has not got yet; a contact card in any case.

    Only what was handed out on a visit is known to have reached a household.
    """
    handouts = Handout.objects.filter(campaign=campaign, kind__in=AT_THE_DOOR).valid_at(timezone.now())
    by_kind = handouts.order_by().values("kind").annotate(mine=Count("pk", filter=Q(visit__entry=entry)))
    given = dict(by_kind.values_list("kind", "mine"))
    given.setdefault(MaterialKind.CONTACT_CARD.value, 0)
    return [kind.label for kind in AT_THE_DOOR if given.get(kind) == 0]

"""Several doors at once where nobody was in: one form, one transaction, one visit each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import RegisterEntry, RegisterPeriod

from .enums import MaterialKind, Outcome, VisitWay
from .filing import digest
from .models import Handout, Visit, VisitCadre, VisitStep
from .services import snapshots_of

MOST_DOORS = 50


@dataclass(frozen=True)
class Round:
    """What the form says. `numbers` are those of the doors."""

    numbers: tuple
    started_at: datetime
    companions: tuple
    left_card: bool
    notice: int | None = None

    def digest(self, campaign):
        """Equal for two forms that say the same, in whatever order doors and cadres were ticked."""
        content = [campaign.pk, str(self.started_at), self.left_card, sorted(self.numbers)]
        content.append(sorted(c.cadre.pk for c in self.companions))
        return digest(content)


class RoundConflict(Exception):  # noqa: N818 - an answer to show, not a fault
    """The identity of a form is already that of something else that was filed; `stored` are its visits."""

    def __init__(self, stored):
        super().__init__(", ".join(visit.number for visit in stored))
        self.stored = stored


def _identities(client_id):
    """The identities of the visits of one form. The first is the form's own: two rounds always meet there."""
    return [client_id, *(uuid5(client_id, str(n)) for n in range(1, MOST_DOORS))]


def stored_round(client_id, by):
    """The visits that a person filed under the identity of a form, in the order of the doors."""
    found = Visit.objects.filter(client_id__in=_identities(client_id), filed_by=by)
    return list(found.select_related("entry").prefetch_related("cadres", "handouts").order_by("pk"))


def file_nobody_in(content, *, by, campaign, client_id):
    """(visits, whether they are new). All of the doors or none; the same form sent twice files once.

    Raises RoundConflict for other content under the same identity, and ValidationError with a sentence for a
    door that the person may not (or no longer) file for.
    """
    digest = content.digest(campaign)
    # A short number is easy to read out; where one is taken, the whole identity makes it unique.
    for digits in (8, 32):
        if visits := _already_filed(client_id, digest, by):
            return visits, False
        try:
            with transaction.atomic():
                return _write(content, digest, by, campaign, client_id, digits), True
        except IntegrityError:
            continue
    if visits := _already_filed(client_id, digest, by):
        return visits, False
    raise ValidationError(_("走访编号重复，请回到名单重新勾选。"))


def _already_filed(client_id, digest, by):
    first = Visit.objects.filter(client_id=client_id).first()
    if first is None:
        return []
    stored = stored_round(client_id, by)
    if first.filed_by_id != by.pk or first.content_hash != digest:
        raise RoundConflict(stored)
    return stored


def _write(content, digest, by, campaign, client_id, digits):
    entries = _doors(content, by, campaign)
    grids = _grids_on(entries, timezone.localdate(content.started_at))
    visits = [
        Visit(
            campaign=campaign,
            number=f"{timezone.localtime(content.started_at):%Y%m%d}-{identity.hex[:digits].upper()}",
            client_id=identity,
            content_hash=digest,
            entry=entry,
            grid_id=grids[entry.pk],
            filed_by=by,
            started_at=content.started_at,
            outcome=Outcome.NOT_IN,
            way=VisitWay.DOOR,
            notice_version=content.notice,
        )
        for entry, identity in zip(entries, _identities(client_id), strict=False)
    ]
    Visit.objects.bulk_create(visits)
    VisitCadre.objects.bulk_create(row for visit in visits for row in snapshots_of(visit, content.companions))
    VisitStep.objects.bulk_create(
        VisitStep(visit=visit, move=VisitStep.Move.FILED, at=visit.filed_at, by=by) for visit in visits
    )
    if content.left_card:
        Handout.objects.bulk_create(_card(visit, by) for visit in visits)
    return visits


def _doors(content, by, campaign):
    """The doors in the order of the roster; refuses all of them when one is not this person's."""
    found = RegisterEntry.objects.visible_to(by).inside(campaign.area_id).filter(number__in=content.numbers)
    entries = list(found.order_by("grid_id", "number"))
    known = {entry.number for entry in entries}
    if missing := [number for number in content.numbers if number not in known]:
        raise ValidationError(
            _("%(doors)s 现在不在您的责任范围内，也可能换了网格。这一批一户也没有存下；去掉它再登记。")
            % {"doors": "、".join(missing)},
            code="door",
        )
    return entries


def _grids_on(entries, day):
    """{entry pk: code of the grid it lay in that day}; before the register began, its present grid."""
    grids = {entry.pk: entry.grid_id for entry in entries}
    if earlier := [entry for entry in entries if day < entry.from_on]:
        rows = RegisterPeriod.objects.at(day).filter(entry__in=earlier)
        grids |= dict(rows.values_list("entry_id", "grid_id"))
    return grids


def _card(visit, by):
    """The contact card left in the door."""
    return Handout(
        campaign_id=visit.campaign_id,
        number=f"{visit.number}-K",
        kind=MaterialKind.CONTACT_CARD,
        copies=1,
        given_on=timezone.localdate(visit.started_at),
        place_id=visit.grid_id,
        visit=visit,
        created_by=by,
    )

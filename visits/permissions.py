"""May this person do this to this record?"""

from canvass import places
from canvass.roles import Role

from .enums import VisitState
from .models.hand_overs import took_over_visit

# Who answers for the records of a place.
KEEPERS = (Role.GRID_LEADER, Role.VILLAGE_OFFICE, Role.CAMPAIGN_OFFICE)


def is_own_visit(user, visit):
    """One filed it or took part in it."""
    cadre = user.reach.cadre
    return visit.filed_by_id == user.pk or any(row.cadre_id == cadre.pk for row in visit.cadres.all())


def keeps_place(user, code):
    """One answers for the records of this place."""
    return places.is_inside(code, *user.reach.codes(*KEEPERS))


def _is_open(visit):
    return visit.campaign.is_writable and visit.state != VisitState.VOID


def can_correct_visit(user, visit):
    """The people of the visit, and those who answer for its place, while the campaign is running.

    Whoever took over what was sent back corrects that, too.
    """
    return (
        _is_open(visit)
        and user.has_perm("visits.change_visit")
        and (
            keeps_place(user, visit.grid_id)
            or is_own_visit(user, visit)
            or (visit.state == VisitState.SENT_BACK and took_over_visit(user.reach.cadre, visit.pk))
        )
    )


def can_void_visit(user, visit):
    """The same people as for a correction: voiding is the last of the corrections."""
    return can_correct_visit(user, visit)


def can_add_photo(user, visit):
    """Whoever may correct the visit; what is taken out is taken out by the same people."""
    return can_correct_visit(user, visit)


def _can_judge(user, visit):
    """Nobody judges a visit of one's own."""
    return (
        _is_open(visit)
        and user.has_perm("visits.check_visit")
        and keeps_place(user, visit.grid_id)
        and not is_own_visit(user, visit)
    )


def can_check_visit(user, visit):
    return visit.state in (VisitState.FILED, VisitState.SENT_BACK) and _can_judge(user, visit)


def can_send_back_visit(user, visit):
    return visit.state in (VisitState.FILED, VisitState.CHECKED) and _can_judge(user, visit)


def can_void_record(user, record):
    """A gathering, a handout, a stay log, a deed, while the campaign is running.

    The office of its place; and whoever filed it, for voiding it and filing it anew is how one corrects it.
    """
    return (
        not record.is_void
        and record.campaign.is_writable
        and (
            places.is_inside(record.place_id, *user.reach.codes_with("visits.void_record"))
            or (record.filer_id == user.pk and user.has_perm("visits.file_record"))
        )
    )


def can_void_opinion(user, opinion):
    """The office of its place, while the campaign is running; what is void or replaced stays so."""
    return (
        opinion.campaign.is_writable
        and places.is_inside(opinion.place_id, *user.reach.codes_with("visits.void_record"))
        and not any(mark.kind == mark.Kind.VOID for mark in opinion.marks.all())
    )


def can_see_contact(user, opinion):
    """The number of who said it: who heard it, the offices of the place; of a misconduct report its readers.

    The words come from `visible_to(user)`. A department that may know is asked by issues.contacts.
    """
    cadre = user.reach.cadre
    return (
        (opinion.collector_id is not None and opinion.collector_id == cadre.pk)
        or places.is_inside(opinion.place_id, *user.reach.codes(Role.VILLAGE_OFFICE, Role.CAMPAIGN_OFFICE))
        or (
            places.is_inside(opinion.place_id, *user.reach.restricted_codes)
            and not type(opinion).objects.unrestricted().filter(pk=opinion.pk).exists()
        )
    )


def can_add_opinion(user, code):
    """Words that reached the office by letter, box or caller."""
    return places.is_inside(code, *user.reach.codes_with("visits.add_opinion"))

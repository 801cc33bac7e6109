"""May this person do this to this issue?"""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from canvass import places
from canvass.roles import Role
from visits.enums import OpinionNature
from visits.models.hand_overs import taken_words

from .enums import FollowUpResult, IssueLevel, IssueOutcome, IssueState
from .models import FollowUp, Issue, IssueOpinion, IssueStep, IssueSupport, ResidentVerdict
from .workflow import BY_DEPARTMENT, KEEP_CLOSED, LOOK_BACK, MOVES, SECOND_CHECK, answers_to, moves_from

OFFICE_ROLES = (Role.CAMPAIGN_OFFICE,)


def can_accept_issue(user, place_code, level):
    """The campaign office in its area; a village office what its own village can solve."""
    if places.is_inside(place_code, *user.reach.codes(*OFFICE_ROLES)):
        return True
    own_level = level == IssueLevel.VILLAGE
    return own_level and places.is_inside(place_code, *user.reach.codes(Role.VILLAGE_OFFICE))


def is_handler_or_visitor(user, issue):
    """Whether this person worked on the matter or heard it first: then somebody else has to ask back."""
    return Issue.objects.filter(handled_or_heard_by(user), pk=issue.pk).exists()


def handled_or_heard_by(user):
    """Condition on issues: this person worked on the matter, or heard words of it, merged ones included.

    Whoever took the words over from another follows them as if they had been heard.
    """
    condition = handled_by(user.pk, user.reach.department_ids)
    if cadre := user.reach.cadre:
        by_cadre = Q(opinion__collector=cadre) | Q(opinion__visit__cadres__cadre=cadre)
        by_cadre |= Q(opinion__in=taken_words(cadre))
        links = IssueOpinion.objects.standing().filter(by_cadre)
        condition |= Q(Exists(links.filter(issue=OuterRef("pk"))))
        condition |= Q(Exists(links.filter(issue__merged_into=OuterRef("pk"))))
    return condition


def handled_by(user_id, departments):
    """Condition on issues: this person worked on the matter, or one of these departments leads or supports it."""
    handled = IssueStep.objects.filter(issue=OuterRef("pk"), by=user_id, move__in=_HANDLING)
    condition = Q(lead_department__in=departments)
    if user_id is not None:
        condition |= Q(Exists(handled))
    if departments:
        supports = IssueSupport.objects.filter(issue=OuterRef("pk"), department__in=departments)
        condition |= Q(Exists(supports))
    return condition


def asked_or_closed_by(user):
    """Condition on issues: between the standing reply and the closing, this person asked the resident or closed."""
    span = {
        "issue": OuterRef("pk"),
        "by": user.pk,
        "at__gte": OuterRef("replied_at"),
        "at__lte": OuterRef("closed_at"),
    }
    closed = IssueStep.objects.filter(move__in=["ask_procedural", "close", "close_procedural"], **span)
    return Q(Exists(FollowUp.objects.filter(**span))) | Q(Exists(closed))


_HANDLING = ["spot", *BY_DEPARTMENT]


def pending_request(issue, request):
    """The step of a request that nobody has settled yet, or None. A change of state settles it too."""
    last = _steps_about(request).filter(issue=issue).first()
    return last if last is not None and last.move == request else None


def waiting_for_answer(issues, request, user):
    """Those of the issues on which a request is pending that somebody else asked: `pending_request` for many."""
    last = _steps_about(request).filter(issue=OuterRef("pk"))
    asked = issues.filter(pk__in=IssueStep.objects.filter(move=request).values("issue")).alias(
        last_about=Subquery(last.values("move")[:1]), last_about_by=Subquery(last.values("by")[:1])
    )
    by_another = Q(last_about_by__isnull=True) | ~Q(last_about_by=user.pk)
    return asked.filter(by_another, last_about=request)


def _steps_about(request):
    """What asked, settled or overtook a request, latest first."""
    moves = [request, *answers_to(request)]
    return IssueStep.objects.filter(Q(move__in=moves) | Q(changes_state=True)).order_by("-at", "-pk")


def found_unsolved(issues):
    """Struck off, and then the last resident asked said: not solved. Neither reopened nor answered for since."""
    said = FollowUp.objects.filter(
        issue=OuterRef("pk"), at__gt=OuterRef("closed_at"), result__in=FollowUpResult.answers()
    ).order_by("-at", "-pk")
    unsolved = FollowUp.objects.filter(result=FollowUpResult.NOT_SOLVED).values("issue")
    kept = IssueStep.objects.filter(
        issue=OuterRef("pk"), move=KEEP_CLOSED, at__gte=OuterRef("unsolved_since")
    )
    return (
        issues.filter(state=IssueState.CLOSED, pk__in=unsolved)
        .annotate(
            last_said=Subquery(said.values("result")[:1]), unsolved_since=Subquery(said.values("at")[:1])
        )
        .filter(~Exists(kept), last_said=FollowUpResult.NOT_SOLVED)
    )


def is_found_unsolved(issue):
    """The same of one issue; or a resident with a receipt said so, and nobody has decided on it yet."""
    row = Issue.objects.filter(pk=issue.pk)
    if found_unsolved(row).exists():
        return True
    told = ResidentVerdict.objects.not_solved().unsettled()
    return told.filter(issues=issue.pk).exists()


# Moves that are offered only while the issue calls for them.
_CALLS = {
    LOOK_BACK: lambda issue: issue.outcome == IssueOutcome.PHASED and issue.review_on is not None,
    SECOND_CHECK: lambda issue: bool(issue.second_check_on and issue.second_check_on <= timezone.localdate()),
    KEEP_CLOSED: is_found_unsolved,
}


def calls_for(issue, move):
    """Whether the issue, in a state that allows the move, gives a reason for it now."""
    return move.name not in _CALLS or _CALLS[move.name](issue)


def offered_moves(user, issue):
    """The moves that have a button: the state allows them, the issue calls for them, this person may make them."""
    return [
        move
        for move in moves_from(issue.state)
        if can_move_issue(user, issue, move) and calls_for(issue, move)
    ]


def can_move_issue(user, issue, move):
    """Role, place or department, separation of duties and a pending request; the state is the table's business."""
    move = MOVES[move] if isinstance(move, str) else move
    if issue.is_restricted:  # discipline's alone; no move of this table is for it
        return False
    if not move.permission or not user.has_perm(move.permission) or not issue.campaign.is_writable:
        return False
    if not _is_in_charge(user, issue, move):
        return False
    if move.independent and is_handler_or_visitor(user, issue):
        return False
    if move.afresh and Issue.objects.filter(asked_or_closed_by(user), pk=issue.pk).exists():
        return False
    if move.request:
        asked = pending_request(issue, move.request)
        return asked is not None and asked.by_id != user.pk
    return True


def _is_in_charge(user, issue, move):
    """The department's own people; else a posting over the issue's place that gives the permission."""
    if move.by_support:
        own = issue.supports.filter(department__in=user.reach.department_ids)
        return own.exclude(department=issue.lead_department_id).exists()
    if move.by_department:
        return issue.lead_department_id in user.reach.department_ids
    return places.is_inside(issue.place_id, *user.reach.codes_with(move.permission))


def can_continue_issue(user, issue):
    """Take up a struck-off issue as a new one: whoever may accept one of its level there."""
    return (
        issue.state == IssueState.CLOSED
        and not issue.is_restricted
        and issue.campaign.is_writable
        and user.has_perm("issues.add_issue")
        and can_accept_issue(user, issue.place_id, issue.level)
    )


def can_correct_issue(user, issue):
    """Title, category, level, urgency and place of an issue: the campaign office, while it is open to moves."""
    return (
        not issue.is_restricted
        and issue.campaign.is_writable
        and places.is_inside(issue.place_id, *user.reach.codes(*OFFICE_ROLES))
    )


def can_answer_suggestion(user, opinion):
    """The office of the place where the suggestion was made."""
    return (
        opinion.nature == OpinionNature.SUGGESTION
        and opinion.campaign.is_writable
        and places.is_inside(opinion.place_id, *user.reach.codes_with("issues.add_suggestionanswer"))
    )


def can_tell_answer(user, opinion):
    """Who visits where the words were heard, and who heard them, while the campaign is running."""
    return (
        opinion.campaign.is_writable
        and user.has_perm("visits.add_visit")
        and (
            places.is_inside(opinion.place_id, *user.reach.codes_with("visits.add_visit"))
            or (opinion.collector_id is not None and opinion.collector_id == user.reach.cadre.pk)
        )
    )

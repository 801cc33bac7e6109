"""An issue, its history, and the moves that are his or hers to make. The list is in list_views."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import is_provisional
from canvass import places
from canvass.asking import came_from
from canvass.opens import opens
from visits.models import Opinion

from .cases import can_take_case, case_for
from .clocks import readings
from .contacts import contact_of
from .enums import IssueState, SupervisionColour
from .joins import joinings_of, words_of
from .models import Issue
from .models.issues import REPLIED_ON
from .move_rules import is_reopening_over
from .papers import offered_papers, reads_follow_ups, told_on, trail_of
from .permissions import can_continue_issue, offered_moves
from .sorting import can_take_out
from .voices import answers_about, voices_of
from .workflow import KEEP_CLOSED, OFFICE, REOPEN

view_issues = permission_required("issues.view_issue", raise_exception=True)


def visible_issues(user):
    """The issues of a person; discipline's own page opens the restricted ones."""
    related = ("category", "lead_department", "place", "campaign")
    return Issue.objects.visible_to(user).select_related(*related).with_reminder()


@opens(Issue)
@view_issues
def issue_detail(request, pk):
    issue = get_object_or_404(visible_issues(request.user), pk=pk)
    words, more_words = words_of(issue, request.user)
    several = sum(not one.merged for one in words) + more_words > 1  # the last ones stay
    related = Issue.objects.visible_to(request.user)
    trail, case = trail_of(issue, request.user), case_for(issue, request.user)
    # After a red slip a leader takes the case.
    asks_for_leader = case or any(slip.colour == SupervisionColour.RED for slip in trail.slips)
    is_over = issue.state == IssueState.CLOSED and is_reopening_over(issue, timezone.now())
    moves = _first_to_reopen(offered_moves(request.user, issue))
    context = {
        "issue": issue,
        "words": words,
        "more_words": more_words,
        "can_take_out": several and can_take_out(request.user, issue),
        "main_issue": related.filter(pk=issue.merged_into_id).first() if issue.merged_into_id else None,
        "merged_issues": related.filter(merged_into=issue).order_by("pk"),
        "history": _history(trail),
        "reads_follow_ups": reads_follow_ups(trail),
        "follow_ups": trail.follow_ups,
        "supports": issue.supports.select_related("department"),
        "moves": [move for move in moves if move.name != REOPEN or not is_over],
        "is_unsolved": any(move.name == KEEP_CLOSED for move in moves),
        "back": came_from(request, "") or reverse("issues:issue_list"),
        "came_back": came_from(request, ""),
        "can_continue": is_over and can_continue_issue(request.user, issue),
        "continued_by": _visible(issue.continued_by, request.user)
        if issue.state == IssueState.CLOSED
        else [],
        "continues": _visible(Issue.objects.filter(pk=issue.continues_id), request.user)
        if issue.continues_id
        else [],
        **_voices(trail, request.user),
        "is_overdue": issue.is_overdue_at(timezone.now()),
        "is_provisional": issue.due_at is not None and is_provisional(timezone.localdate(issue.due_at)),
        "slips": trail.slips[::-1],
        "papers": offered_papers(trail),
        "clocks": readings(issue),
        "case": case,
        "can_take_case": asks_for_leader and can_take_case(request.user, issue),
    }
    return render(request, "issues/issue_detail.html", context)


def _history(trail):
    """Steps and joinings in the order in which they happened."""
    lines = [(step, *told_on(trail, step)) for step in trail.steps]
    for one in joinings_of(trail.issue, trail.user):
        lines.append((one, one.reason, [(_("诉求编号"), one.number)]))
    return sorted(lines, key=lambda line: line[0].at)


def _first_to_reopen(moves):
    """What was found unsolved is reopened, or kept closed with a reason, before anything else."""
    names = [move.name for move in moves]
    urgent = (REOPEN, KEEP_CLOSED) if KEEP_CLOSED in names else ()
    return sorted(moves, key=lambda move: urgent.index(move.name) if move.name in urgent else len(urgent))


def _visible(issues, user):
    return issues.visible_to(user).unrestricted()


def _voices(trail, user):
    """Each resident's words with what was asked and answered about them, for those who may read follow-ups.

    Where the resident lives, the office reads here, which goes and asks.
    """
    issue = trail.issue
    begun = issue.state in (*REPLIED_ON, IssueState.MERGED) or trail.follow_ups
    if not begun or not reads_follow_ups(trail):
        return {}
    words = voices_of(issue) & Opinion.objects.visible_to(user)
    words = list(words.select_related("entry", "answer_wish"))
    if len(words) < 2:  # the history below tells of the only one
        return {}
    answers = answers_about(words, user)
    return {
        "voices": [
            (opinion, answers.get(opinion.pk, []), contact_of(opinion, user, is_seen=True, is_handler=False))
            for opinion in words
        ],
        "shows_address": places.is_inside(issue.place_id, *user.reach.codes_with(OFFICE)),
    }

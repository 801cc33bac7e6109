"""Rows of the workbook's sheets of opinions, issues and deeds, as {column key: stored value}."""

from canvass.reading import gather, in_chunks
from visits.exporters import numbers, opinions, visits

from .enums import FollowUpResult, IssueState
from .models import Deed, FollowUp, Issue, IssueOpinion, IssueSupport, SuggestionAnswer

ANSWERED = (FollowUpResult.SOLVED, FollowUpResult.PARTLY, FollowUpResult.NOT_SOLVED)


def issues(campaign, user):
    """The campaign's issues that the person may see; void and restricted ones out for everybody."""
    issues = Issue.objects.visible_to(user).filter(campaign=campaign, is_restricted=False)
    return issues.exclude(state=IssueState.VOID)


def deeds(campaign, user):
    return Deed.objects.visible_to(user).filter(campaign=campaign, voided_at__isnull=True)


def handling_departments(campaign, user):
    """Ids of the departments that lead or support the campaign's issues."""
    held = issues(campaign, user)
    leading = held.exclude(lead_department=None).order_by().values_list("lead_department_id").distinct()
    supporting = (
        IssueSupport.objects.filter(issue__in=held).order_by().values_list("department_id").distinct()
    )
    return {pk for (pk,) in [*leading, *supporting]}


def opinion_rows(campaign, user, entries):
    """`entries`: the register entries that the workbook holds; others are not named."""
    fields = (
        "pk", "number", "nature", "source", "place_id", "heard_at", "words_verbatim", "visit_id", "entry_id",
        "collector__staff_number",
    )  # fmt: skip
    for chunk in in_chunks(opinions(campaign, user).order_by("heard_at", "pk").values_list(*fields)):
        visit_numbers = numbers(visits(campaign, user), [row[7] for row in chunk])
        entry_numbers = numbers(entries, [row[8] for row in chunk])
        answers = dict(
            SuggestionAnswer.objects.filter(opinion__in=[row[0] for row in chunk])
            .order_by("at", "pk")  # the latest one holds
            .values_list("opinion_id", "answer")
        )
        for pk, number, nature, source, place, heard_at, words, visit, entry, collector in chunk:
            yield {
                "number": number,
                "nature": nature,
                "source": source,
                "place": place,
                "heard_at": heard_at,
                "words_verbatim": words,
                "visit": visit_numbers.get(visit),
                "entry": entry_numbers.get(entry),
                "collector": collector,
                "answer": answers.get(pk),
            }


_STORED = {
    # column key: field of the issue
    "number": "number", "title": "title", "category": "category_id", "level": "level",
    "registered_at": "registered_at", "state": "state", "place": "place_id",
    "lead_department": "lead_department__name", "due_at": "due_at", "replied_at": "replied_at",
    "closed_at": "closed_at", "outcome": "outcome", "result": "result", "is_spot_resolved": "is_spot_resolved",
}  # fmt: skip


def issue_rows(campaign, user):
    fields = ("pk", "assigned_at", "first_assigned_at", *_STORED.values())
    words = opinions(campaign, user)
    for chunk in in_chunks(issues(campaign, user).order_by("registered_at", "pk").values_list(*fields)):
        ids = [row[0] for row in chunk]
        links = IssueOpinion.objects.standing().filter(issue__in=ids, opinion__in=words)
        heard = gather(links.order_by("position", "pk").values_list("issue_id", "opinion__number"))
        helping = IssueSupport.objects.filter(issue__in=ids).order_by("pk")
        supports = gather(helping.values_list("issue_id", "department__name"))
        verdicts = _verdicts(ids)
        for pk, assigned_at, first_assigned_at, *stored in chunk:
            result, satisfaction = verdicts.get(pk, (None, None))
            yield dict(zip(_STORED, stored, strict=True)) | {
                "opinions": heard.get(pk),
                "supports": supports.get(pk),
                # One that came back to the office was assigned all the same.
                "assigned_at": assigned_at or first_assigned_at,
                "follow_up": result,
                "satisfaction": satisfaction,
            }


def _verdicts(ids):
    """{issue: (result, satisfaction)} of the last time that the resident answered."""
    asked = FollowUp.objects.filter(issue__in=ids).order_by("at", "pk")
    found = {}
    for issue, result, satisfaction in asked.values_list("issue_id", "result", "satisfaction"):
        answered = result if result in ANSWERED else ""
        if answered or (satisfaction and not found.get(issue, ("",))[0]):
            found[issue] = (answered, satisfaction)
    return found


def deed_rows(campaign, user):
    fields = (
        "number",
        "done_on",
        "content",
        "place_id",
        "kind",
        "amount",
        "households_helped",
        "donor",
        "issue_id",
    )
    for chunk in in_chunks(deeds(campaign, user).order_by("done_on", "pk").values_list(*fields)):
        issue_numbers = numbers(issues(campaign, user), [row[-1] for row in chunk])
        for number, done_on, content, place, kind, amount, households_helped, donor, issue in chunk:
            yield {
                "number": number,
                "done_on": done_on,
                "content": content,
                "place": place,
                "kind": kind,
                "amount": amount,
                "households_helped": households_helped,
                "donor": donor,
                "issue": issue_numbers.get(issue),
            }

"""Where the words about one matter stand: of a visit, an opinion, an issue, another record, an edition.

A name that is noticed in one place often stands in others too: in the words that a correction replaced, in a step, in
the report that lists the issue. So one page finds it in all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from canvass import places
from canvass.redaction import MARK, columns_of, strings
from issues.models import ConductSlip, Deed, Issue, IssueOpinion, IssueStep, ResidentVerdict
from visits.models import Gathering, Opinion, StayLog, Visit

from .models import BulletinExample, Inspection, PublishedReport, ReportDraft
from .permissions import report_campaigns

REDACT = "reports.redact_words"
# A number is one campaign's own; two campaigns may have the same.
MOST_ALIKE = 20


@dataclass(frozen=True)
class Text:
    """One text of one row: in a column, or at a path of a JSON column."""

    row: Model
    column: str
    path: str
    text: str

    @property
    def label(self):
        meta = self.row._meta
        return f"{meta.verbose_name} · {meta.get_field(self.column).verbose_name}"

    @property
    def key(self):
        return (self.row._meta.db_table, self.row.pk, self.column, self.path)


@dataclass(frozen=True)
class Subject:
    """A matter that words are about. `rows(row, user)` gives every row that may hold them."""

    label: str
    find: Callable
    place: Callable
    rows: Callable


def texts_of(row):
    """Every text of a row that may be blanked."""
    for column, is_json in columns_of(type(row)).items():
        value = getattr(row, column)
        found = strings(value) if is_json else [("", value or "")]
        yield from (Text(row, column, path, text) for path, text in found if text.strip(MARK))


# --- The rows of each subject ---------------------------------------------------------------------------------


def _with_versions(opinions):
    """These words, those that they replaced and those that replaced them."""
    keys = set(opinions.values_list("pk", flat=True))
    while more := set(
        Opinion.objects.filter(Q(corrected_by__in=keys) | Q(corrects__in=keys))
        .exclude(pk__in=keys)
        .values_list("pk", flat=True)
    ):
        keys |= more
    return Opinion.objects.filter(pk__in=keys).order_by("pk")


def _opinion_rows(opinions, user):
    """With what was said and written about them; a version that this person does not see is somebody else's to blank."""
    for opinion in _with_versions(opinions).visible_to(user):
        yield opinion
        yield from opinion.marks.order_by("pk")
        yield from opinion.report_steps.order_by("pk")
        yield from opinion.answers.order_by("pk")
        yield from opinion.follow_ups.order_by("pk")
        yield from ResidentVerdict.objects.filter(receipt__opinion=opinion).order_by("pk")
        if (wish := getattr(opinion, "answer_wish", None)) is not None:
            yield from wish.readings.order_by("pk")
        for name in ("note", "spot_refusal"):
            if (beside := getattr(opinion, name, None)) is not None:
                yield beside


def _rows_of_opinion(opinion, user):
    yield from _opinion_rows(Opinion.objects.filter(pk=opinion.pk), user)
    for visit in Visit.objects.visible_to(user).filter(pk=opinion.visit_id):
        yield visit
        yield from visit.steps.order_by("pk")
    yield from _rows_of_issues_of([opinion], user)


def _rows_of_visit(visit, user):
    yield visit
    yield from visit.steps.order_by("pk")
    yield from Inspection.objects.filter(visit=visit).order_by("pk")
    opinions = visit.opinions.visible_to(user)
    yield from _opinion_rows(opinions, user)
    yield from _rows_of_issues_of(opinions, user)


def _rows_of_issues_of(opinions, user):
    """What became of the words: a name is copied into a title all too easily."""
    for issue in Issue.objects.visible_to(user).filter(opinion_links__opinion__in=opinions).distinct():
        yield from _rows_of_issue(issue, user)


def _rows_of_issue(issue, user):
    yield issue
    yield from issue.steps.order_by("pk")
    for related in (issue.follow_ups, issue.verdicts, issue.leader_cases, issue.bulletin_examples):
        yield from related.order_by("pk")
    for case in issue.leader_cases.all():
        yield from case.reviews.order_by("pk")
    for slip in issue.slips.order_by("pk"):
        yield from slip.steps.order_by("pk")
    # A merge writes number and title of the main issue into the step of the other one.
    merged = IssueStep.objects.filter(issue__campaign=issue.campaign_id).exclude(issue=issue)
    yield from merged.filter(details__main_issue__startswith=f"{issue.number} ").order_by("pk")
    links = IssueOpinion.objects.filter(issue=issue)
    yield from _opinion_rows(Opinion.objects.visible_to(user).filter(issue_links__in=links), user)
    if not issue.is_restricted:
        yield from _papers_of(issue.campaign_id, user)


def _papers_of(campaign_id, user):
    """Editions and drafts of those campaigns whose whole area this person's posting holds."""
    if any(campaign.pk == campaign_id for campaign in report_campaigns(user)):
        yield from PublishedReport.objects.without_files().filter(campaign=campaign_id).order_by("pk")
        yield from ReportDraft.objects.filter(campaign=campaign_id).order_by("pk")


def _rows_of_edition(edition, user):
    yield from _papers_of(edition.campaign_id, user)
    yield from BulletinExample.objects.filter(issue__campaign=edition.campaign_id).order_by("pk")


def _itself(row, user):
    yield row


# --- Which there are ------------------------------------------------------------------------------------------


def _visible(model):
    return lambda user: model.objects.visible_to(user)


def _editions(user):
    return PublishedReport.objects.without_files().filter(campaign__in=report_campaigns(user))


SUBJECTS = {
    "opinion": Subject(_("诉求"), _visible(Opinion), lambda row: row.place_id, _rows_of_opinion),
    "visit": Subject(_("走访记录"), _visible(Visit), lambda row: row.grid_id, _rows_of_visit),
    "issue": Subject(_("问题"), _visible(Issue), lambda row: row.place_id, _rows_of_issue),
    "gathering": Subject(_("宣讲活动"), _visible(Gathering), lambda row: row.place_id, _itself),
    "staylog": Subject(_("蹲点日志"), _visible(StayLog), lambda row: row.place_id, _itself),
    "conduct": Subject(_("作风效能反馈单"), _visible(ConductSlip), lambda row: row.place_id, _itself),
    "deed": Subject(_("实事"), _visible(Deed), lambda row: row.place_id, _itself),
    "edition": Subject(_("已发报告"), _editions, lambda row: row.campaign.area_id, _rows_of_edition),
}


def find_subject(kind, pk, user):
    """(Subject, row) of a matter whose words this person may blank; 404 for whatever else."""
    subject = SUBJECTS.get(kind)
    row = subject and subject.find(user).filter(pk=pk).first()
    if row is None or not may_redact(user, subject.place(row)):
        raise Http404
    return subject, row


def find_by_number(number, user):
    """(kind, row) of whatever bears this number and may be redacted by this person, or None; the newest of several."""
    for kind, subject in SUBJECTS.items():
        if kind == "edition" or not number:
            continue
        for row in subject.find(user).filter(number=number).order_by("-pk")[:MOST_ALIKE]:
            if may_redact(user, subject.place(row)):
                return kind, row
    return None


def may_redact(user, code):
    return places.is_inside(code, *user.reach.codes_with(REDACT))


def is_restricted(row):
    """Whether only discipline may learn that something was blanked here: of a slip nobody else learns whose it is."""
    if isinstance(row, ConductSlip):
        return True
    if isinstance(row, Issue):
        return row.is_restricted
    return isinstance(row, Opinion) and Opinion.objects.restricted().filter(pk=row.pk).exists()

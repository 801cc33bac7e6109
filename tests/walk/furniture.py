"""What lies in one grid: a row of every kind, each with marks in every text."""

import uuid
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from grids.audit import write
from grids.models import AuditRow
from issues.models import (
    CaseReview,
    FollowUp,
    IssueOpinion,
    IssueStep,
    LeaderCase,
    OpinionNote,
    ResidentVerdict,
    SlipStep,
    SuggestionAnswer,
    SupervisionSlip,
    ToldAnswer,
)
from issues.receipts import receipt_for
from reports.models import (
    BulletinExample,
    Inspection,
    InspectionSample,
    ReportDraft,
    SampledVisit,
    SavedView,
    WorkbookLoad,
)
from reports.uploads import Upload
from tests import factories
from tests.factories import at
from tests.visits.pictures import picture
from visits.models import AnswerWish, OpinionMark, VisitPhoto, VisitStep

from .secrets import UNITS

TODAY = date(2018, 9, 5)


def furnish(world, spot):
    _visits(world, spot)
    _words(world, spot)
    _open_issue(world, spot)
    _closed_issue(world, spot)
    _misconduct(world, spot)
    _records(world, spot)
    _inspection(world, spot)


# --- At the door --------------------------------------------------------------------------------------------------


def _visits(world, spot):
    entry = factories.household(
        spot.grid,
        number=world.text(spot, "entry.number"),
        address=world.text(spot, "entry.address", "door"),
        holder_name=world.text(spot, "entry.holder_name", "holder"),
    )
    spot.things["entry"] = world.keep(spot, entry)
    for kind, reason in (("visit", ""), ("sent back", world.text(spot, "visit.step.reason"))):
        visit = factories.visit(
            spot.campaign,
            entry,
            by=[spot.worker],
            filed_by=spot.worker.user,
            number=world.text(spot, "visit.number"),
            note=world.text(spot, "visit.note"),
            started_at=at("2018-09-05 09:00"),
            filed_at=at("2018-09-05 09:20"),
            client_id=uuid.uuid4(),
            state="sent_back" if reason else "filed",
        )
        VisitStep.objects.create(visit=visit, move="filed", by=spot.worker.user)
        if reason:
            VisitStep.objects.create(visit=visit, move="sent_back", by=spot.office, reason=reason)
        spot.things[kind] = world.keep(spot, visit)
    name = default_storage.save(f"photos/{uuid.uuid4().hex}.jpg", ContentFile(picture()))
    photo = VisitPhoto.objects.create(
        visit=spot.things["visit"], image=name, sha256=uuid.uuid4().hex * 2, width=64, height=48
    )
    world.keep(spot, photo)


def _opinion(world, spot, rule="resident", also=frozenset(), **fields):
    """Words of a resident, heard on the visit, with a number to answer to."""
    opinion = factories.opinion(
        spot.campaign,
        spot.grid,
        visit=spot.things["visit"],
        entry=spot.things["entry"],
        collector=spot.worker,
        created_by=spot.worker.user,
        number=world.text(spot, "opinion.number", rule, also),
        words_verbatim=world.text(spot, "opinion.words", rule, also),
        **fields,
    )
    world.keep(spot, opinion, rule)
    wish = AnswerWish.objects.create(
        opinion=opinion, way="phone", phone=world.marks.number("wish.phone", "number", spot.grid)
    )
    world.keep(spot, wish, rule)
    receipt = receipt_for(opinion, by=spot.worker.user)
    world.keep(spot, receipt, rule)
    return opinion


def _words(world, spot):
    """Words in every stage of sorting."""
    spot.things["waiting"] = _opinion(world, spot)
    spot.things["spot"] = _opinion(world, spot, done_on_spot=world.text(spot, "opinion.done_on_spot"))
    spot.things["suggestion"] = suggestion = _opinion(world, spot, nature="suggestion")
    answer = SuggestionAnswer.objects.create(
        opinion=suggestion, answer="adopted", reason=world.text(spot, "suggestion.reason"), by=spot.office
    )
    ToldAnswer.objects.create(opinion=suggestion, suggestion_answer=answer, by=spot.worker.user)
    praise = _opinion(world, spot, nature="question")
    OpinionNote.objects.create(opinion=praise, text=world.text(spot, "note.text"), by=spot.office)
    void = _opinion(world, spot)
    OpinionMark.objects.create(
        opinion=void, kind="void", reason=world.text(spot, "opinion.mark.reason"), by=spot.office
    )


# --- Issues -------------------------------------------------------------------------------------------------------


def _units(spot):
    """The department that is walked for handles the issues at home."""
    return UNITS if spot.is_home else frozenset()


def _issue(world, spot, opinion, rule="resident", **fields):
    units = frozenset() if rule == "restricted" else _units(spot)
    issue = factories.issue(
        spot.campaign,
        spot.grid,
        number=world.text(spot, "issue.number", rule, units),
        title=world.text(spot, "issue.title", rule, units),
        result=world.text(spot, "issue.result", rule, units),
        **factories.assigned(spot.department, day="2018-09-03", due="2018-09-04"),
        **fields,
    )
    world.keep(spot, issue, rule, units)
    world.keep(spot, IssueOpinion.objects.create(issue=issue, opinion=opinion, by=spot.office), rule)
    return issue


def _step(world, spot, issue, move, to_state, rule="resident", **details):
    units = frozenset() if rule == "restricted" else _units(spot)
    return IssueStep.objects.create(
        issue=issue,
        move=move,
        to_state=to_state,
        by=spot.office,
        department=spot.department,
        reason=world.text(spot, f"step.{move}.reason", rule, units),
        details={name: world.text(spot, f"step.{move}.{name}", *said) for name, said in details.items()},
    )


def _open_issue(world, spot):
    """Being handled, late, with a red slip, a leader and a review."""
    units = _units(spot)
    issue = _issue(world, spot, _opinion(world, spot, also=units), state="in_progress")
    spot.things["open"] = issue
    _step(world, spot, issue, "note", "in_progress")
    slip = SupervisionSlip.objects.create(
        campaign=spot.campaign,
        issue=issue,
        department=spot.department,
        number=world.text(spot, "slip.number", "slip", units),
        colour="red",
        cause="overdue",
        issued_at=at("2018-09-05 08:00"),
        due_at=issue.due_at,
    )
    world.keep(spot, slip, "slip", units)
    SlipStep.objects.create(
        slip=slip, kind="answered", words=world.text(spot, "slip.answer", "slip", units), by=spot.office
    )
    # A team is its campaign's: whoever sees the one sees the other.
    units = UNITS if spot.is_home else frozenset()
    said = {"rule": "team", "also": units, "from_inside": True}
    name = world.text(spot.town, "team.name", **said)
    team = factories.team(spot.campaign, spot.worker, code=spot.grid[:12], name=name)
    world.keep(spot.town, team, "team", from_inside=True)
    leader = factories.cadre("领" + spot.grid)
    factories.posting(leader, "leading_group", spot.town)
    case = LeaderCase.objects.create(
        issue=issue,
        leader=leader,
        team=team,
        plan=world.text(spot, "case.plan", "case", units),
        by=spot.office,
    )
    world.keep(spot, case, "case", units)
    CaseReview.objects.create(
        case=case,
        held_on=TODAY,
        task_force=world.text(spot, "review.task_force", "case", units),
        legal_expert=world.text(spot, "review.legal_expert", "case", units),
        conclusion=world.text(spot, "review.conclusion", "case", units),
        by=spot.office,
    )


def _closed_issue(world, spot):
    """Answered, asked back, struck off; the resident then says that it is not solved."""
    units = _units(spot)
    opinion = _opinion(world, spot, also=units)
    issue = _issue(
        world,
        spot,
        opinion,
        state="closed",
        outcome="substantive",
        replied_at=at("2018-09-04 12:00"),
        closed_at=at("2018-09-04 18:00"),
    )
    spot.things["closed"] = issue
    step = _step(world, spot, issue, "reply", "replied", reply=("resident", units))
    ToldAnswer.objects.create(opinion=opinion, step=step, by=spot.worker.user)
    FollowUp.objects.create(
        issue=issue,
        opinion=opinion,
        result="not_solved",
        words_verbatim=world.text(spot, "follow_up.words"),
        by=spot.office,
    )
    verdict = ResidentVerdict.objects.create(
        receipt=opinion.receipt, solved=False, words_verbatim=world.text(spot, "verdict.words")
    )
    verdict.issues.add(issue)
    world.keep(spot, verdict, "verdict")
    example = BulletinExample.objects.create(
        issue=issue,
        title=world.text(spot, "example.title"),
        text=world.text(spot, "example.text"),
        answer=world.text(spot, "example.answer"),
        ticked_by=spot.office,
    )
    world.keep(spot, example, "draft")


def _misconduct(world, spot):
    """A report that is no issue yet, and one that is; wrongly led by the department that may not know of it."""
    spot.things["report"] = _opinion(world, spot, "restricted", nature="report")
    opinion = _opinion(world, spot, "restricted")
    OpinionMark.objects.create(opinion=opinion, kind="restricted", by=spot.office)
    issue = _issue(
        world, spot, opinion, "restricted", state="in_progress", is_restricted=True, category_code="20"
    )
    spot.things["restricted"] = issue
    _step(world, spot, issue, "note", "in_progress", "restricted", reply=("restricted", frozenset()))
    FollowUp.objects.create(
        issue=issue, result="solved", words_verbatim=world.text(spot, "follow_up.words", "restricted")
    )
    SupervisionSlip.objects.create(
        campaign=spot.campaign,
        issue=issue,
        department=spot.department,
        number=world.text(spot, "slip.number", "restricted"),
        colour="red",
    )


# --- What else is recorded ----------------------------------------------------------------------------------------


def _records(world, spot):
    by = {"created_by": spot.worker.user}
    deed = factories.deed(
        spot.campaign,
        spot.grid,
        number=world.text(spot, "deed.number"),
        content=world.text(spot, "deed.content"),
        donor=world.text(spot, "deed.donor"),
        done_on=TODAY,
        **by,
    )
    gathering = factories.gathering(
        spot.campaign,
        spot.grid,
        number=world.text(spot, "gathering.number"),
        topic=world.text(spot, "gathering.topic"),
        venue=world.text(spot, "gathering.venue"),
        held_on=TODAY,
        **by,
    )
    handout = factories.handout(
        spot.campaign, spot.grid, number=world.text(spot, "handout.number"), given_on=TODAY, **by
    )
    stay = factories.stay_log(
        spot.campaign,
        spot.worker,
        spot.grid,
        number=world.text(spot, "stay.number"),
        text=world.text(spot, "stay.text"),
        entry=spot.things["entry"],
    )
    for record in (deed, gathering, handout, stay):
        world.keep(spot, record)


def _inspection(world, spot):
    visit = spot.things["visit"]
    sample = InspectionSample.objects.create(
        campaign=spot.campaign,
        place=factories.place(spot.grid),
        first_on=TODAY,
        last_on=TODAY,
        size=1,
        population=2,
        seed=world.text(spot, "sample.seed", "inspection"),
        client_id=uuid.uuid4(),
        drawn_by=spot.office,
    )
    world.keep(spot, sample, "inspection")
    world.keep(spot, SampledVisit.objects.create(sample=sample, visit=visit), "inspection")
    Inspection.objects.create(
        visit=visit,
        asked_on=TODAY,
        at=timezone.now(),
        way="door",
        is_reached=True,
        found=world.text(spot, "inspection.found", "inspection"),
        words_verbatim=world.text(spot, "inspection.words", "inspection"),
        by=spot.office,
    )


# --- Once for each town -------------------------------------------------------------------------------------------


def furnish_town(world, spot):
    """Reports, drafts, saved views, loaded workbooks, an upload on its way."""
    town, campaign = spot.town, spot.campaign
    for kind, period, keys in (
        ("daily", "2018-09-04", ("focus", "problems")),
        ("weekly", "2018-W35", ("next",)),
    ):
        draft = ReportDraft.objects.create(
            campaign=campaign,
            kind=kind,
            period=period,
            lines={key: world.text(town, f"draft.{key}", "report") for key in keys},
            changed_by=spot.office,
        )
        world.keep(town, draft, "draft")
    row = AuditRow(
        action="opened",
        result="done",
        user=spot.office,
        name=world.text(town, "audit.name", "audit"),
        staff_number=world.text(town, "audit.staff_number", "audit"),
        place=town,
        posted=f" {town}",
    )
    world.keep(town, write([row])[0], "audit")
    from .issued import issue_daily

    world.keep(town, issue_daily(campaign, spot.office), "report")
    for is_shared in (True, False):
        rule = {"rule": "report", "also": frozenset({"village_office"} if spot.is_home else ())}
        said = rule if is_shared else {"rule": "own"}
        view = SavedView.objects.create(
            owner=spot.office,
            name=world.text(town, "view.name", **said),
            campaign=campaign,
            query=f"campaign={campaign.code}",
            is_shared=is_shared,
        )
        world.keep(town, view, **said)
    load = WorkbookLoad.objects.create(
        campaign=campaign,
        file_name=world.text(town, "load.file_name", "load") + ".xlsx",
        sha256="0" * 64,
        by=spot.office,
    )
    world.keep(town, load, "load")
    upload = Upload.keep(ContentFile(b"no workbook", name="x.xlsx"), user=spot.office)
    upload.write(phase="checked", name=world.text(town, "upload.name", "own"), campaign=campaign.code)
    world.keep(town, upload, "own")

"""No door changes what was said or done: not save, not update, not raw SQL, on either database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.models import PrivacyNotice
from canvass.append_only import MESSAGE, protected_models
from grids.audit import record
from grids.enums import AuditAction
from grids.models import AuditRow, Feedback, FeedbackAnswer, HolderReading, SignInStep, ViewingStep
from issues.models import (
    CaseReview,
    ConductSlip,
    FollowUp,
    IssueStep,
    LeaderCase,
    OpinionNote,
    Receipt,
    ReportStep,
    ResidentVerdict,
    SlipStep,
    SpotRefusal,
    SuggestionAnswer,
    SupervisionSlip,
    ToldAnswer,
)
from reports.models import (
    BulletinDay,
    BulletinSwitch,
    ExportRequest,
    ExportStep,
    InspectionSample,
    PublishedReport,
    PurgeRun,
    Redaction,
    RightsRequest,
    RightsStep,
    SampledVisit,
    WorkbookLoad,
)
from tests import factories
from visits.models import (
    AnswerWish,
    ContactReading,
    HandOver,
    HandOverPosting,
    HandOverStep,
    HandOverVisit,
    HandOverWords,
    Opinion,
    OpinionMark,
    ReportSubject,
    VisitStep,
)

pytestmark = pytest.mark.django_db


def triggers():
    """Those that refuse; the ones that keep an index are tested with the search."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall() if "_no_" in name}


def test_every_protected_table_has_its_triggers_after_migrate():
    tables = [model._meta.db_table for model in protected_models()]

    assert {f"{table}_no_{verb}" for table in tables for verb in ("update", "delete")} == triggers()


def by_save(opinion):
    opinion.words_verbatim = "没有意见"
    opinion.save()


def by_update(opinion):
    Opinion.objects.filter(pk=opinion.pk).update(words_verbatim="没有意见")


def by_sql(opinion):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE visits_opinion SET words_verbatim = %s WHERE id = %s", ["没有意见", opinion.pk]
        )


def by_unrelated_column(opinion):
    Opinion.objects.filter(pk=opinion.pk).update(number="X")


def by_delete(opinion):
    opinion.delete()


def by_raw_delete(opinion):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_opinion WHERE id = %s", [opinion.pk])


@pytest.mark.parametrize(
    "attempt", [by_save, by_update, by_sql, by_unrelated_column, by_delete, by_raw_delete]
)
def test_words_of_a_resident_do_not_change(attempt):
    opinion = factories.opinion(factories.campaign(), words_verbatim="一下雨门口就积水")

    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        attempt(Opinion.objects.get(pk=opinion.pk))

    kept = Opinion.objects.get(pk=opinion.pk)
    assert (kept.words_verbatim, kept.number) == (opinion.words_verbatim, opinion.number)


def rows_of_people(campaign, opinion, visit, cadre):
    """What was said about the system and departments, looked at, handed over, and found out by discipline."""
    by, place, now = factories.user(), visit.grid, factories.at("2018-09-01")
    feedback = Feedback.objects.create(wanted="查一户", happened="查不到", by=by)
    hand_over = HandOver.objects.create(
        leaver=cadre, successor=factories.cadre(), place_id=place.pk, last_on=factories.FIRST_DAY, by=by
    )
    posting = factories.posting(cadre, "visitor", place.pk)
    return {
        Feedback: feedback,
        FeedbackAnswer: feedback.answers.create(text="好了", by=by),
        ViewingStep: cadre.viewing_steps.create(
            kind="begun", by=by, reason="来电", at=now, until=factories.at("2018-09-02")
        ),
        HandOver: hand_over,
        HandOverPosting: hand_over.postings.create(posting=posting),
        HandOverWords: hand_over.words.create(opinion=opinion),
        HandOverVisit: hand_over.visits.create(visit=visit),
        HandOverStep: HandOverStep.objects.create(hand_over=hand_over, kind="accepted", by=by),
        ReportSubject: ReportSubject.objects.create(opinion=opinion, cadre=cadre, by=by),
        ReportStep: ReportStep.objects.create(opinion=opinion, kind="received", by=by),
        ConductSlip: ConductSlip.objects.create(
            campaign=campaign,
            number="ZF-1",
            place_id=place.pk,
            department=factories.department(),
            words="慢",
            created_by=by,
        ),
    }


def protected_rows():
    """One row of every protected model."""
    campaign = factories.campaign()
    opinion, issue = factories.opinion(campaign), factories.issue(campaign)
    visit = factories.visit(campaign, factories.household())
    wish = AnswerWish.objects.create(opinion=opinion, way="receipt")
    receipt = Receipt.objects.create(opinion=opinion, code="0123456789AB")
    team, leader = factories.team(campaign), factories.cadre()
    case = issue.leader_cases.create(leader=leader, team=team, plan="分三步")
    slip = issue.slips.create(campaign=campaign, number="D-1", colour="blue")
    sample = InspectionSample.objects.create(
        campaign=campaign,
        place=visit.grid,
        first_on=factories.FIRST_DAY,
        last_on=factories.FIRST_DAY,
        size=1,
        population=1,
        seed="1",
        client_id=uuid4(),
        drawn_by=factories.user(),
    )
    asked = ExportRequest.objects.create(
        campaign=campaign, place_id=campaign.area_id, reason="核对", asked_by=factories.user()
    )
    right = RightsRequest.objects.create(
        campaign=campaign,
        place_id=campaign.area_id,
        kind="see",
        way="phone",
        received_on=factories.FIRST_DAY,
        due_on=factories.FIRST_DAY + timedelta(days=15),
        opinion=opinion,
        created_by=factories.user(),
    )
    return rows_of_people(campaign, opinion, visit, leader) | {
        ExportRequest: asked,
        ExportStep: asked.steps.create(kind="released", by=factories.user()),
        RightsRequest: right,
        RightsStep: right.steps.create(kind="answered", by=factories.user(), text="已办"),
        Redaction: Redaction.objects.create(
            table_name="visits_staylog",
            row_key=1,
            column_name="text",
            start=0,
            length=2,
            place_id=campaign.area_id,
            subject="蹲点日志",
            by=factories.user(),
            reason="有姓名",
        ),
        AuditRow: record(None, AuditAction.ERASED),
        Opinion: opinion,
        InspectionSample: sample,
        SampledVisit: sample.visits.create(visit=visit),
        OpinionMark: OpinionMark.objects.create(opinion=opinion, kind="restricted"),
        PrivacyNotice: campaign.notices.get(),
        HolderReading: visit.entry.readings.create(by=factories.user(), reason="上门"),
        ContactReading: ContactReading.objects.create(wish=wish, by=factories.user(), reason="回电"),
        VisitStep: visit.steps.create(move="filed"),
        IssueStep: issue.steps.get(),
        FollowUp: issue.follow_ups.create(result="solved"),
        SupervisionSlip: slip,
        LeaderCase: case,
        CaseReview: CaseReview.objects.create(
            case=case, held_on=factories.FIRST_DAY, task_force="专班", legal_expert="律师", conclusion="可行"
        ),
        SlipStep: slip.steps.create(kind="lifted", words="已办"),
        OpinionNote: OpinionNote.objects.create(opinion=opinion),
        SpotRefusal: SpotRefusal.objects.create(opinion=opinion, reason="还是不亮"),
        Receipt: receipt,
        ResidentVerdict: ResidentVerdict.objects.create(receipt=receipt, solved=False),
        SignInStep: leader.sign_in_steps.create(kind="suspended", by=factories.user()),
        SuggestionAnswer: opinion.answers.create(answer="noted"),
        ToldAnswer: opinion.told_answers.create(step=issue.steps.get()),
        PublishedReport: PublishedReport.objects.create(
            campaign=campaign,
            kind="weekly",
            period="2018-W27",
            first_on=factories.FIRST_DAY,
            last_on=factories.FIRST_DAY,
            serial=1,
            as_of=factories.at("2018-07-01"),
            content={},
            docx=b"",
            xlsx=b"",
        ),
        BulletinSwitch: BulletinSwitch.objects.create(campaign=campaign, is_public=True),
        BulletinDay: BulletinDay.objects.create(campaign=campaign, day=factories.FIRST_DAY, content={}),
        PurgeRun: PurgeRun.objects.create(campaign=campaign, kind="photos", number=1),
        WorkbookLoad: WorkbookLoad.objects.create(campaign=campaign, file_name="表.xlsx", sha256="0" * 64),
    }


def test_no_protected_row_changes_or_goes():
    rows = protected_rows()
    assert set(rows) == set(protected_models())

    for model, row in rows.items():
        table, key = model._meta.db_table, row.pk
        for sql in (f"UPDATE {table} SET id = id WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):
            with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
                connection.cursor().execute(sql, [key])
        assert model.objects.filter(pk=key).exists()

"""Requests of residents about their own data: registered by number, gathered, erased, answered within 15 days."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from canvass import places
from canvass.masks import masked_name, masked_phone
from canvass.scrubbing import scrub
from grids.erasing import erase_names
from grids.models import RegisterEntry
from issues.receipts import find_receipt
from visits import erasing
from visits.models import AnswerWish, Opinion, Visit, VisitPhoto

from .models import RightsRequest, RightsStep
from .rights_models import ANSWER_WITHIN

HANDLE = "reports.handle_rights"


@dataclass(frozen=True)
class Found:
    """What a typed number means: words or a door, and where they lie."""

    opinion: Opinion | None = None
    entry: RegisterEntry | None = None

    @property
    def place_id(self):
        return self.opinion.place_id if self.opinion else self.entry.grid_id


@dataclass(frozen=True)
class Kept:
    """One thing that is kept: its label, and the value as a clerk reads it and as the resident may have it."""

    label: str
    masked: str
    whole: str = ""


# --- Registering ----------------------------------------------------------------------------------------------


def find_matter(typed, campaign, user):
    """What a receipt code, the number of an opinion or that of a door means to this person, or None."""
    opinions = Opinion.objects.visible_to(user).filter(campaign=campaign).select_related("entry", "visit")
    if receipt := find_receipt(typed):
        opinion = opinions.filter(pk=_latest(receipt.opinion).pk).first()
        return Found(opinion=opinion) if opinion and _handles(user, opinion.place_id) else None
    opinion = opinions.filter(number=typed).first()
    if opinion and _handles(user, opinion.place_id):
        return Found(opinion=opinion)
    entry = RegisterEntry.objects.visible_to(user).inside(campaign.area_id).filter(number=typed).first()
    return Found(entry=entry) if entry and _handles(user, entry.grid_id) else None


def _latest(opinion):
    while later := Opinion.objects.filter(corrects=opinion).first():
        opinion = later
    return opinion


def _handles(user, code):
    return places.is_inside(code, *user.reach.codes_with(HANDLE))


def campaigns_of(user):
    """The campaigns that a request may be about, over or not: whoever was asked then may ask now."""
    codes = user.reach.codes_with(HANDLE)
    return Campaign.objects.visible_to(user) if codes else Campaign.objects.none()


@transaction.atomic
def register_request(found, *, by, campaign, kind, way, received_on):
    """A request begins on the day on which it was received, whenever it is typed."""
    if not _handles(by, found.place_id):
        raise ValidationError(_("这个范围不在您的职责内。"))
    if not campaign.first_on <= received_on <= timezone.localdate():
        raise ValidationError(_("收到日期在活动开始以后、今天以前。"))
    return RightsRequest.objects.create(
        campaign=campaign,
        place_id=found.place_id,
        kind=kind,
        way=way,
        received_on=received_on,
        due_on=received_on + ANSWER_WITHIN,
        opinion=found.opinion,
        entry=found.entry,
        created_by=by,
    )


# --- How it stands --------------------------------------------------------------------------------------------


def end_of(request):
    """The step that ended it, or None."""
    return next((step for step in request.steps.all() if step.kind in ("answered", "refused")), None)


def standing_of(request, today=None):
    """(key, words): never a colour alone."""
    if (end := end_of(request)) is not None:
        return ("done", str(end.get_kind_display()))
    days = (request.due_on - (today or timezone.localdate())).days
    if days < 0:
        return ("overdue", _("已超期 %d 天") % -days)
    return ("today", _("今天到期")) if days == 0 else ("open", _("还有 %d 天") % days)


# --- What is kept ---------------------------------------------------------------------------------------------


def gather(request, user):
    """Everything that is kept about the words or the door, as this person may read it."""
    if request.opinion_id:
        return [*_kept_of_opinion(request.opinion), *_wishes_told([request.opinion])]
    entry, opinions = request.entry, _opinions_at(request.entry, user)
    visits = Visit.objects.visible_to(user).filter(entry=entry).order_by("started_at")
    kept = [
        Kept(_("门牌地址"), entry.address),
        Kept(_("户名"), masked_name(entry.holder_name) or _("（没有）"), entry.holder_name),
        *(Kept(_("走访 %s") % visit.number, _visit_told(visit)) for visit in visits),
        Kept(_("走访照片"), _("%d 张") % VisitPhoto.objects.kept().filter(visit__in=visits).count()),
    ]
    for opinion in opinions:
        kept += _kept_of_opinion(opinion)
    return [*kept, *_wishes_told(opinions)]


def _opinions_at(entry, user):
    return list(Opinion.objects.visible_to(user).filter(entry=entry).order_by("heard_at", "pk"))


def _visit_told(visit):
    day = f"{timezone.localtime(visit.started_at):%Y-%m-%d %H:%M}"
    return " · ".join(filter(None, [day, str(visit.get_outcome_display()), visit.note]))


def _kept_of_opinion(opinion):
    day = f"{timezone.localtime(opinion.heard_at):%Y-%m-%d}"
    yield Kept(
        _("诉求 %(number)s（%(day)s）") % {"number": opinion.number, "day": day}, opinion.words_verbatim
    )
    if opinion.done_on_spot:
        yield Kept(_("当场办了什么"), opinion.done_on_spot)
    for step in opinion.follow_ups.order_by("at"):
        yield Kept(_("回访"), " ".join(filter(None, [str(step.get_result_display()), step.words_verbatim])))


def _wishes_told(opinions):
    for wish in AnswerWish.objects.filter(opinion__in=opinions).select_related("opinion").order_by("pk"):
        label = _("%s 的联系电话") % wish.opinion.number
        told = masked_phone(wish.phone) if wish.phone else _("（没有保存）")
        yield Kept(
            label, f"{wish.get_way_display()} {told}", f"{wish.get_way_display()} {wish.phone}".strip()
        )


# --- Verbs ----------------------------------------------------------------------------------------------------


def _locked(request, by):
    request = RightsRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if not _handles(by, request.place_id):
        raise ValidationError(_("这个范围不在您的职责内。"))
    if end_of(request) is not None:
        raise ValidationError(_("这份请求已经答复过，不能再办。"))
    return request


@transaction.atomic
def show_whole(request, *, by, reason):
    """On record before anybody reads it."""
    request = _locked(request, by)
    RightsStep.objects.create(request=request, kind=RightsStep.Kind.SHOWN, by=by, text=reason)
    return [Kept(one.label, one.whole or one.masked) for one in gather(request, by)]


def erase_kept(request, *, by):
    """Name, number and photos of the words or the door are erased; the words stay. Returns how many went."""
    with transaction.atomic():
        request = _locked(request, by)
    erased = []
    for label, rows, erase in _erasable(request, by):

        def log(number, label=label):
            text = f"{label} {number}"
            RightsStep.objects.create(request=request, kind=RightsStep.Kind.ERASED, by=by, text=text)
            erased.append(number)

        while erase(rows.all(), log=log):
            pass
    if not erased:
        raise ValidationError(_("这里已经没有为姓名、电话留的内容，也没有照片；原话里的请用“隐去”。"))
    scrub("visits_answerwish", "visits_visit", "visits_visitphoto", "grids_registerentry")
    return sum(erased)


def _erasable(request, by):
    """[(label, rows, how a batch of them goes)] of what this request is about."""
    if request.opinion_id:
        yield _("联系电话"), erasing.numbers_beside(request.opinion), erasing.erase_numbers
        yield (
            _("填报指纹"),
            Visit.objects.filter(pk=request.opinion.visit_id).exclude(content_hash=""),
            erasing.erase_digests,
        )
        return
    wishes = AnswerWish.objects.filter(
        opinion__in=Opinion.objects.visible_to(by), opinion__entry=request.entry
    )
    visits = Visit.objects.filter(entry=request.entry)
    yield _("户名"), RegisterEntry.objects.filter(pk=request.entry_id).exclude(holder_name=""), erase_names
    yield _("联系电话"), wishes.exclude(phone=""), erasing.erase_numbers
    yield _("走访照片"), VisitPhoto.objects.kept().filter(visit__in=visits), erasing.erase_photos
    wished = AnswerWish.objects.filter(opinion__visit__in=visits).values("opinion__visit")
    yield _("填报指纹"), visits.filter(pk__in=wished).exclude(content_hash=""), erasing.erase_digests


@transaction.atomic
def answer_request(request, *, by, text):
    request = _locked(request, by)
    return RightsStep.objects.create(request=request, kind=RightsStep.Kind.ANSWERED, by=by, text=text)


@transaction.atomic
def refuse_request(request, *, by, ground, text):
    request = _locked(request, by)
    kind = RightsStep.Kind.REFUSED
    return RightsStep.objects.create(request=request, kind=kind, by=by, ground=ground, text=text)

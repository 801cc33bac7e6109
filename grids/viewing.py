"""View as …: somebody of the campaign office looks at the pages of a cadre, to help on the telephone.

Only to read, for a quarter of an hour, only the pages named here, and the person finds it on a page of the own.
It lives in the session of whoever looks, so it ends with the sign-in; whose duty ends meanwhile sees nothing more.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from canvass import places
from canvass.roles import HANDS_OUT, Role

from .enums import DepartmentLevel
from .models import Cadre, User, ViewingStep
from .permissions import open_postings, refusal_to_hand_out

MINUTES = 15
SESSION_KEY = "viewing"
# A department of a county or a city works for other towns too, whose matters are not this office's to read.
OF_ONE_TOWN = (DepartmentLevel.TOWN, DepartmentLevel.VILLAGE)
# What may be looked at as somebody else; a page that is not named is refused. None of them shows a number or a name
# whole, gives a file, changes a sign-in or lies on the phone.
PAGES = frozenset(
    {
        "reports:start", "reports:dashboard", "reports:figure_rows", "reports:make_up_list", "reports:breakdown",
        "visits:visit_list", "visits:visit_mine", "visits:visit_to_check", "visits:visit_file",
        "visits:visit_detail", "visits:visit_correct", "visits:visit_void", "visits:visit_send_back",
        "visits:visit_photo", "visits:entry_detail", "visits:nobody_in", "visits:gathering_file",
        "visits:handout_file", "visits:stay_log_file", "visits:record_detail", "visits:paper_type",
        "issues:issue_list", "issues:issue_detail", "issues:issue_move", "issues:desk", "issues:ledger",
        "issues:triage", "issues:triage_opinion", "issues:spot_check", "issues:supervision", "issues:slip_answer",
        "issues:record_mine", "issues:deed_file", "issues:deed_detail",
    }
)  # fmt: skip


def refusal_to_view_as(user, cadre):
    """Why this person may not look at the pages of this cadre, in a sentence, or "".

    The measure is whose sign-in the campaign office hands out (HANDS_OUT). The cadre comes from `with_sign_in()`.
    """
    codes = user.reach.codes(Role.CAMPAIGN_OFFICE)
    if not codes:
        return _("只有活动办可以代看。")
    if refusal := refusal_to_hand_out(user, cadre):
        return refusal
    if cadre.user is None or not cadre.user.is_active or cadre.user.is_superuser:
        return _("这个人没有可以用的登录，没有什么可看。")
    if any(posting.role not in HANDS_OUT[Role.CAMPAIGN_OFFICE] for posting in cadre.postings.all()):
        return _("担任或担任过更高的职务，不能代看。")
    today = timezone.localdate()
    present = [posting for posting in open_postings(cadre) if posting.from_on <= today]
    if not present:
        return _("这个人现在没有岗位，没有什么可看。")
    for posting in present:
        if posting.place_id and not places.is_inside(posting.place_id, *codes):
            return _("有岗位不在您负责的范围内，不能代看。")
        if posting.department_id and posting.department.level not in OF_ONE_TOWN:
            return _("这个单位也办别处的事，不能代看。")
    return ""


def find_cadre(user, pk):
    """The cadre of the roster that this person sees, as the rules read it, or None."""
    rows = Cadre.objects.visible_to(user).with_sign_in().prefetch_related("postings__department")
    return rows.filter(pk=pk).first()


@transaction.atomic
def begin_viewing(cadre, *, by, reason):
    """On record before anything is seen."""
    if refusal := refusal_to_view_as(by, cadre):
        raise ValidationError(refusal)
    now = timezone.now()
    return ViewingStep.objects.create(
        kind=ViewingStep.Kind.BEGUN,
        cadre=cadre,
        by=by,
        at=now,
        reason=reason,
        until=now + timedelta(minutes=MINUTES),
    )


@transaction.atomic
def end_viewing(step):
    """Once; a second stop changes nothing."""
    ViewingStep.objects.select_for_update().get(pk=step.pk)
    if not ViewingStep.objects.filter(begun=step).exists():
        ViewingStep.objects.create(kind=ViewingStep.Kind.ENDED, cadre=step.cadre, by=step.by, begun=step)


def present_viewing(user, pk):
    """(the step that began it, the person as who is looked at now), or (step, None) when it is over, with the reason.

    Asked anew at every page: a duty that ended on either side ends it at once.
    """
    step = ViewingStep.objects.select_related("cadre", "by").filter(pk=pk, by=user, kind="begun").first()
    if step is None or hasattr(step, "ended") or step.until <= timezone.now():
        return step, None
    cadre = find_cadre(user, step.cadre_id)
    if cadre is None or refusal_to_view_as(user, cadre):
        return step, None
    return step, User.objects.get(pk=cadre.user_id)


def viewings_of(user):
    """Who looked at this person's pages, newest first."""
    rows = ViewingStep.objects.filter(cadre__user=user, kind=ViewingStep.Kind.BEGUN)
    return rows.select_related("by__cadre", "ended")

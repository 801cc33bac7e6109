"""Who may do what to which row of the roster."""

from django.utils import timezone
from django.utils.translation import gettext as _

from canvass import places
from canvass.roles import GRANTABLE, HANDS_OUT, Role

from .models import SignInStep

GIVES_A_WAY_IN = (SignInStep.Kind.ISSUED, SignInStep.Kind.RESET)


def grantable_roles(user):
    """Roles that this person may give to others by hand."""
    if user.is_superuser:
        return list(Role)
    return sorted({role for own in user.reach.roles for role in GRANTABLE.get(own, ())}, key=list(Role).index)


def refusal_to_hand_out(user, cadre):
    """Why this person may not give or take this cadre's sign-in, in a sentence; "" when nothing is against it.

    The cadre comes from `with_sign_in()`. Whoever prints a link could open it. So every duty the cadre has or
    ever had must be one whose sign-ins this person hands out (an office could end a leader's posting first and
    give it back later), and every present one must lie in this person's own places.
    """
    own = user.reach.cadre
    if (own is not None and own.pk == cadre.pk) or cadre.user_id == user.pk:
        return _("不能给自己办理，请用“修改密码”，或者请另一位管理员。")
    if user.is_active and user.is_superuser:
        return ""
    if cadre.user is not None and cadre.user.is_superuser:
        return _("这是超级管理员的账号，只能由超级管理员办理。")
    postings = list(cadre.postings.all())
    if not postings:
        return _("还没有岗位，请先设岗位。")
    if any(posting.role not in _all_roles(user) for posting in postings):
        return _("担任或担任过更高的职务，请找系统管理员办理。")
    if not all(_is_covered(user, posting) for posting in open_postings(cadre) or postings):
        return _("有岗位不在您负责的范围内，请找那里的活动办。")
    if not any(posting.place_id for posting in postings):
        return _refusal_of_department(user, cadre)
    return ""


# Who goes to the door, checks the roster, or rings back. Leaders and inspectors read the mask.
NAMES_TO = (Role.VISITOR, Role.GRID_LEADER, Role.VILLAGE_OFFICE, Role.CAMPAIGN_OFFICE)


def can_see_holder(user, entry):
    """The householder's whole name, for a reason on record: those who work with the household."""
    return places.is_inside(entry.grid_id, *user.reach.codes(*NAMES_TO))


def can_hand_out(user, cadre):
    return not refusal_to_hand_out(user, cadre)


def refusal_to_take_off_factor(user, cadre):
    """Why this person may not take a lost second factor off: a system administrator's or a superuser's business."""
    if refusal := refusal_to_hand_out(user, cadre):
        return refusal
    if user.is_superuser:
        return ""
    if not user.reach.has(Role.SYSTEM_ADMIN):
        return _("只有系统管理员能解除别人的两步验证。")
    since = timezone.now() - SignInStep.ONE_AND_NOT_BOTH
    if SignInStep.objects.filter(cadre=cadre, by=user, kind__in=GIVES_A_WAY_IN, at__gte=since).exists():
        return _("登录二维码或密码是您刚办的，两步验证请由另一位管理员解除。")
    return ""


def refusal_after_taking_off(user, cadre):
    """Who took the second factor off neither prints a link nor sets a password: one alone would be in."""
    if not user.is_superuser and cadre.factor_taken_off_by == user.pk:
        return _("两步验证是您刚解除的，登录二维码或密码请由另一位管理员办理。")
    return ""


def open_postings(cadre):
    """Duties of today and those to come."""
    today = timezone.localdate()
    return [posting for posting in cadre.postings.all() if posting.to_on is None or posting.to_on >= today]


def handing_codes(user, role=None):
    """Where this person hands out the sign-ins (of a role)."""
    givers = [giver for giver, roles in HANDS_OUT.items() if role is None or role in roles]
    return user.reach.codes(*givers)


def _all_roles(user):
    return {role for own in user.reach.roles for role in HANDS_OUT.get(own, ())}


def _is_covered(user, posting):
    return posting.place_id is None or places.is_inside(posting.place_id, *handing_codes(user, posting.role))


def _refusal_of_department(user, cadre):
    """A department lies nowhere, so any office may give its people their first sign-in; after that it is the
    business of those who gave it, or another town could take the account over."""
    if cadre.user_id is None or user.reach.has(Role.SYSTEM_ADMIN):
        return ""
    if cadre.issued_from and places.is_inside(cadre.issued_from, *handing_codes(user)):
        return ""
    return _("这个账号不是您这里发的，请找原来发放的活动办或系统管理员。")

"""Which account somebody means who types a name, a staff number or a phone number."""

from django.db.models import Q

from canvass.sealed import blind_indexes

from .models import User


def account_for(typed):
    """The account, or None. A phone number counts when it is that of one person with a sign-in alone.

    One statement, whatever was typed.
    """
    named = Q(username=typed) | Q(cadre__staff_number__iexact=typed)
    called = Q(cadre__phone_index__in=blind_indexes(typed), is_active=True)
    found = list(User.objects.filter(named | called).select_related("cadre").order_by("pk"))
    for fits in (_by_username, _by_staff_number, _by_staff_number_in_any_case, _by_phone):
        chosen = [user for user in found if fits(user, typed)]
        if len(chosen) == 1:
            return chosen[0]
    return None


def _by_username(user, typed):
    return user.username == typed


def _staff_number(user):
    return user.cadre.staff_number if hasattr(user, "cadre") else ""


def _by_staff_number(user, typed):
    return _staff_number(user) == typed


def _by_staff_number_in_any_case(user, typed):
    return _staff_number(user).casefold() == typed.casefold()


def _by_phone(user, typed):
    return user.is_active and hasattr(user, "cadre") and user.cadre.phone == typed

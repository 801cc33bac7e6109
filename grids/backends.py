"""Permissions come from today's postings; nobody keeps groups in step by hand."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from canvass.roles import permissions_of

from .accounts import account_for
from .models import Posting, User
from .pins import is_bound, plain_pin
from .reach import Reach


class PostingBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        """By user name, staff number or phone number; a PIN only in the browser where it was set.

        Whatever fails costs one statement and one hash, and fails in the same way.
        """
        if not username or password is None:
            return None
        user = account_for(username)
        if user is None:
            User().set_password(password)
            return None
        if user.pin_device:
            password = plain_pin(password) or password
        fits = user.check_password(password)
        if user.pin_device and not is_bound(request, user):
            return None
        return user if fits and self.user_can_authenticate(user) else None

    def get_user(self, user_id):
        """The signed-in person with cadre, department and today's postings: one statement a request."""
        postings = tuple(
            Posting.objects.active_on(timezone.localdate())
            .filter(cadre__user=user_id)
            .select_related("place", "cadre__department", "cadre__user")
        )
        if not postings:
            return super().get_user(user_id)
        user = postings[0].cadre.user
        if not self.user_can_authenticate(user):
            return None
        user.reach = Reach(postings[0].cadre, postings)
        return user

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_posting_permissions"):
            granted = permissions_of(user_obj.reach.roles)
            # Nobody is given permissions one by one or by groups: their two queries would find nothing.
            if user_obj.is_superuser:
                granted = granted | super().get_all_permissions(user_obj)
            user_obj._posting_permissions = granted
        return user_obj._posting_permissions

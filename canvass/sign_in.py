"""The form of the one sign-in page: what people type there, and how often they may be wrong."""

import re
import unicodedata

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .rate_limit import client_address, count_try
from .shared_tries import Limit, forget_tries, give_back_try, take_try
from .signals import sign_in_locked

WINDOW = 15 * 60
FAILURES = 5  # of one account from one address, within the window
# A whole office may share one address: many more, but not the whole roster with one favourite password.
FAILURES_BY_ADDRESS = 60
# From whatever addresses, in an hour: who commands many machines guesses no faster.
FAILURES_BY_ACCOUNT = 100
LOCKS_TOLD = 20  # of one address, within the window


def limits_of(name, address):
    """What a wrong password for this name from this address uses up; the first is that of the two together."""
    name = name.casefold()
    return (
        Limit("sign-in", f"{name} {address}", FAILURES, WINDOW),
        Limit("sign-in.address", address, FAILURES_BY_ADDRESS, WINDOW),
        Limit("sign-in.account", name, FAILURES_BY_ACCOUNT, 60 * 60),
    )


class SignInForm(AuthenticationForm):
    """Whatever is wrong is said in one sentence. Counted is what was typed, whether such an account exists or not."""

    is_locked = False
    error_messages = {**AuthenticationForm.error_messages, "locked": _("试错的次数太多，请 15 分钟后再试。")}

    def clean_username(self):
        """Full-width digits are digits (the field does that), and nobody's name has a space in it."""
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["username"]))

    def clean(self):
        if not self.cleaned_data.get("username") or not self.cleaned_data.get("password"):
            return super().clean()
        address = client_address(self.request)
        both, *each = limits_of(self.cleaned_data["username"], address)
        # Taken before it is tried: a burst at once does not slip through between look and count.
        if not take_try(both, *each):
            self.is_locked = True
            self._tell_locked(address)
            raise ValidationError(self.error_messages["locked"], code="locked")
        cleaned = super().clean()
        forget_tries(both)
        give_back_try(*each)
        return cleaned

    def _tell_locked(self, address):
        """Once for a name within the window, and for a few names of one address: nobody fills the log by trying on."""
        name = self.cleaned_data["username"]
        if (
            count_try("sign-in.locked", f"{name.casefold()} {address}", WINDOW) == 1
            and count_try("sign-in.locked.address", address, WINDOW) <= LOCKS_TOLD
        ):
            sign_in_locked.send(sender=type(self), request=self.request, username=name)

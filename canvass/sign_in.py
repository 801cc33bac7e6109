"""The one sign-in page: what people type there, and how often they may be wrong."""

import re
import unicodedata

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .rate_limit import client_address, count_try, forget_tries, is_over_limit

WINDOW = 15 * 60
FAILURES = 5  # of one account from one address, within the window
# A whole office may share one address: many more, but not the whole roster with one favourite password.
FAILURES_BY_ADDRESS = 60


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
        who = f"{self.cleaned_data['username'].casefold()} {address}"
        # Counted before it is tried: a burst at once does not slip through between look and count.
        if (
            is_over_limit("sign-in.address", address, FAILURES_BY_ADDRESS)
            or count_try("sign-in", who, WINDOW) > FAILURES
        ):
            self.is_locked = True
            raise ValidationError(self.error_messages["locked"], code="locked")
        try:
            cleaned = super().clean()
        except ValidationError:
            count_try("sign-in.address", address, WINDOW)
            raise
        forget_tries("sign-in", who)
        return cleaned


class SignInView(LoginView):
    form_class = SignInForm
    template_name = "login.html"
    redirect_authenticated_user = True

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.is_locked:
            response.status_code = 429
            response["Retry-After"] = str(WINDOW)
        return response

"""Signing in: the password, and for whoever has a second factor the code after it."""

from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canvass.rate_limit import count_try
from canvass.sign_in import WINDOW, SignInForm
from canvass.signals import sign_in_locked

from .entering import enter, enter_with_code, half_signed_in
from .forms import CodeForm
from .second_factor import TooManyTriesError, check_code
from .views import stranger_page

# Why somebody is here again, by what IdleMiddleware found.
OVER = {
    "idle-desk": gettext_lazy("您 30 分钟没有操作，为安全已自动退出。登录后回到刚才那一页。"),
    "idle-phone": gettext_lazy(
        "这部手机 12 小时没有使用，为安全已自动退出。没交的填报还在手机上，登录后接着用。"
    ),
    "longest-desk": gettext_lazy("这次登录已满 12 小时，为安全已自动退出。登录后回到刚才那一页。"),
    "longest-phone": gettext_lazy(
        "这次登录已到最长时间，为安全已自动退出。没交的填报还在手机上，登录后接着用。"
    ),
}


class SignInView(LoginView):
    form_class = SignInForm
    template_name = "login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        over = {"over": OVER.get(asked.get("over", ""), ""), "unsent": asked.get("unsent") == "1"}
        return super().get_context_data(**kwargs, **over)

    def form_valid(self, form):
        return enter(self.request, form.get_user(), self.get_success_url())

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.is_locked:
            response.status_code = 429
            response["Retry-After"] = str(WINDOW)
        return response


@stranger_page
def sign_in_code(request):
    """The one-time code after the password; or one of the codes on paper."""
    user, to = half_signed_in(request)
    if user is None:
        return redirect("login")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid() and check_code(user, form.cleaned_data["code"]):
                return enter_with_code(request, user, to)
            if form.is_valid():
                form.add_error("code", _("验证码不对，或者已经用过。请等手机上换出新的一组再输。"))
                _tell_failed(request, user)
        except TooManyTriesError:
            status = 429
            form.add_error(None, _("试错的次数太多，请 15 分钟后再试。如果不是您在试，请换密码。"))
            _tell_locked(request, user)
    response = render(request, "grids/sign_in_code.html", {"form": form}, status=status)
    if status == 429:
        response["Retry-After"] = str(WINDOW)
    return response


def _tell_failed(request, user):
    """As Django tells of a wrong password: whoever keeps a log of it hears of codes too."""
    user_login_failed.send(__name__, credentials={"username": user.get_username()}, request=request)


def _tell_locked(request, user):
    """Once within the window: nobody fills the log by trying on."""
    if count_try("second-factor.locked", str(user.pk), WINDOW) == 1:
        sign_in_locked.send(__name__, request=request, username=user.get_username())

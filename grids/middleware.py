"""Between the sign-in and the first page, and the end of a sign-in by the clock."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from .entering import PROVED
from .open_sign_ins import DESK, IDLE, KIND, note_use, why_over
from .second_factor import has_factor
from .viewing import PAGES, SESSION_KEY, end_viewing, present_viewing

# Where somebody may still go who has to set an own password first.
PASSED = {"grids:new_password", "grids:sign_in_stay", "logout", "set_language"}
# And who has to turn on the second factor first.
PASSED_WITHOUT_FACTOR = PASSED | {"grids:second_factor"}


class IdleMiddleware:
    """Ends a sign-in that was not used for too long, before the page is asked for (grids/open_sign_ins.py).

    A script that asks for JSON by itself is no use: an open page would keep itself signed in for ever.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "is_use", False) and request.user.is_authenticated:
            note_use(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        # Open pages do not read the session.
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        if why := why_over(request):
            kind = request.session.get(KIND, DESK)
            logout(request)
            request.sign_in_over = f"{why}-{kind}"
            return
        request.is_use = (
            request.method == "POST"
            or request.get_preferred_type(["text/html", "application/json"]) != "application/json"
        )
        if request.session[KIND] == DESK:
            request.idle_seconds = IDLE[DESK]


class NewPasswordMiddleware:
    """A password that somebody else set opens one page only: the one where it is changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Open pages do not read the session; a stranger has been sent away already.
        if not getattr(view, "login_required", True) or request.resolver_match.view_name in PASSED:
            return None
        if request.user.is_authenticated and request.user.needs_new_password:
            return redirect("grids:new_password")
        return None


class SecondFactorMiddleware:
    """Whose duties ask for a one-time code, and who gave none in this session, turns it on before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if request.resolver_match.view_name in PASSED_WITHOUT_FACTOR or not request.user.is_authenticated:
            return None
        if not request.user.must_have_second_factor or request.session.get(PROVED):
            return None
        if not has_factor(request.user):
            return redirect("grids:second_factor")
        # Turned on elsewhere since: the code has to be given here too.
        logout(request)
        return redirect_to_login(request.get_full_path())


class ViewingMiddleware:
    """View as …: for reading `request.user` is the person who is looked at, `request.real_user` who looks.

    Whatever would write is refused, but for stopping; nothing may be kept by the browser of whoever looks.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.viewing = None
        response = self.get_response(request)
        if request.viewing:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request, view, args, kwargs):
        is_safe = request.method in ("GET", "HEAD")
        # Open pages say nothing of a person and do not read the session.
        if is_safe and not getattr(view, "login_required", True):
            return None
        if (pk := request.session.get(SESSION_KEY)) is None or not request.user.is_authenticated:
            return None
        step, person = present_viewing(request.user, pk)
        name = request.resolver_match.view_name
        if person is None or name in ("logout", "grids:view_stop"):
            return self._end(request, step, is_over=person is None and name != "logout")
        request.viewing, request.real_user, request.user = step, request.user, person
        if not is_safe:
            return _refused(
                request, _("代看时只能看，什么也没有存下。要填报或修改，请先停止代看，由本人来办。")
            )
        if name in PAGES or name == "admin:index" or name.endswith("_changelist"):
            return None
        return _refused(request, _("代看时不能打开这一页。"))

    def _end(self, request, step, *, is_over):
        """Stopped, signed out, or over by itself; then the page that was asked for is not shown to anybody."""
        del request.session[SESSION_KEY]
        if step is not None:
            end_viewing(step)
        if not is_over:
            return None
        messages.warning(request, _("代看已经结束：时间到了，或者有人的岗位变了。"))
        return redirect("/")


def _refused(request, sentence):
    return render(request, "grids/viewing_refused.html", {"sentence": sentence}, status=403)

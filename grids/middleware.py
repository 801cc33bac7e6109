"""Between the sign-in and the first page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from .viewing import PAGES, SESSION_KEY, end_viewing, present_viewing

# Where somebody may still go who has to set an own password first.
PASSED = {"grids:new_password", "logout", "set_language"}


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

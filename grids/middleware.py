"""Between the sign-in and the first page."""

from django.shortcuts import redirect

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

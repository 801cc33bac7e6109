"""What is the same for every page: the headers of a response, and what no address may hold."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render, resolve_url


def _policy(directives: dict[str, list[str]]) -> str:
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class SecurityHeadersMiddleware:
    """Adds the policies of content, permissions and other origins; a page cannot widen them.

    The setting of the first is named like Django 6's, so that its own middleware can take over. A page that says
    nothing about being kept is kept by nobody: neither by a proxy nor on the disk of a browser.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": _policy(settings.SECURE_CSP),
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": settings.CROSS_ORIGIN_RESOURCE_POLICY,
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.headers.items():
            response[name] = value
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class WritingPagesMiddleware:
    """A page on which somebody writes stays in the browser's history: Back brings back what was typed.

    A browser forgets that of a page that says no-store, and words come before secrecy (docs/adr/0009).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and b"<textarea" in response.content:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class CompressMiddleware(GZipMiddleware):
    """Pages travel compressed, with Django's random padding, so that their size tells nobody what stands in them.

    Only texts: a workbook or a picture is compressed already, and the key of a phone is left as it is (docs/adr/0010).
    """

    def process_response(self, request, response):
        if not response.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)


def redirect_to_login_again(request, over):
    """To the sign-in page, which says why, and from there back to where one was: with a form, to its page."""
    back = request.get_full_path()
    query = {"over": over}
    if request.method == "POST":
        query["unsent"] = "1"
        came_from = urlsplit(request.headers.get("Referer", ""))
        back = (
            came_from._replace(scheme="", netloc="").geturl()
            if came_from.netloc == request.get_host()
            else "/"
        )
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back, **query})}")


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says login_not_required.

    People are led to the sign-in page; a script that asks for JSON is told 401, so that it takes no page for an answer.
    """

    def handle_no_permission(self, request, view_func):
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse({"error": "signed_out"}, status=401)
        if over := getattr(request, "sign_in_over", ""):
            return redirect_to_login_again(request, over)
        return super().handle_no_permission(request, view_func)


class DropNulMiddleware:
    """No address holds a NUL: PostgreSQL cannot even be asked about one. Forms refuse it by themselves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)


class LargestRequestMiddleware:
    """What is larger than our largest form is not read at all. Without a length nothing is read in any case."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > settings.LARGEST_REQUEST:
            return render(request, "413.html", {"most": settings.LARGEST_REQUEST // 2**20}, status=413)
        return self.get_response(request)

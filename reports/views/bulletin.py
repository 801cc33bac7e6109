"""The residents' bulletin: the public page, and the office's page that fills it."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked, asked_language
from canvass.opens import opens
from canvass.rate_limit import client_address, count_try, is_over_limit
from issues.models import Issue
from issues.receipts import office_contact
from reports.bulletin_checks import example_problems
from reports.bulletin_forms import ExampleForm, TakeDownForm
from reports.bulletin_services import (
    example_candidates,
    put_up_example,
    switch_bulletin,
    take_down_example,
)
from reports.bulletins import Bulletin, is_public, public_campaign
from reports.edition_asking import asked_campaign
from reports.models import BulletinExample, BulletinSwitch
from reports.permissions import can_issue_reports

KEPT = 5 * 60  # how long a browser or the proxy may show a page again
WINDOW = 10 * 60
# Within the window and for one address, which may be a whole village behind one line.
LOOKS, WRONG_CODES = 600, 30
PAGE = 30


@login_not_required
@require_safe
def bulletin(request, code):
    """What the campaign did so far. The same for everybody, so that the proxy may keep it; signs nobody in or out."""
    if language := asked_language(request):
        translation.activate(language)
    address = client_address(request)
    if is_over_limit("bulletin.wrong", address, WRONG_CODES) or is_over_limit("bulletin", address, LOOKS):
        response = render(request, "reports/bulletin.html", {"is_busy": True}, status=429)
        response["Retry-After"] = str(WINDOW)
        return response
    count_try("bulletin", address, WINDOW)
    campaign = public_campaign(code)
    if campaign is None:
        count_try("bulletin.wrong", address, WINDOW)
        raise Http404
    context = {
        "campaign": campaign,
        "bulletin": Bulletin(campaign),
        "lookup": request.build_absolute_uri(reverse("issues:receipt_lookup")),
        "contact": office_contact(campaign),
    }
    response = render(request, "reports/bulletin.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"  # what is taken down must not live on in a search engine
    response["Cache-Control"] = f"public, max-age={KEPT}"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


# --- The office's pages ----------------------------------------------------------------------------------------------

office_page = permission_required("reports.issue_report", raise_exception=True)


def _own_campaign(request):
    """(campaign, all of them) whose bulletin is this person's to publish; 404 for another office."""
    campaign, campaigns = asked_campaign(request)
    if not can_issue_reports(request.user, campaign):
        raise Http404
    return campaign, campaigns


def _office_address(campaign):
    return f"{reverse('reports:bulletin_office')}?campaign={campaign.code}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def bulletin_office(request):
    """The switch, the examples that stand, those taken down, and the closed issues that one may be made of."""
    campaign, campaigns = _own_campaign(request)
    refusals = []
    if request.method == "POST":
        try:
            return _do(request, campaign)
        except ValidationError as refusal:
            refusals = refusal.messages
    candidates = example_candidates(request.user, campaign)
    if words := asked(request, "words"):
        candidates = candidates.filter(title__icontains=words)
    examples = BulletinExample.objects.filter(issue__campaign=campaign)
    examples = examples.select_related("issue", "ticked_by__cadre", "taken_down_by__cadre")
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "refusals": refusals,
        "is_public": is_public(campaign),
        "switches": BulletinSwitch.objects.filter(campaign=campaign).select_related("by__cadre")[:PAGE],
        "standing": examples.standing(),
        "shown": set(examples.shown().values_list("pk", flat=True)),
        "taken_down": examples.exclude(taken_down_at=None)[:PAGE],
        "page": Paginator(candidates, PAGE).get_page(request.GET.get("page")),
        "words": words,
    }
    return render(request, "reports/bulletin_office.html", context, status=422 if refusals else 200)


def _do(request, campaign):
    """Do what the button says and go back to the page."""
    action = request.POST.get("action")
    if action in ("open", "close"):
        switch_bulletin(campaign, by=request.user, public=action == "open")
    elif action == "take_down":
        examples = BulletinExample.objects.filter(issue__campaign=campaign).select_related("issue__campaign")
        pk = request.POST.get("example", "")
        example = get_object_or_404(examples, pk=pk if pk.isdecimal() and len(pk) < 19 else 0)
        form = TakeDownForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("请写明为什么撤下，不超过 200 字。"))
        take_down_example(example, by=request.user, reason=form.cleaned_data["reason"])
    else:
        raise Http404
    return redirect(_office_address(campaign))


@opens(Issue)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def bulletin_example(request, pk):
    """Word an example for a closed issue, look at it as residents will, then publish it."""
    campaign, _campaigns = _own_campaign(request)
    issue = get_object_or_404(example_candidates(request.user, campaign), pk=pk)
    form = ExampleForm(request.POST or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        for problem in example_problems(issue, "\n".join(words.values())):
            form.add_error(None, problem)
        if not form.errors:
            preview = words
        if preview and request.POST.get("action") == "publish":
            try:
                put_up_example(issue, by=request.user, **words)
                return redirect(_office_address(campaign))
            except ValidationError as refusal:
                form.add_error(None, refusal)
    context = {"campaign": campaign, "issue": issue, "form": form, "preview": preview}
    return render(request, "reports/bulletin_example.html", context, status=422 if form.errors else 200)

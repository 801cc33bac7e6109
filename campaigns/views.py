"""The page that tells everybody what is collected, why and for how long: without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from canvass.asking import asked_language
from canvass.opens import opens_no_record
from canvass.rate_limit import client_address, count_try, is_over_limit

from .models import PrivacyNotice

# For one address, which may be a whole village behind one line, within the window.
WINDOW, LOOKS, WRONG_CODES = 10 * 60, 600, 30


@opens_no_record("what everybody may read, without a sign-in")
@login_not_required
@require_safe
def notice_show(request, code, version=None):
    """One version of a campaign's notice, by default the one that holds now; the others are one tap away."""
    if language := asked_language(request):
        translation.activate(language)
    address = client_address(request)
    if is_over_limit("notice.wrong", address, WRONG_CODES) or is_over_limit("notice", address, LOOKS):
        response = render(request, "campaigns/notice_busy.html", status=429)
        response["Retry-After"] = str(WINDOW)
        return response
    count_try("notice", address, WINDOW)
    # Newest first, as the model orders them.
    versions = list(PrivacyNotice.objects.filter(campaign__code=code).select_related("campaign"))
    notice = next((one for one in versions if version in (None, one.version)), None)
    if notice is None:
        count_try("notice.wrong", address, WINDOW)
        raise Http404
    context = {
        "notice": notice,
        "campaign": notice.campaign,
        "others": [one for one in versions if one is not notice],
        "is_current": notice is versions[0],
    }
    return render(request, "campaigns/notice_show.html", context)

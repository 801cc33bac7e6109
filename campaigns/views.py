"""The page that tells everybody what is collected, why and for how long: without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from canvass.asking import asked_language
from canvass.opens import opens_no_record

from .models import PrivacyNotice


@opens_no_record("what everybody may read, without a sign-in")
@login_not_required
@require_safe
def notice_show(request, code, version=None):
    """One version of a campaign's notice, by default the one that holds now; the others are one tap away."""
    if language := asked_language(request):
        translation.activate(language)
    # Newest first, as the model orders them.
    versions = list(PrivacyNotice.objects.filter(campaign__code=code).select_related("campaign"))
    notice = next((one for one in versions if version in (None, one.version)), None)
    if notice is None:
        raise Http404
    context = {
        "notice": notice,
        "campaign": notice.campaign,
        "others": [one for one in versions if one is not notice],
        "is_current": notice is versions[0],
    }
    return render(request, "campaigns/notice_show.html", context)

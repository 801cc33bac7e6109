"""Photos of a visit: shown, sent by the queue of a phone, added on the visit's page, taken out with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canvass.opens import opens

from . import permissions, photo_services, photos
from .day_views import may_view
from .forms import ReasonForm
from .models import Visit, VisitPhoto
from .phone_answers import is_of_signed_in

may_file = permission_required("visits.add_visit", raise_exception=True)
may_change = permission_required("visits.change_visit", raise_exception=True)


def _photos(user):
    """Those that are not taken out, of the visits that one may see."""
    shown = VisitPhoto.objects.visible_to(user).kept().valid_at(timezone.now())
    return shown.select_related("visit__campaign", "visit__entry")


@opens(VisitPhoto)
@require_safe
@may_view
def visit_photo(request, pk):
    """The picture; small with ?size=small. Kept by the browser, which asks each time whether it may show it."""
    photo = get_object_or_404(_photos(request.user), pk=pk)
    is_small = request.GET.get("size") == "small"
    etag = f'"{photo.pk}-{photo.sha256[:16]}{"-small" if is_small else ""}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        data = _bytes_of(photo)
        response = HttpResponse(photos.small(data) if is_small else data, content_type="image/jpeg")
        response["Content-Disposition"] = "inline"
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def _bytes_of(photo):
    """The stored picture; 404 where a backup was restored without its files."""
    try:
        with photo.image.open() as file:
            return file.read()
    except FileNotFoundError:
        raise Http404 from None


# --- From the queue of a phone ------------------------------------------------------------------------------


@opens(Visit, by="client_id")
@require_POST
@may_file
def phone_photo(request, identity):
    """One photo of a visit under its form's identity, as bare bytes: 201 new, 200 known, 422 with a sentence.

    401 when somebody else is signed in by now. The answer names the phone's own row, which then may go.
    """
    if not is_of_signed_in(request):
        return JsonResponse({"error": "signed_out"}, status=401)
    visit = get_object_or_404(
        Visit.objects.visible_to(request.user).own(request.user).select_related("campaign"),
        client_id=identity,
    )
    try:
        if not permissions.can_add_photo(request.user, visit):
            raise ValidationError(photo_services.NOT_NOW)
        _photo, is_new = photo_services.add_photo(visit, request.body, by=request.user)
    except RequestDataTooBig:
        return JsonResponse({"refused": _("照片太大，请重新打开这张表再选一次。")}, status=422)
    except ValidationError as refusal:
        return JsonResponse({"refused": refusal.messages[0]}, status=422)
    kept = {"id": request.headers.get("X-Photo", "")}
    return JsonResponse({"photo": kept}, status=201 if is_new else 200)


# --- On the visit's page ------------------------------------------------------------------------------------


def tell_refused(request, refused):
    """What could not be kept, one sentence each."""
    for sentence in refused:
        messages.warning(request, sentence)


@opens(Visit)
@require_POST
@may_change
def visit_photo_add(request, pk):
    """More photos, by those who may correct the visit."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).select_related("campaign"), pk=pk)
    if not permissions.can_add_photo(request.user, visit):
        raise PermissionDenied
    files = request.FILES.getlist("photos")
    refused = photo_services.add_photos(visit, files, by=request.user)
    tell_refused(request, refused)
    if not files:
        messages.warning(request, _("还没有选照片：先选照片，再点“加照片”。"))
    elif kept := len(files) - len(refused):
        messages.success(
            request, ngettext("已存下 %(n)d 张照片。", "已存下 %(n)d 张照片。", kept) % {"n": kept}
        )
    return redirect("visits:visit_detail", pk=visit.pk)


@opens(VisitPhoto)
@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def visit_photo_take_out(request, pk):
    """A photo that should not be there, with the reason."""
    photo = get_object_or_404(_photos(request.user), pk=pk)
    if not permissions.can_add_photo(request.user, photo.visit):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            photo_services.take_out_photo(photo, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("照片已拿掉，谁也看不到了；经手人和原因留在记录里。"))
            return redirect("visits:visit_detail", pk=photo.visit_id)
    context = {"form": form, "photo": photo, "visit": photo.visit, "campaign": photo.visit.campaign}
    return render(request, "visits/visit_photo_take_out.html", context)

"""The notices of campaigns at the desk: read there, and a new version published; no version ever changes."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from canvass import places
from canvass.admin import OfficeAdmin

from .admin_filters import CampaignFilter
from .models import PrivacyNotice
from .notice_models import PARTS
from .services import publish_notice


class NoticeForm(forms.ModelForm):
    """A new version, over the words of the one that holds. `seen` tells which that was when the form was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in PARTS}

    def clean_campaign(self):
        campaign = self.cleaned_data["campaign"]
        codes = self.request.user.reach.codes_with("campaigns.add_privacynotice")
        if not places.is_inside(campaign.area_id, *codes):
            raise forms.ValidationError(_("告知书由管整个活动区划的活动办发布。"))
        return campaign

    def clean(self):
        cleaned = super().clean()
        self.instance.seen = cleaned.get("seen")
        return cleaned


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(OfficeAdmin):
    form = NoticeForm
    campaign_field = "campaign"
    # The service counts the versions, and it alone.
    asks_constraints = False
    list_display = ["__str__", "campaign", "valid_from", "page", "following"]
    list_select_related = ["campaign"]
    list_filter = [CampaignFilter]
    fields = ["campaign", *PARTS, "seen"]

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return ["campaign", "version", *PARTS, "valid_from"] if obj else self.fields

    def get_changeform_initial_data(self, request):
        """The words of the version that holds, to be changed where they have to be."""
        initial = super().get_changeform_initial_data(request)
        chosen = str(initial.get("campaign", ""))
        rows = self.scope(request).filter(campaign=chosen) if chosen.isdecimal() and len(chosen) < 19 else ()
        if current := next(iter(rows), None):
            initial |= {name: getattr(current, name) for name in PARTS} | {"seen": current.version}
        return initial

    def save_model(self, request, obj, form, change):
        publish_notice(obj, by=request.user)

    @admin.display(description=_("公开页"))
    def page(self, obj):
        address = reverse("campaigns:notice_show", args=[obj.campaign.code, obj.version])
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description=_("下一版"))
    def following(self, obj):
        """The form of the next version over the words of this one, where this one holds."""
        if obj.version != obj.campaign.notice_version or not self.may_publish:
            return "—"
        address = f"{reverse('admin:campaigns_privacynotice_add')}?campaign={obj.campaign_id}"
        return format_html('<a href="{}">{}</a>', address, _("发布下一版"))

    def get_list_display(self, request):
        self.may_publish = self.has_add_permission(request)
        return super().get_list_display(request)

"""What is asked of whoever looks into something that was said to be solved on the spot."""

from django import forms
from django.utils.translation import gettext_lazy as _

from canvass.admin_verbs import VerbForm

from .models import Category, Issue, SpotRefusal
from .models.issues import RESTRICTED_CATEGORY
from .triage_forms import category_choices, title_from


class SpotForm(VerbForm):
    """It is solved: a title and a category, both proposed."""

    title = forms.CharField(
        label=_("标题"),
        max_length=Issue._meta.get_field("title").max_length,
        help_text=_("写事，不写姓名。"),
    )
    category = forms.ChoiceField(label=_("类别"))

    def __init__(self, *args, subject, request, category=None, **kwargs):
        initial = {"title": title_from(subject.words_verbatim), "category": category}
        super().__init__(*args, subject=subject, request=request, initial=initial, **kwargs)
        self.fields["category"].choices = [
            (name, rows) for name, rows in category_choices() if not name.startswith(RESTRICTED_CATEGORY)
        ]

    def clean_category(self):
        return Category.objects.get(pk=self.cleaned_data["category"])


class SpotRefusalForm(VerbForm):
    """It is not solved: why."""

    reason = forms.CharField(
        label=_("为什么没有解决"),
        max_length=SpotRefusal._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：灯换过，晚上还是不亮。写事，不写姓名；活动办和走访人会看到。"),
        error_messages={"required": _("请写明为什么没有解决。")},
    )

"""What the triage desk asks for: as little as a clerk can do without."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from canvass.admin_verbs import VerbForm
from visits.enums import OpinionNature

from .enums import IssueLevel, Urgency
from .models import Category, Issue, IssueOpinion
from .permissions import can_accept_issue

LONGEST_TITLE = 30


def title_from(words):
    """The first sentence of the words, shortened: a beginning for the clerk, who writes the matter, not the person."""
    first = re.split(r"[。！？!?；;\n]", words.strip(), maxsplit=1)[0].strip() or words.strip()
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"


def category_choices():
    """Active categories under their first level, in the order of their codes."""
    groups, below = {}, {}
    for row in Category.objects.filter(is_active=True):
        if row.parent_id is None:
            groups[row.code] = row
        below.setdefault(row.code[:2], []).append((row.code, f"{row.code} {row}"))
    named = [(f"{code} {groups[code]}" if code in groups else code, rows) for code, rows in below.items()]
    return [("", "—"), *named]


class AcceptWordsForm(VerbForm):
    """An issue from the words on the desk; the place is theirs."""

    title = forms.CharField(label=_("标题"), max_length=Issue._meta.get_field("title").max_length)
    category = forms.ChoiceField(label=_("类别"))
    level = forms.ChoiceField(label=_("层级"))
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)

    def __init__(self, *args, subject, request, category=None, **kwargs):
        urgency = Urgency.usual(subject.nature)
        initial = {"title": title_from(subject.words_verbatim), "category": category, "urgency": urgency}
        super().__init__(*args, subject=subject, request=request, initial=initial, **kwargs)
        self.fields["category"].choices = category_choices()
        self.fields["level"].choices = levels = [
            (level.value, level.label)
            for level in IssueLevel
            if can_accept_issue(request.user, subject.place_id, level)
        ]
        usual = IssueLevel.TOWN if len(levels) > 1 else IssueLevel.VILLAGE
        self.fields["level"].initial = usual

    def clean_category(self):
        return Category.objects.get(pk=self.cleaned_data["category"])


class TakeOutForm(VerbForm):
    """Why words do not belong to an issue after all."""

    reason = forms.CharField(
        label=_("为什么移出"),
        max_length=IssueOpinion._meta.get_field("removed_because").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：说的是另一处的路灯。写事，不写姓名；会记入办理过程。"),
        error_messages={"required": _("请写明为什么移出。")},
    )


class NoteForm(VerbForm):
    """Praise needs no word; of a question, how it was answered."""

    text = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, subject, request, **kwargs):
        super().__init__(*args, subject=subject, request=request, **kwargs)
        if subject.nature == OpinionNature.QUESTION:
            self.fields["text"].label = _("怎样答复的")
            self.fields["text"].required = True

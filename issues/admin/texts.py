"""Answer templates: the office's texts for what departments and the office itself write again and again."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from canvass.admin import OfficeAdmin
from canvass.admin_filters import ListedFilter

from ..answer_texts import GAP, LONGEST, PLACEHOLDERS, moves_for, unknown_placeholders
from ..enums import TextKind
from ..models import AnswerTemplate, Category
from ..workflow import MOVES

# One move may record several fields: each stands in the list once.
MOVE_CHOICES = [
    (move.name, move.label) for move in MOVES.values() if any(move in moves_for(kind) for kind in TextKind)
]


def _placeholder_words():
    return _("、").join(f"{{{name}}} {word}" for name, word in PLACEHOLDERS.items())


class AnswerTemplateForm(forms.ModelForm):
    """Which field of which move a text is for, and that it names nothing but the known facts."""

    move = forms.ChoiceField(label=_("用于"), choices=[("", "—"), *MOVE_CHOICES])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].help_text = _(
                "可以写：%(placeholders)s，套用时换成这件问题的内容。“%(gap)s”是留给经办人填的空，不填好不能提交。不写人名。"
            ) % {"placeholders": _placeholder_words(), "gap": GAP}

    def clean_text(self):
        text = self.cleaned_data["text"]
        if unknown := unknown_placeholders(text):
            raise forms.ValidationError(
                _("不认识 %(unknown)s。可以写的只有：%(placeholders)s。"),
                params={
                    "unknown": _("、").join(dict.fromkeys(unknown)),
                    "placeholders": _placeholder_words(),
                },
            )
        return text

    def clean(self):
        cleaned = super().clean()
        move, field, text = (cleaned.get(name) for name in ("move", "field", "text"))
        if move and field:
            self._check_move(MOVES[move], TextKind(field))
        if field and text and len(text) > LONGEST[field]:
            self.add_error("text", _("“%(field)s”最多写 %(longest)d 个字，现在有 %(length)d 个。") % {
                "field": TextKind(field).label, "longest": LONGEST[field], "length": len(text),
            })  # fmt: skip
        return cleaned

    def _check_move(self, move, kind):
        fitting = moves_for(kind)
        if move in fitting:
            return
        error = forms.ValidationError(
            _("“%(move)s”没有“%(field)s”这一栏可用范本；有这一栏的是：%(moves)s。"),
            params={
                "move": move.label,
                "field": kind.label,
                "moves": _("、").join(str(one.label) for one in fitting),
            },
        )
        self.add_error("move", error)


class MoveFilter(ListedFilter):
    title = _("用于")
    parameter_name = "move"

    def lookups(self, request, model_admin):
        return MOVE_CHOICES

    def queryset(self, request, queryset):
        return queryset.filter(move=self.value()) if self.value() else queryset


class TemplateCategoryFilter(ListedFilter):
    """By the first level, with what stands below it; or those for all."""

    title = _("类别")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        rows = [(row.code, f"{row.code} {row}") for row in Category.objects.filter(parent=None)]
        return [("none", _("所有类别")), *rows]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(category=None)
        return queryset.filter(category__code__startswith=self.value()) if self.value() else queryset


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(OfficeAdmin):
    form = AnswerTemplateForm
    is_common = True
    list_display = ["name", "move_label", "field", "category_label", "is_active"]
    list_select_related = ["category__parent"]
    list_filter = ["is_active", MoveFilter, "field", TemplateCategoryFilter]
    search_fields = ["name", "text"]
    search_help_text = _("按名称或内容查找")
    autocomplete_fields = ["category"]
    fields = ["name", "move", "field", "category", "text", "is_active"]

    @admin.display(description=_("用于"), ordering="move")
    def move_label(self, obj):
        return MOVES[obj.move].label if obj.move in MOVES else obj.move

    @admin.display(description=_("类别"), ordering="category")
    def category_label(self, obj):
        return str(obj.category) if obj.category_id else _("所有类别")

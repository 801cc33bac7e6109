"""The page of a move: what it must record, texts to begin with, and what the resident would read."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from canvass.asking import came_from
from canvass.opens import opens

from .answer_texts import templates_for, text_for
from .enums import FollowUpResult, TextKind
from .forms import PlainMoveForm, move_form
from .models import Issue
from .moves import move_issue
from .permissions import calls_for, can_move_issue
from .receipts import matter_after
from .views import view_issues, visible_issues
from .workflow import LOOK_BACK, MOVES, SECOND_CHECK

# What a move records and its resident then reads.
READ_BY_RESIDENTS = (TextKind.REPLY, TextKind.ROUTE)


@opens(Issue)
@view_issues
def issue_move(request, pk, move):
    """Ask for what the move must record, then make it. A move that is not this person's is not found.

    Two more buttons of the form write nothing: one puts a text into its field, one shows what the resident
    would read. Both keep everything typed.
    """
    issue = get_object_or_404(visible_issues(request.user), pk=pk)
    move = MOVES.get(move)
    if move is None or not can_move_issue(request.user, issue, move):
        raise Http404
    texts = offered_texts(issue, move)
    form_class = move_form(move, PlainMoveForm)
    fits = issue.state in move.sources and calls_for(issue, move)
    context = {"issue": issue, "move": move, "texts": texts, "fits": fits}
    back = came_from(request, reverse("issues:issue_detail", args=[pk]))
    if "use_text" in request.POST or "preview" in request.POST:
        form = form_class(subject=issue, request=request, initial=_typed(form_class, issue, request))
        context |= _use(form, texts, request) if "use_text" in request.POST else _preview(form, issue, move)
    else:
        form = form_class(request.POST or None, subject=issue, request=request)
        if request.method == "POST" and form.is_valid() and _moved(form, issue, move, request):
            return redirect(_back_from(request, issue, move, form.cleaned_data, back))
    context |= {
        "form": form,
        "back": back,
        "read": [name for name in READ_BY_RESIDENTS if name in move.required],
        "kept": [] if context["fits"] else _words(form, request),
    }
    return render(request, "issues/issue_move.html", context)


def _moved(form, issue, move, request):
    """Whether the move was made; a refusal is an error on the form."""
    try:
        moved = move_issue(issue, move=move.name, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        if getattr(error, "code", "") == "stale":  # told once: what was typed may be sent again
            form.data = form.data.copy()
            form.data["version"] = issue.version
        return False
    messages.success(request, _("已%(move)s：%(issue)s") % {"move": move.label, "issue": moved})
    return True


def _back_from(request, issue, move, values, back):
    """Where to go on: a department that sent an issue back does not see it any more; what was found unsolved is
    decided at once."""
    own = reverse("issues:issue_detail", args=[issue.pk])
    if move.name in (LOOK_BACK, SECOND_CHECK) and values["result"] == FollowUpResult.NOT_SOLVED:
        return own
    is_gone = back.startswith(own) and not visible_issues(request.user).filter(pk=issue.pk).exists()
    return reverse("issues:issue_list") if is_gone else back


def _typed(form_class, issue, request):
    """What the form holds as it was typed, right or wrong, to begin another form with."""
    fields = form_class(subject=issue, request=request).fields
    return {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in fields.items()
    }


def _words(form, request):
    """[(label, what was typed)] of a move that has become impossible meanwhile, to be copied."""
    texts = [name for name, field in form.fields.items() if type(field) is forms.CharField]
    typed = [(form.fields[name].label, request.POST.get(name, "").strip()) for name in texts]
    return [(label, words) for label, words in typed if words]


# --- Texts to begin with ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfferedText:
    key: str
    name: str
    field: str
    text: str

    @property
    def group(self):
        return TextKind(self.field).label


def offered_texts(issue, move):
    """The templates that fit; and for the answer the department's last note: there a clerk leaves a draft."""
    offered = [
        OfferedText(
            str(row.pk),
            f"{row.name} · {row.category}" if row.category_id else row.name,
            row.field,
            text_for(row, issue),
        )
        for row in templates_for(issue, move)
    ]
    if TextKind.REPLY in move.fields and (note := last_note(issue)):
        words = {"person": note.by.display_name if note.by else "", "at": _day(note.at)}
        name = _("%(person)s %(at)s 记的进展") % words
        offered.insert(0, OfferedText("note", name, TextKind.REPLY, _plain(note.reason)))
    return offered


def last_note(issue):
    """What the department that has the issue noted last, or None."""
    notes = issue.steps.filter(move="note", department=issue.lead_department_id).exclude(reason="")
    return notes.select_related("by__cadre").order_by("-at", "-pk").first()


def _day(moment):
    return f"{timezone.localdate(moment):%m-%d}"


def _plain(text):
    return text.replace("\r\n", "\n").strip()


def _use(form, texts, request):
    """Put the chosen text into its field: over another unchanged one, but under what somebody typed."""
    chosen = next((one for one in texts if one.key == request.POST.get("text")), None)
    if chosen is None:
        return {"text_error": _("请先选一个范本。")}
    typed = _plain(form.initial.get(chosen.field) or "")
    if typed and typed not in {one.text for one in texts}:
        between = " " if chosen.field == TextKind.ROUTE else "\n"
        form.initial[chosen.field] = f"{typed}{between}{chosen.text}"
    else:
        form.initial[chosen.field] = chosen.text
    form.fields[chosen.field].widget.attrs["autofocus"] = True
    return {"chosen": chosen}


# --- What the resident would read -------------------------------------------------------------------------------


def _preview(form, issue, move):
    """The matter as its resident would read it, from the texts as typed."""
    texts = {
        str(name): _plain(form.initial.get(name) or "") for name in READ_BY_RESIDENTS if name in move.fields
    }
    if not texts:
        return {}
    if not any(texts.values()):
        return {"text_error": _("还没有写给群众看的话，写了才能预览。")}
    return {"preview": matter_after(issue, move, **texts)}

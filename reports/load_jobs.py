"""What the office's loading page lets a thread do: the dry run, and the load of the very same bytes."""

from django.utils.translation import gettext as _

from grids.models import User

from .loading import check, load
from .models import WorkbookLoad
from .permissions import can_load_area
from .sheets import SHEETS
from .uploads import INTERRUPTED, try_load_lock

SHOWN_EXAMPLES = 5


def start_check(upload, *, name, campaign):
    """Begin the dry run. What an earlier one found is forgotten; nothing happens while one is under way."""

    def work(progress):
        with upload.opened() as file:
            outcome = check(
                file,
                campaign_code=campaign or None,
                by=User.objects.get(pk=upload.user_pk),
                progress=progress,
                permit=_permit(upload.user_pk),
            )
        return _found(outcome)

    return upload.start("checking", work, name=name, campaign=campaign)


def start_load(upload, content):
    """Begin the load that a signed token allows. Returns a sentence when it cannot begin now, else None.

    Pressed again after it was done, it does nothing: the page tells that it is done, and the bytes are gone.
    """
    if present_state(upload)["phase"] == "done":
        return None
    if not upload.is_intact():
        return _("保存的文件与检查过的不一样，没有导入。请重新上传。")
    lock = try_load_lock()
    if lock is None:
        return _("另一份表格正在导入，请等它完成，再点“确认导入”。")

    def work(progress):
        person = User.objects.get(pk=upload.user_pk)
        with upload.opened() as file:
            outcome = load(
                file,
                campaign_code=content["campaign"] or None,
                by=person,
                file_name=content["name"],
                progress=progress,
                permit=_permit(upload.user_pk),
            )
        return _found(outcome)

    preview = upload.state().get("sheets", [])
    kept = {"name": content["name"], "campaign": content["campaign"], "sheets": preview}
    if not upload.start("loading", work, holding=lock, **kept):
        lock.close()
        return _("这份表格正在处理，请稍候。")
    return None


def _permit(user_pk):
    """The loader's question, answered by what the person may do at that moment."""

    def permit(campaign, area):
        person = User.objects.get(pk=user_pk)
        if not person.is_active or not person.has_perm("reports.load_workbook"):
            return _("您的账号现在不能导入表格。")
        stored = [campaign.area_id] if campaign.pk else []
        if all(can_load_area(person, code) for code in {area, *stored}):
            return None
        return _(
            "活动区划 %(area)s 不在您的活动办岗位范围之内，不能导入。请核对区划代码，或请上一级活动办导入。"
        ) % {"area": area}

    return permit


def _found(outcome):
    """An outcome as the page shows it, and what phase the upload is in by it."""
    if not outcome.ok:
        phase = "refused"
    elif outcome.changed:
        phase = "done"
    elif outcome.changes:
        phase = "checked"
    else:
        phase = "unchanged"
    return {
        "phase": phase,
        "errors": [vars(problem) for problem in outcome.errors],
        "error_count": outcome.error_count,
        "warnings": [vars(problem) for problem in outcome.warnings],
        "warning_count": outcome.warning_count,
        "sheets": _sheets(outcome) if outcome.ok else [],
        "title": outcome.campaign.name if outcome.ok and outcome.campaign else "",
        "code": outcome.campaign.code if outcome.ok and outcome.campaign else "",
    }


def _sheets(outcome):
    shown = []
    for sheet in SHEETS:
        if counts := outcome.sheets.get(sheet.key):
            found = outcome.examples.get(sheet.key, {})
            examples = {
                "new_ones": [_example(sheet, one) for one in found.get("created", ())[:SHOWN_EXAMPLES]],
                "old_ones": [_example(sheet, one) for one in found.get("changed", ())[:SHOWN_EXAMPLES]],
            }
            shown.append(counts | {"name": sheet.zh} | examples)
    return shown


def _example(sheet, example):
    """Stored keys are shown as the words of the cells."""
    changes = []
    for header, old, new in example["changes"]:
        words = sheet.by_header[header].labels if header in sheet.by_header else {}
        changes.append({"column": header, "old": words.get(old, old), "new": words.get(new, new)})
    return {"row": example["row"], "key": example["key"], "changes": changes}


def present_state(upload):
    """The state, told right even when the process died after its load was through but before it could say so."""
    state = upload.state()
    if state["phase"] == INTERRUPTED and state["interrupted"] == "loading":
        loads = WorkbookLoad.objects.filter(sha256=upload.sha256, by=upload.user_pk, at__gte=state["started"])
        if loads.exists():
            return state | {"phase": "done"}
    return state


def may_confirm(state):
    """Whether the page offers to load: after a clean dry run, and again when a load came to nothing by accident."""
    if state["phase"] in ("checked", "failed"):
        return bool(state.get("sheets"))
    return state["phase"] == INTERRUPTED and state["interrupted"] == "loading"

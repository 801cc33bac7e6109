"""Checks of what people typed: figures by hand must be marked, and must not contradict what is counted.

A typed figure may name the figure of the catalogue that it means, and the whole that it is part of; where it
does not, its label tells. The same goes for a claim in words: "全部解决" beside 96 of 103 is a contradiction.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canvass.masks import masked_name

from .catalogue import FIGURES
from .checks import Failure, check
from .exclusions import FULL
from .facts import CAMPAIGN
from .personal_words import householders_in, identity_in, phones_in
from .sentences import PARTS, label_of, unit_of, value_text
from .typed import LINES, line_of, typed_figures

# Other words for a figure's label.
SYNONYMS = {
    "households_visited": ("走访户数", "已访户数", "走访群众户数"),
    "visits": ("走访户次",),
    "cadre_visits": ("干部人次", "走访人次"),
    "issues": ("问题数", "收集问题", "登记问题"),
    "issues_resolved": ("解决问题", "问题解决数", "已经解决"),
    "issues_started": ("正在解决", "解决中"),
    "issues_resolved_or_started": ("解决或着手解决", "已解决和着手解决", "解决或正在解决"),
    "issues_closed": ("办结", "已办结", "销号"),
    "resolution_rate": ("问题解决率",),
    "visit_coverage": ("走访覆盖率", "覆盖率"),
    "suggestions": ("建议数", "收集建议"),
    "suggestions_adopted": ("采纳建议", "吸纳建议"),
    "cadres": ("走访人员", "参加走访人员"),
}
# A sum that hides its parts: solved and being solved in one number.
MERGED = re.compile(r"解决.{0,3}(或|和|及|与|、).{0,3}(着手|正在)?解决")
ALL_SOLVED = re.compile(
    r"(全部|所有|均|都|百分之百|100\s*[%％]|件件)[^。；，]{0,8}(解决|办结|化解)|"
    r"(解决|办结|化解)率?[^。；，]{0,4}(百分之百|100(\.0+)?\s*[%％])"
)
ALL_VISITED = re.compile(
    r"(全部|所有|均|都)[^。；，]{0,8}走访|走访[^。；，]{0,6}(全覆盖|百分之百|100(\.0+)?\s*[%％])"
)
# Said before a claim, it is none: "尚未全部解决", "争取全部走访".
NO_CLAIM = re.compile("未|没|不|争取|力争|确保|计划|要求|准备")
PLANS = ("needs", "next")  # lines that speak of tomorrow
LEAVES_OUT = re.compile("不含|不包括|除.*外|未计入")


def figure_meant(typed):
    """The key of the catalogue figure that a typed one stands for, or ""."""
    if typed.get("figure"):
        return typed["figure"]
    label = re.sub(r"[\s（）()]|累计|本周|全镇|全县|全市|全区", "", typed["label"])
    if MERGED.search(label):
        return "issues_resolved_or_started"
    names = {label_of(key): key for key in FIGURES}
    names |= {word: key for key, words in SYNONYMS.items() for word in words}
    return names.get(label, "")


def _values(facts, key):
    """What the report says of a figure: to date, and in its other periods."""
    return {facts.value(key, period) for period in facts.periods}


@check(gettext_lazy("人工填写的数字都注明填写人和理由。"))
def typed_figures_are_marked(facts):
    for typed in typed_figures(facts.draft):
        missing = [
            word for name, word in (("author", _("填写人")), ("reason", _("理由"))) if not typed.get(name)
        ]
        if missing:
            yield Failure(
                _("“%(label)s”没有写明%(missing)s。")
                % {"label": typed["label"], "missing": "、".join(missing)}
            )


@check(gettext_lazy("人工填写的数字与系统计算的数字不矛盾。"))
def typed_agree_with_figures(facts):
    for typed in typed_figures(facts.draft):
        key = figure_meant(typed)
        if not key:
            continue
        said = f"“{typed['label']}” {typed['value']}{typed['unit']}"
        if typed["unit"] != unit_of(key):
            yield Failure(
                _("%(said)s：%(label)s的单位是“%(unit)s”，户、户次、人次不能混用。")
                % {"said": said, "label": label_of(key), "unit": unit_of(key)},
                figure=key,
                period=CAMPAIGN,
            )
        elif isinstance(facts.value(key), dict) or typed["value"] not in _values(facts, key):
            counted = value_text(key, facts.result(key)) if not isinstance(facts.value(key), dict) else "…"
            yield Failure(
                _("%(said)s，系统计算的%(label)s为 %(counted)s。")
                % {"said": said, "label": label_of(key), "counted": counted},
                figure=key,
                period=CAMPAIGN,
            )


@check(gettext_lazy("人工填写的数字互不矛盾，小计小于总数。"))
def typed_agree_with_each_other(facts):
    typed = typed_figures(facts.draft)
    seen = {}
    for one in typed:
        name = figure_meant(one) or one["label"].strip()
        before = seen.setdefault(name, one)
        if (before["value"], before["unit"]) != (one["value"], one["unit"]):
            yield Failure(
                _("“%(one)s” %(first)s 与 “%(other)s” %(second)s 不一致。")
                % {
                    "one": before["label"],
                    "first": f"{before['value']}{before['unit']}",
                    "other": one["label"],
                    "second": f"{one['value']}{one['unit']}",
                }
            )
    for one in typed:
        whole = _whole_of(facts, typed, one)
        if whole is not None and one["value"] >= whole:
            yield Failure(
                _("“%(label)s” %(value)s 是其中的一部分，却不小于总数 %(whole)s。")
                % {"label": one["label"], "value": f"{one['value']}{one['unit']}", "whole": whole}
            )


def _whole_of(facts, typed, one):
    """The value of what a typed figure is part of: a figure's key, or another typed label."""
    name = one.get("part_of")
    if not name:
        return None
    if name in FIGURES:
        value = facts.value(name)
        return None if isinstance(value, dict) else value
    return next((other["value"] for other in typed if other["label"] == name and other is not one), None)


@check(gettext_lazy("“已解决或着手解决”连同两个分项一起填写。"))
def sums_stand_with_their_parts(facts):
    meant = {figure_meant(typed) for typed in typed_figures(facts.draft)}
    for whole, parts in PARTS.items():
        if whole in meant and not meant.issuperset(parts):
            yield Failure(
                _("%(whole)s须连同%(parts)s两个分项分开填写，不能合为一个数。")
                % {"whole": label_of(whole), "parts": "、".join(label_of(part) for part in parts)},
                figure=whole,
                period=CAMPAIGN,
            )


@check(gettext_lazy("“全部解决”“全覆盖”一类的话与数字相符。"))
def claims_agree_with_figures(facts):
    for key, label in LINES[facts.period.kind].items():
        text = line_of(facts.draft, key) if key not in PLANS else ""
        for pattern, rate in ((ALL_SOLVED, "resolution_rate"), (ALL_VISITED, "visit_coverage")):
            claim, result = _claimed(pattern, text), facts.result(rate)
            if claim and result.denominator and result.numerator < result.denominator:
                yield Failure(
                    _("“%(line)s”写有“%(claim)s”，而%(label)s为 %(counted)s。")
                    % {
                        "line": label,
                        "claim": claim[0],
                        "label": label_of(rate),
                        "counted": value_text(rate, result),
                    },
                    figure=rate,
                    period=CAMPAIGN,
                )


def _claimed(pattern, text):
    """The first place where the text says so of today."""
    found = pattern.finditer(text)
    return next(
        (one for one in found if not NO_CLAIM.search(text[max(0, one.start() - 4) : one.start()])), None
    )


@check(gettext_lazy("人工填写的“100%”写明不含哪些。"))
def typed_full_rates_say_what_is_left_out(facts):
    for typed in typed_figures(facts.draft):
        is_full = typed["unit"] == "%" and typed["value"] == FULL
        if is_full and not LEAVES_OUT.search(typed.get("reason") or ""):
            yield Failure(_("“%s” 100%%：请在理由里写明“不含……”。") % typed["label"])


@check(gettext_lazy("人工填写的文字不写住户姓名、电话和证件号码。"))
def typed_lines_name_nobody(facts):
    for key, label in LINES[facts.period.kind].items():
        text = line_of(facts.draft, key)
        if not text:
            continue
        # The report keeps this sentence, so it does not repeat what it complains about.
        names = [masked_name(name) for name in householders_in(facts.campaign.area_id, text)]
        numbers = [f"{identity_in(text)}…"] if identity_in(text) else phones_in(text)
        for found in names + numbers:
            yield Failure(
                _("“%(line)s”里有住户的姓名或号码（%(found)s），请删去或改写。")
                % {"line": label, "found": found}
            )


TYPED_CHECKS = (
    typed_figures_are_marked,
    typed_agree_with_figures,
    typed_agree_with_each_other,
    sums_stand_with_their_parts,
    claims_agree_with_figures,
    typed_full_rates_say_what_is_left_out,
    typed_lines_name_nobody,
)

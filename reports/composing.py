"""What a report says, made from its figures once: the page, the .docx and the .xlsx are renderings of it.

The content is plain JSON: sections and annexes of blocks (paragraphs of runs, tables whose cells are runs), the
results of all figures by period, the ledger's sheets, and notes. An issued edition keeps it for ever.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import override

from canvass.shared import shared_queries

from .catalogue import FIGURES
from .enums import ReportKind
from .exclusions import exclusions, households_left_out
from .facts import CAMPAIGN
from .ledger_sheets import ledger_sheets
from .report_sections import SECTIONS, annexes
from .sentences import CHINESE, cutoff_text
from .typed import typed_figures

FORMAT = 1


def compose(facts):
    """The content of a report as its figures stand; nothing in it says who issues it or when."""
    with override(CHINESE), shared_queries():
        content = _results(facts) | {
            "format": FORMAT,
            "title": f"{facts.campaign.name}{facts.period.kind.label}",
            "campaign": {
                "code": facts.campaign.code,
                "name": facts.campaign.name,
                "area_code": facts.campaign.area_id,
                "area": facts.campaign.area.name,
            },
            "kind": str(facts.period.kind),
            "period": facts.period.key,
            "first_on": facts.period.first.isoformat(),
            "last_on": facts.period.last.isoformat(),
            "sections": [section for section in SECTIONS[facts.period.kind](facts) if section],
            "annexes": annexes(facts),
            "typed": typed_figures(facts.draft),
            "exclusions": exclusions(facts),
            "ledger": ledger_sheets(facts),
        }
        return _as_stored(content)


def results(facts):
    """The part of the content that the figures alone make: for comparing an edition with today."""
    with override(CHINESE), shared_queries():
        return _as_stored(_results(facts))


def _results(facts):
    return {
        "as_of": timezone.localtime(facts.as_of).isoformat(),
        "known_at": timezone.localtime(facts.known_at).isoformat(),
        "cutoff": cutoff_text(facts.as_of, with_year=facts.period.kind == ReportKind.FINAL),
        "periods": list(facts.periods),
        "figures": {
            period: {key: list(found[key]) for key in FIGURES} for period, found in facts.totals.items()
        },
        "left_out": households_left_out(facts),
    }


def _as_stored(content):
    """As the database will give it back: lists, and labels in Chinese."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


# What may differ between two compositions of the same truth.
_MOMENTS = ("as_of", "known_at", "cutoff", "last_on", "stamp")


def says_the_same(one, other):
    """Whether two contents differ in nothing but the moments at which they were made."""
    return _without_moments(one) == _without_moments(other)


def _without_moments(content):
    kept = {key: value for key, value in content.items() if key not in _MOMENTS}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).replace(content["cutoff"], "")


def value_of(content, key, period=CAMPAIGN):
    """The frozen value of a figure, or None."""
    found = content["figures"].get(period, {}).get(key)
    return found[0] if found else None

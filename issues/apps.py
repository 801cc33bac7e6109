import csv
from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from visits.signals import words_corrected

from . import search_index


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = _("问题与实事")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        post_migrate.connect(add_missing_categories, sender=self, weak=False)
        post_migrate.connect(add_missing_limits, sender=self, weak=False)
        post_migrate.connect(add_first_templates, sender=self, weak=False)
        post_migrate.connect(search_index.build, sender=self, weak=False)
        from .corrections import follow_correction  # models are there only now

        words_corrected.connect(follow_correction, dispatch_uid="issues.follow_correction")


def add_missing_categories(using, **kwargs):
    """Put the shipped categories into the table; rows that the office has edited stay as they are."""
    from .models import Category

    with (Path(__file__).parent / "categories.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: len(row["code"]))
    Category.objects.using(using).bulk_create(
        [
            Category(code=row["code"], parent_id=row["parent"] or None, name=row["zh"], name_en=row["en"])
            for row in rows
        ],
        ignore_conflicts=True,
    )


# (profile, kind, urgency or "" for the others, amount, unit): the field's usual limits, for the office to edit.
DEFAULT_LIMITS = [
    ("campaign", "response", "", 1, "working_day"),
    ("campaign", "response", "urgent", 30, "minute"),
    ("campaign", "answer", "urgent", 1, "working_day"),
    ("campaign", "answer", "utilities", 24, "hour"),
    ("campaign", "answer", "question", 3, "working_day"),
    ("campaign", "answer", "", 5, "working_day"),
    ("campaign", "answer", "complex", 15, "day"),
    ("campaign", "answer", "project", 15, "day"),
    ("campaign", "close", "", 5, "working_day"),
    # The petition regulation of 2022: told within 15 days, answered in 60, reviewed in 30.
    ("petition", "response", "", 15, "day"),
    ("petition", "answer", "", 60, "day"),
    ("petition", "review", "", 30, "day"),
    ("petition", "close", "", 5, "working_day"),
]


def add_missing_limits(using, **kwargs):
    """Put the usual limits into the table; rows that the office has edited stay as they are."""
    from .models import TimeLimit

    TimeLimit.objects.using(using).bulk_create(
        [
            TimeLimit(profile=profile, kind=kind, urgency=urgency, amount=amount, unit=unit)
            for profile, kind, urgency, amount, unit in DEFAULT_LIMITS
        ],
        ignore_conflicts=True,
    )


# (name, move, field, category or None for all, text): to begin with. "____" is for whoever uses the text to fill in.
FIRST_TEMPLATES = [
    (
        "已经办好",
        "reply",
        "reply",
        None,
        "您反映的问题已经办好。我们做了：____。现在的情况：____。\n"
        "今后再出现同样的问题，请打电话____，或者告诉您所在网格的网格员。\n{department}，{today}",
    ),
    (
        "分步解决",
        "reply",
        "reply",
        None,
        "您反映的问题一时不能全部解决，我们分步来办。已经做完：____。下一步：____，计划在____以前完成。\n"
        "到时会有其他同志向您回访。有疑问请打电话____。\n{department}，{today}",
    ),
    (
        "按规定不能办",
        "reply",
        "reply",
        None,
        "您反映的问题我们查对了有关规定：____。按照规定，这件事不能办，原因是：____。\n"
        "您可以这样做：____。有疑问请打电话____。\n{department}，{today}",
    ),
    ("诉讼或者仲裁", "not_accept", "route", None, "____人民法院立案窗口（或者____仲裁委员会），电话____"),
    ("劳动争议", "not_accept", "route", "10", "____劳动人事争议仲裁委员会，电话____"),
    ("转有权处理的单位", "transfer", "route", None, "____，电话____；材料已经转去，由该单位直接答复"),
    ("等补充情况", "wait", "reason", None, "还缺____，已请反映人补充；补齐后继续办理。"),
]


def add_first_templates(using, **kwargs):
    """Give an empty table a few answer templates; an office that has its own keeps them as they are."""
    from .models import AnswerTemplate

    rows = AnswerTemplate.objects.using(using)
    if not rows.exists():
        rows.bulk_create(
            [
                AnswerTemplate(name=name, move=move, field=field, category_id=category, text=text)
                for name, move, field, category, text in FIRST_TEMPLATES
            ],
            ignore_conflicts=True,
        )

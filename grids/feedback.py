"""Verbs on what people say about this system, and the kind of page that it is about."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from canvass import places
from canvass.rate_limit import count_try, is_over_limit

from .models import Feedback, FeedbackAnswer

DAY = 24 * 60 * 60
MOST_A_DAY = 20


def kind_of_page(address):
    """The address of a page without anything that tells one row from another: numbers, codes, question marks.

    "/s/3F7K-…/?language=en" → "/s/…/"; what is no page of ours is "".
    """
    path = address.partition("?")[0].partition("#")[0]
    try:
        route = resolve(path).route
    except (Resolver404, UnicodeError):
        return ""
    return ("/" + re.sub(r"<[^>]*>", "…", route))[:200]


def _place_of(user):
    """Where the author's narrowest posting lies, a grid by its village; none for departments."""
    codes = [posting.place_id for posting in user.reach.postings if posting.place_id]
    return max(codes, key=len, default="")[: places.VILLAGE] or None


def say_feedback(*, by, wanted, happened, page):
    """Keep what was said. Raises ValidationError when one person says a great many things in a day."""
    if is_over_limit("feedback", str(by.pk), MOST_A_DAY):
        raise ValidationError(_("今天提的意见已经很多了，请明天再写，或者打电话告诉活动办。"))
    count_try("feedback", str(by.pk), DAY)
    return Feedback.objects.create(
        by=by, wanted=wanted, happened=happened, page=kind_of_page(page), place_id=_place_of(by)
    )


@transaction.atomic
def answer_feedback(feedback, *, by, text):
    """A line that the author reads. The feedback comes from `visible_to(by)`; nobody answers an own one."""
    if not by.has_perm("grids.add_feedbackanswer") or feedback.by_id == by.pk:
        raise ValidationError(_("自己提的意见请由别人答复。"))
    return FeedbackAnswer.objects.create(feedback=feedback, by=by, text=text)

"""What the page of a breakdown shows around its table: the choices of its form, and the saved views."""

from functools import cached_property

from django.utils.translation import gettext as _

from grids.models import Place

from .breakdown_asking import BEFORE, DAYS
from .breakdown_table import Table
from .breakdown_words import remarks, span_words
from .figure_choices import groups
from .models import SavedView
from .permissions import can_share_view
from .view_forms import SavedViewForm
from .weeks import weeks_between


class Page:
    """One BreakdownQuestion as a page."""

    def __init__(self, asked, user):
        self.asked, self.user = asked, user
        self.table = Table(asked)

    @property
    def query(self):
        return self.asked.address()

    @property
    def level_links(self):
        """(name, query, whether it is shown) of each level."""
        asked = self.asked
        return [
            (name, asked.address(level=level), level == asked.level) for level, name in asked.levels.items()
        ]

    @property
    def span(self):
        return span_words(self.asked.span, self.asked.scope)

    @property
    def then(self):
        return span_words(self.asked.then, self.asked.then_scope) if self.asked.then else ""

    @cached_property
    def remarks(self):
        return remarks(self.table)

    @cached_property
    def places(self):
        """The person's own places, the one that is shown and those one step below it."""
        question = self.asked.question
        below = Place.objects.filter(parent=question.place).active_on(question.scope.day).order_by("code")
        return [*dict.fromkeys([*question.places, question.place, *below])]

    @property
    def weeks(self):
        """The weeks of the campaign, the latest first."""
        campaign, asked = self.asked.question.campaign, self.asked.week
        weeks = weeks_between(campaign.first_on, campaign.last_on)
        return sorted({*weeks, *filter(None, [asked])}, reverse=True)

    @cached_property
    def figure_groups(self):
        """[(name, [(figure, whether it is chosen)], how many are)]."""
        chosen = {figure.key for figure in self.asked.figures}
        marked = [(name, [(one, one.key in chosen) for one in figures]) for name, figures in groups()]
        return [(name, figures, sum(is_chosen for _one, is_chosen in figures)) for name, figures in marked]

    @property
    def compares(self):
        """(value, name, whether it is chosen) of the ways to compare."""
        ways = (("", _("不对比")), (BEFORE, _("与上一时段比")), (DAYS, _("与另一时段比")))
        return [(value, name, value == self.asked.compare) for value, name in ways]

    @property
    def save_form(self):
        return SavedViewForm(may_share=can_share_view(self.user, self.asked.question.campaign))

    @cached_property
    def saved(self):
        """One's own views and those that the office shared with the readers of this campaign."""
        return SavedView.objects.readable_by(self.user).filter(campaign=self.asked.question.campaign)

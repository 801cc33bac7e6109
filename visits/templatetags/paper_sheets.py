"""How doors come onto sheets of paper, once a page knows what else stands beside each of them."""

from django import template

from .. import paper

register = template.Library()


@register.simple_tag
def paper_sheets(rows):
    """Sheets of (door, marks)."""
    return paper.sheets_of(rows)

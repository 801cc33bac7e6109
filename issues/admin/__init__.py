"""Issues, sorting of words, good deeds, categories and answer templates at the office desk."""

from . import catalogue, deeds, issues, sorting, texts

__all__ = ["catalogue", "deeds", "issues", "sorting", "texts"]

"""Visits, words, gatherings and handouts at the office desk."""

from . import opinions, records, register, visits

__all__ = ["opinions", "records", "register", "visits"]

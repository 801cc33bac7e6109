"""Registers at the office desk."""

from . import people, places, register

__all__ = ["people", "places", "register"]

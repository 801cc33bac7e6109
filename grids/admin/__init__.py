"""Registers at the office desk."""

from django.contrib import admin
from django.contrib.auth.models import Group

from . import people, places, register

__all__ = ["people", "places", "register"]

# Permissions come from postings alone: a group at the desk would promise what nobody gets.
admin.site.unregister(Group)

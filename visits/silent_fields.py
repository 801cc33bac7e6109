"""Hidden fields that a page or a phone fills in. Whatever else comes is nothing: it never stops a filing."""

from django import forms
from django.utils.dateparse import parse_datetime

from .models.visits import LONGEST_FILLING


class PhoneMomentField(forms.CharField):
    """What a phone's clock said. Whatever else comes is nothing: a broken clock never stops a filing."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            moment = parse_datetime(value or "")
            return moment if moment and moment.tzinfo and 1970 <= moment.year <= 2200 else None
        except ValueError:
            return None


class SecondsField(forms.CharField):
    """How long the form was in the hand, an hour at most. Whatever else comes is nothing: it never stops a filing."""

    widget = forms.HiddenInput

    def to_python(self, value):
        text = value or ""
        seconds = int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0
        return min(seconds, LONGEST_FILLING) or None


class VersionField(forms.CharField):
    """Which version of the notice stood on the form. Whatever else comes is nothing: it never stops a filing."""

    widget = forms.HiddenInput

    def to_python(self, value):
        text = value or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None

"""The name of a saved view, and the tick by which the office shares it."""

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from .models import SavedView


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]
        labels = {"is_shared": _("共享给本活动能看数字的人")}
        error_messages = {"name": {"required": _("请给视图起个名称。")}}

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    def clean(self):
        """The owner is not in the form, but the name must be free among the owner's."""
        data = super().clean()
        name = data.get("name")
        same = SavedView.objects.filter(owner=self.instance.owner, name=name).exclude(pk=self.instance.pk)
        if name and same.exists():
            self._refuse_name()
        return data

    def _refuse_name(self):
        self.add_error("name", SavedView._meta.constraints[0].violation_error_message)

    def stored(self):
        """The saved view; None when another window took the name at this moment, and the form says so."""
        try:
            with transaction.atomic():
                return self.save()
        except IntegrityError:
            self._refuse_name()
            return None

"""Tables of rows inside a form of the admin."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.core.autocomplete import Autocompleted


class NamedCells(Autocompleted):
    """Each input of a table says what it is, as the heading of its column does to those who see it."""

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            widget = getattr(field.widget, "widget", field.widget)  # of a relation the one inside the buttons
            widget.attrs["aria-label"] = capfirst(field.label or name)
        formset.deletion_widget = forms.CheckboxInput({"aria-label": _("Delete this row")})
        return formset

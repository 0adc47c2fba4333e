"""
Two people at one form: whoever saves second is told what has changed since, and loses nothing typed.

The form carries a digest of the row as it was shown. No column has to be counted up, so no step, command or import can
forget to: whatever changes the row changes its version.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.core.autocomplete import Autocompleted

FIELD = "version"


def version_of(row: Model) -> str:
    """Another one after every change of the row's own columns."""
    values = [f"{field.attname}={field.value_to_string(row)}" for field in row._meta.concrete_fields]
    return salted_hmac(FIELD, "\n".join(values), algorithm="sha256").hexdigest()[:32]


class VersionedForm(forms.ModelForm):
    """A form for a row that is there. To be checked in the transaction in which it is saved: the row is held."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial[FIELD] = version_of(self.instance)

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        seen = said.pop(FIELD, "")
        if self.instance.pk:
            self._compare(seen, said)
        return said

    def _compare(self, seen: str, said: dict[str, object]) -> None:
        rows = type(self.instance)._base_manager.select_for_update(of=("self",))
        now = rows.filter(pk=self.instance.pk).first()
        if now is None:
            raise ValidationError(_("Another person has deleted this meanwhile."))
        others = [] if version_of(now) == seen else standing(now, said)
        if not others:  # nobody came between, or somebody with the same words: a second click
            return
        self.data = self.data.copy()
        self.data[self.add_prefix(FIELD)] = version_of(now)  # whoever has read the sentence may save over it
        told = _("Another person has changed this meanwhile. What you typed is still here: save again to keep yours.")
        raise ValidationError([told, *others])


def standing(now: Model, said: dict[str, object]) -> list[str]:
    """What stands there now, of the fields in which it is something else than what was typed."""
    own = {field.name: field for field in now._meta.concrete_fields}
    names = [name for name in said if name in own and said[name] != getattr(now, name)]
    line = _("%(field)s is now: %(value)s")
    return [line % {"field": capfirst(own[name].verbose_name), "value": _shown(now, name)} for name in names]


def _shown(row: Model, name: str) -> str:
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    return "–" if value in (None, "") else str(localize(value))


class VersionedAdmin(Autocompleted, admin.ModelAdmin):
    """An admin page whose form, whichever it is, knows the version it was shown with."""

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        if self._is_open(request, obj):
            own = options.get("form", self.form)
            options["form"] = type(own.__name__, (VersionedForm, own), {})
        return super().get_form(request, obj, change=change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[tuple]:
        (name, first), *rest = super().get_fieldsets(request, obj)
        if not self._is_open(request, obj):
            return [(name, first), *rest]
        fields = [field for field in first["fields"] if field != FIELD]
        return [(name, {**first, "fields": [*fields, FIELD]}), *rest]

    def _is_open(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

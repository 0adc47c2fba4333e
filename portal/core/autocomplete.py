"""Fields of the admin that are searched while one types, given back as they were sent however they were forged."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField
from django.http import HttpRequest


class _Readable(AutocompleteMixin):
    """
    Django looks values up as they came to show the form again, and what is no number ends in an error there. The
    field refuses them in a sentence; here they are only left out.
    """

    def optgroups(self, name: str, value: Iterable[object], attr: dict[str, Any] | None = None) -> list:
        return super().optgroups(name, [one for one in value if self._can_be_read(one)], attr)

    def _can_be_read(self, value: object) -> bool:
        key = self.field.remote_field.model._meta.pk
        if isinstance(self.field, ForeignKey):
            key = self.field.target_field
        if value in ("", None):
            return True
        try:
            key.clean(value, None)
        except ValidationError:
            return False
        return "\x00" not in str(value)


class ReadableSelect(_Readable, AutocompleteSelect):
    pass


class ReadableSelectMultiple(_Readable, AutocompleteSelectMultiple):
    pass


class Autocompleted:
    """For admin classes with `autocomplete_fields`, inlines as well."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> forms.Field:
        given = self._with(ReadableSelect, db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        given = self._with(ReadableSelectMultiple, db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **given)

    def _with(self, widget: type, db_field: Field, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
        if "widget" in kwargs or db_field.name not in self.get_autocomplete_fields(request):
            return kwargs
        return {**kwargs, "widget": widget(db_field, self.admin_site, using=kwargs.get("using"))}

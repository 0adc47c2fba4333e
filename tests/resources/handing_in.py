"""What a member's browser sends, and what is then in the store."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from network.models import Organisation


def hand_in(client: Client, content: bytes, name: str, *, organisation: Organisation, language: str = "es"):
    address = {"es": "/es/mi-mesa/entregar/", "en": "/en/my-desk/upload/"}[language]
    return client.post(address, {"file": SimpleUploadedFile(name, content), "organisation": organisation.pk})


def form_data(page, **changes: object) -> dict[str, object]:
    """What a browser would send back from the edit page, with changes."""
    forms = page.context["forms"]
    data: dict[str, object] = {}
    for form in (forms.description, *forms.authors, *forms.files):
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
    for formset in (forms.authors, forms.files):
        for field in formset.management_form:
            data[field.html_name] = field.value() or 0
    tags = page.context["resource"].tags.names()
    return {**data, "tags": ", ".join(tags), **changes}


def stored(settings) -> list[Path]:
    """Every file in the store."""
    return [path for path in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*") if path.is_file()]

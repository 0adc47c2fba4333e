"""Letters are plain text in the reader's language, and only tell of what was committed."""

from pathlib import Path

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import translation
from django_ox.models import OxTask

from portal.core import mail


@pytest.fixture(autouse=True)
def _letter(settings, tmp_path: Path) -> None:
    """A letter of the test's own: its words are Django's, which both catalogues have."""
    folder = tmp_path / "test"
    folder.mkdir()
    (folder / "letter_subject.txt").write_text("{% translate 'Yes' %}\n{{ name }}\n")
    (folder / "letter_message.txt").write_text("{% translate 'No' %}, {{ name }}: {{ SITE_URL }}/x\n\n")
    engine, *others = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}, *others]
    settings.SITE_URL = "https://salud.example"


def send(name: str = "Ana", language: str = "es") -> None:
    mail.send("test/letter", to="ana@example.org", language=language, context={"name": name})


@pytest.mark.parametrize(("language", "words"), [("es", ("Sí", "No")), ("en", ("Yes", "No"))])
def test_a_letter_is_in_the_language_of_its_reader(db, language: str, words: tuple[str, str]) -> None:
    with translation.override("en" if language == "es" else "es"):
        send(language=language)
    letter = outbox.outbox[0]
    assert letter.subject == f"{words[0]} Ana"
    assert letter.body == f"{words[1]}, Ana: https://salud.example/x\n"
    assert letter.to == ["ana@example.org"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_names_are_neither_escaped_nor_able_to_add_headers(db) -> None:
    send("O'Higgins & Hijas\r\nBcc: todos@example.org")
    letter = outbox.outbox[0]
    assert letter.subject == "Sí O'Higgins & Hijas Bcc: todos@example.org"
    assert "O'Higgins & Hijas" in letter.body
    assert letter.recipients() == ["ana@example.org"]


def test_what_is_rolled_back_tells_nobody(settings, db) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert not OxTask.objects.exists()
    send()
    assert OxTask.objects.count() == 1
    assert not outbox.outbox  # it waits for the worker

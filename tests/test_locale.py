"""Both catalogues are complete, and compile without GNU gettext."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib import admin
from django.utils import translation

from portal.core import catalogues

SOURCES = [
    Path(folder, language, "LC_MESSAGES", "django.po") for folder in settings.LOCALE_PATHS for language in ("es", "en")
]


def test_english_is_said_as_it_stands_in_the_code() -> None:
    with SOURCES[1].open("rb") as source:
        catalogue = read_po(source, locale="en")
    assert [m.id for m in catalogue if m.id and m.string != m.id] == []


NOT_READ = {", ", 'The app "%s" could not be found.'}
"""A comma is one in Spanish, too; the other stands in an error that only developers see."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parts[-3])
def test_every_message_is_translated(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    messages = [message for message in catalogue if message.id]
    assert len(messages) > 300
    missing = [m.id for m in messages if m.fuzzy or not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert not missing


def test_what_django_s_admin_lacks_in_spanish_is_in_ours() -> None:
    path = Path(admin.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as source:
        lacking = {message.id for message in read_po(source, locale="es") if message.id and not message.string}
    with translation.override("es"):
        assert {words for words in lacking if translation.gettext(words) == words} <= NOT_READ


def test_a_newer_text_is_compiled_again(tmp_path: Path, settings) -> None:
    source = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    settings.LOCALE_PATHS = [tmp_path]
    assert catalogues.compile_stale() == [source.with_suffix(".mo")]
    assert catalogues.compile_stale() == []


def test_the_first_process_of_a_fresh_checkout_is_translated(tmp_path: Path) -> None:
    """Some texts are asked for while models are imported; the catalogue read then has to be compiled by then."""
    for source in SOURCES:
        copy = tmp_path / source.relative_to(settings.BASE_DIR / "locale")
        copy.parent.mkdir(parents=True)
        copy.write_bytes(source.read_bytes())
    program = (
        f"from portal import settings; settings.LOCALE_PATHS = [{str(tmp_path)!r}]\n"
        "import django; django.setup()\n"
        "from django.utils.translation import gettext, override\n"
        "with override('es'): print(gettext('Documents'))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert told.stdout == "Documentos\n", told.stderr

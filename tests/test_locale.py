"""Both catalogues are complete, and compile without GNU gettext."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from portal.core import catalogues

SOURCES = [
    Path(folder, language, "LC_MESSAGES", "django.po") for folder in settings.LOCALE_PATHS for language in ("es", "en")
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parts[-3])
def test_every_message_is_translated(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    messages = [message for message in catalogue if message.id]
    assert len(messages) > 300
    missing = [m.id for m in messages if m.fuzzy or not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert not missing


def test_a_newer_text_is_compiled_again(tmp_path: Path, settings) -> None:
    source = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    settings.LOCALE_PATHS = [tmp_path]
    assert catalogues.compile_stale() == [source.with_suffix(".mo")]
    assert catalogues.compile_stale() == []

"""Message catalogues: compiled when the text is newer than the compiled form, without GNU gettext."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def compile_stale() -> list[Path]:
    """Compile every catalogue whose .po is newer than its .mo; returns the .mo files written."""
    sources = [po for folder in settings.LOCALE_PATHS for po in Path(folder).glob("*/LC_MESSAGES/*.po")]
    return [compile_one(po) for po in sources if _is_stale(po)]


def compile_one(po: Path) -> Path:
    """Write the .mo beside its .po. Atomic, since the web server and the worker may start at the same moment."""
    compiled = po.with_suffix(".mo")
    draft = compiled.with_suffix(f".{os.getpid()}.part")
    with po.open("rb") as source, draft.open("wb") as target:
        write_mo(target, read_po(source, locale=po.parts[-3]))
    return draft.replace(compiled)


def _is_stale(po: Path) -> bool:
    compiled = po.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < po.stat().st_mtime

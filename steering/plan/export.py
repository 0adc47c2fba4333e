"""The whole plan as a file, of the figures of one reader, in the active language."""

import hashlib
import json
from functools import partial

from django.core.cache import cache

from steering.plan.export_json import data
from steering.plan.export_paper import paper
from steering.plan.export_word import word
from steering.plan.export_xlsx import xlsx
from steering.plan.figures import Figures
from steering.printing.pdf import print_pdf

FORMATS = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
PAPER = {"docx": word, "pdf": partial(print_pdf, what="plan")}
KEPT = 24 * 3600
"""Seconds a file is kept, should nothing change meanwhile."""


def name(figures: Figures, format: str) -> str:
    """`plan-2026-2027-v2.xlsx`; the committee's own says so, that nobody sends it round by mistake."""
    for_whom = "" if figures.is_for_all else f"-{figures.edition_slug}"
    return f"plan-{figures.plan.first_year}-{figures.last_year}-v{figures.version.number}{for_whom}.{format}"


def write(figures: Figures, format: str) -> bytes:
    """
    The file. What takes seconds to set is kept by its whole content, so that it is set once, and is never older than
    the figures. Raises KeyError for a format that is none.
    """
    if format == "json":
        return json.dumps(data(figures), ensure_ascii=False, indent=1).encode()
    if format == "xlsx":
        return xlsx(figures)
    values = paper(figures)
    content = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    return cache.get_or_set(f"plan-file:{format}:{content}", lambda: PAPER[format](values), KEPT)

"""Tables that leave the portal: cells that no spreadsheet program takes for a formula, and accents it can read."""

import csv
import re
from collections.abc import Iterable

from django.http import HttpResponse

FORMULA = re.compile(r"'*[=+\-@\t\r]")


def harmless(text: str) -> str:
    """Never the beginning of a formula, whatever the program that opens it: an apostrophe before it says text."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_answer(rows: Iterable[Iterable[object]], name: str) -> HttpResponse:
    """
    A download in UTF-8. The mark at its beginning is for Excel, which takes the accents of a file without it for
    others; programs that read CSV skip it.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    csv.writer(response).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return response

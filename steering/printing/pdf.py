"""Minutes, plans and their closing reports as tagged PDF (PDF/UA-1, ISO 14289-1), set from a page template."""

from typing import Never

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from steering.minutes_content import Content


def print_pdf(values: Content, what: str = "minutes", *, sheet: str = "") -> bytes:
    """
    The file, of `steering/<what>_print.html` in the language the values say, with the style sheet of that name or of
    another `sheet`.

    Nothing is fetched for it: neither over the network nor from this machine.
    """
    # Imported here because it needs Pango: a machine without it can run everything else.
    from weasyprint import CSS, HTML

    with override(values["language"]):
        page = render_to_string(f"steering/{what}_print.html", values)
    style = CSS(filename=finders.find(f"css/{sheet or what}_print.css"), url_fetcher=_refuse)
    return HTML(string=page, url_fetcher=_refuse).write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")


def _refuse(address: str, *args: object, **kwargs: object) -> Never:
    raise ValueError(f"A print fetches nothing: {address}")

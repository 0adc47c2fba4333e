"""Minutes as a Word document, in the secretariat's own template or in ours."""

from io import BytesIO
from typing import BinaryIO

from django.utils.translation import override
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from portal.core import languages
from portal.core.languages import Worded
from steering.minutes_content import Content


class BrokenTemplate(Exception):
    """What is wrong with a template, in the words of the template language, with the line where it is known."""


def print_word(values: Content, template: BinaryIO) -> bytes:
    """
    The template filled in: placeholders as in `{{ title }}`, loops as in `{%p for item in items %}`.

    Raises `BrokenTemplate` for what is no Word document or names something that is not there. A template reaches
    nothing but the values.
    """
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    filled = BytesIO()
    with override(values["language"]):
        plain = _plain(values)
    try:
        document = DocxTemplate(template)
        document.render(plain, environment)
        document.save(filled)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise BrokenTemplate(f"{error.message} ({line})" if line else str(error.message)) from error
    except Exception as error:  # python-docx, zipfile and lxml each have their own for a file that is none
        raise BrokenTemplate(type(error).__name__) from error
    return filled.getvalue()


def _plain(value: object) -> object:
    """Texts for Word, with the language named behind one that exists in the other language alone."""
    if isinstance(value, Worded):
        return f"{value.text} [{languages.name_of(value.language)}]" if value and not value.asked else value.text
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value

"""Tags of every template: texts in their language, addresses in the other one, dates as exact as they are known."""

from datetime import date
from decimal import Decimal

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override

from portal.core import audit, languages, second_factor
from portal.core.languages import Worded
from portal.core.mesa import Panel, panels

register = template.Library()

BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]  # fmt: skip
"""Words in what a browser says of itself; the first that fits counts, for each names its ancestors too."""

HEATS = 4
"""Steps of the colour scale, beside the one for zero."""


@register.filter
def worded(text: Worded) -> SafeString:
    """The text; in a <span> that carries its language where that is not the page's."""
    if text.language == get_language():
        return format_html("{}", text.text)
    return format_html('<span lang="{}">{}</span>', text.language, text.text)


@register.filter
def verb(code: str) -> str:
    """What was done, in words."""
    return audit.label(code)


@register.filter
def state(code: str) -> str:
    """The state before or after it, in words."""
    return audit.state(code)


@register.filter
def bilingual(texts: dict[str, str]) -> SafeString:
    """Of a text in both languages the reader's, else the other one with its `lang`."""
    order = list(dict.fromkeys([get_language() or "es", "es", "en"]))
    return worded(languages.worded(texts, order=order))


@register.filter
def language_name(code: str) -> str:
    return languages.name_of(code)


@register.simple_tag(takes_context=True)
def address_in(context: dict, language: str) -> str:
    """This page's address in another language: the object's own where the page shows one, else the translated path."""
    known = context.render_context.setdefault(address_in, {})  # asked for in the head and again in the page
    if language not in known:
        known[language] = _address_in(context, language)
    return known[language]


def _address_in(context: dict, language: str) -> str:
    if shown := context.get("page_object"):
        with override(language):
            return shown.get_absolute_url()
    request: HttpRequest | None = context.get("request")
    return translate_url(request.get_full_path(), language) if request else f"/{language}/"


@register.filter
def partial_date(resource: object) -> str:
    """The publication date with as much as is known: 12 October 2016, October 2016, 2016."""
    known: date | None = resource.publication_date
    if known is None:
        return ""
    formats = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}
    return date_format(known, formats[resource.date_precision])


@register.filter
def exact(value: Decimal) -> str:
    """A number with all its digits, without zeros nobody gave, with the point and comma of the region."""
    return f"{value.normalize():,f}"


@register.simple_tag
def heat(value: int, every: list[object]) -> int:
    """A step from 0 (none) to 4 (the most), by share of the largest `total` in the list."""
    largest = max((item.total for item in every), default=0)
    return 0 if not value else min(HEATS, 1 + (HEATS - 1) * value // largest)


@register.filter
def in_group(fields: object, numbers: str) -> list:
    """Fields of a form by name, in that order: form|in_group:"a b c"."""
    return [fields[name] for name in numbers.split()]


@register.filter
def browser(user_agent: str) -> str:
    """A browser and its system as people call them, as far as what it says of itself lets one tell."""
    name = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return " · ".join(part for part in (name, system) if part) or gettext("Unknown browser")


@register.simple_tag
def mesa(user: AbstractBaseUser) -> list[Panel]:
    """What there is to do for this person, on the first page of the admin."""
    return panels(user)


@register.simple_tag(takes_context=True)
def where_to_prove_it(context: dict[str, object]) -> str:
    """Where somebody shows who they are, who can't change anything before; "" for everybody else."""
    request = context.get("request")
    if request is None or not hasattr(request, "user") or not second_factor.should_be_asked_for(request):
        return ""
    return f"{second_factor.where_to(request.user)}?{urlencode({'next': request.path})}"

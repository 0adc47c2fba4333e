"""Tags of the library's pages."""

from html import escape  # as Django's, without its care for lazy texts, which costs more than the escaping

from django import template
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network.models import Organisation
from portal.core import languages
from resources.cards import Card, CardFile, Chip
from resources.listing import Choice, Year
from resources.models import Resource
from resources.search import Snippet, Suggestion

register = template.Library()

KINDS = {
    "title": gettext_lazy("document"),
    "topic": gettext_lazy("topic"),
    "organisation": gettext_lazy("organisation"),
    "country": gettext_lazy("country"),
}


@register.simple_tag
def page_link(card: Card, snippet: Snippet) -> SafeString:
    """The page a snippet stands on, as a link that opens the file there."""
    file = next((file for file in card.files if file.pk == snippet.file_id), None)
    text = _("p. %(n)s") % {"n": snippet.page}
    if file is None:
        return format_html('<span class="meta">{}</span>', text)
    return format_html('<a class="meta" href="{}">{}</a>', file.address_of_page(snippet.page), text)


@register.simple_tag
def card_chips(card: Card) -> SafeString:
    """
    Countries, topics and files of a card.

    Put together here, as are the choices below: a page has hundreds of them, and a template takes its time.
    """
    rows = [_chip(chip) for chip in card.countries[:3]]
    if (more := len(card.countries) - 3) > 0:
        others = _("and %(n)s more") % {"n": more}
        rows.append(f'<li class="meta">{escape(others)}</li>')
    rows += [_chip(chip) for chip in card.topics[:2]]
    rows += [_file_chip(file) for file in card.files]
    if not card.shown_title.asked:
        only = _("only in %(language)s") % {"language": languages.name_of(card.shown_title.language)}
        rows.append(f'<li class="meta">{escape(only)}</li>')
    return mark_safe("".join(rows))  # noqa: S308, escaped above


def _chip(chip: Chip) -> str:
    return f'<li><a class="chip" href="{escape(chip.address)}">{escape(chip.label)}</a></li>'


def _file_chip(file: CardFile) -> str:
    """Its language, kind and length: ES PDF, 12 pp."""
    kind = escape(file.format.label)
    if n := file.printed_pages:
        kind = escape(ngettext("%(kind)s, %(n)s p.", "%(kind)s, %(n)s pp.", n) % {"kind": file.format.label, "n": n})
    name, code = escape(languages.name_of(file.language)), escape(file.language.upper())
    return f'<li class="chip lang"><abbr title="{name}">{code}</abbr> {kind}</li>'


@register.simple_tag
def choice_list(name: str, choices: list[Choice]) -> SafeString:
    """The values of a facet to tick."""
    rows = []
    for choice in choices:
        value, checked = escape(choice.value), " checked" if choice.selected else ""
        rows.append(
            f'<li><label><input type="checkbox" name="{name}" id="{name}-{value}" value="{value}"{checked}>'
            f' <span>{escape(choice.label)}</span></label><span class="n">{choice.count}</span></li>'
        )
    return mark_safe(f"<ul>{''.join(rows)}</ul>")  # noqa: S308, escaped above


@register.simple_tag
def year_list(years: list[Year]) -> SafeString:
    """The years to choose from."""
    row = '<li><a rel="nofollow" href="{}">{}</a><span class="n">{}</span></li>'
    return format_html("<ul>{}</ul>", format_html_join("", row, ((y.address, y.year, y.count) for y in years)))


@register.simple_tag
def suggestion_address(suggestion: Suggestion) -> str:
    """Where choosing a suggestion leads: the page of the work, topic, organisation or country."""
    match suggestion.kind:
        case "title":
            return reverse("resources:by_number", args=[suggestion.value])
        case "country":
            return reverse("country", args=[suggestion.value.lower()])
        case kind:
            return reverse(kind, args=[suggestion.value])


@register.simple_tag
def suggestion_kind(suggestion: Suggestion) -> str:
    return str(KINDS[suggestion.kind])


@register.simple_tag
def organisations_to_choose() -> QuerySet[Organisation]:
    return Organisation.objects.all()


@register.filter
def field_name(name: str) -> str:
    """What a field of a work is called."""
    if name == "authors":  # their rows name the work, it does not name them
        return _("authors")
    return str(Resource._meta.get_field(name).verbose_name)

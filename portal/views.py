"""Pages that compose several rooms, and those that answer for the whole site."""

from django.db import connection
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network import directory, people
from network.directory import Directory
from network.models import Country, Organisation
from portal.core.tables import csv_answer
from resources import shelf
from resources.models import Resource, Topic
from steering.plan import frameworks, register
from steering.plan.part import part_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then the countries, the topics and what is new."""
    by_topic = shelf.counts(request.user, "topic")
    topics = sorted(Topic.objects.all(), key=lambda topic: -by_topic.get(topic.slug, 0))[:14]
    for topic in topics:
        topic.total = by_topic.get(topic.slug, 0)
    newest, total = shelf.newest(request.user, size=6)
    context = {
        "countries": _countries(request),
        "topics": [topic for topic in topics if topic.total],
        "newest": newest,
        "total": total,
        "organisations_total": Organisation.objects.members().count(),
    }
    return render(request, "home.html", context)


def _countries(request: HttpRequest) -> list[Country]:
    """The countries of the region with `total`, the works about each."""
    counts = shelf.counts(request.user, "country")
    countries = list(Country.objects.of_the_region())
    for country in countries:
        country.total = counts.get(country.code, 0)
    return countries


@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    return render(request, "network/country_list.html", {"countries": _countries(request)})


@require_safe
def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A country: its newest works, their topics, and who works there."""
    country = get_object_or_404(Country, code=code.upper())
    if code != code.lower():
        return redirect(country, permanent=True)
    resources, total = shelf.newest(request.user, country=country.code)
    if not total and not country.position:
        raise Http404
    members = Organisation.objects.members().select_related("sector")
    organisations = members.filter(country=country)
    working = members.filter(countries=country).exclude(country=country)
    context = {
        "country": country,
        "page_object": country,
        "resources": resources,
        "total": total,
        "organisations": organisations,
        "working": working,
        "outcomes": register.of_country(country),
        "frameworks": frameworks.of_country(request.user, country.code),
    }
    return render(request, "network/country_detail.html", context)


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Who belongs to the network: on the map, by filters, and each with the number of its documents."""
    shown = Directory.asked(request.GET)
    works = shelf.counts(request.user, "organisation")
    for held in shown.members:
        held.works = works.get(held.organisation.slug, 0)
    return render(request, "network/organisation_list.html", {"directory": shown})


@require_safe
def organisations_csv(request: HttpRequest) -> HttpResponse:
    """The same members as a table."""
    shown = Directory.asked(request.GET)
    rows = directory.table(shown.members, shelf.counts(request.user, "organisation"))
    return csv_answer(rows, _("organisations") + ".csv")


@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation, its membership and its works. One that has become part of another leads there."""
    organisations = Organisation.objects.select_related("sector", "country", "merged_into")
    organisation = get_object_or_404(organisations.prefetch_related("countries"), slug=slug)
    if organisation.merged_into:
        return redirect(organisation.merged_into, permanent=True)
    resources, total = shelf.newest(request.user, organisation=slug)
    context = {
        "organisation": organisation,
        "page_object": organisation,
        "membership": organisation.memberships.order_by("-since").first(),
        "formerly": organisation.merged.all(),
        "resources": resources,
        "total": total,
        "contacts": people.public_contacts(organisation),
        "part": part_of(organisation, request.user),
        "outcomes": register.of_organisation(organisation),
    }
    return render(request, "network/organisation_detail.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read everything public, but not wander through every combination of filters."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def health_live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health_ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work: its database answers and holds the tables."""
    try:
        connection.ensure_connection()
        Resource.objects.exists()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "error.html", {"status": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "error.html", {"status": 403}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or came from elsewhere."""
    return render(request, "error.html", {"status": 403, "csrf": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "error.html", {"status": 404}, status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody tries a thing too often: in words, and with the time after which a machine may ask again."""
    response = render(request, "error.html", {"status": 429}, status=429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without database and session: whatever broke may be one of them."""
    return render(None, "500.html", status=500)

"""
How often works are seen and their files fetched: numbers by work and day, and nothing about who it was.

Left out are robots that say so, whoever looks after the work, and everything that is no new reading: a page fetched
ahead of a click, the rest of a download that began before, a file the browser still has.
"""

import re

from django.db import DatabaseError, connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from portal.core.http import afterwards
from portal.core.locks import in_a_hurry
from resources.models import Resource, Use
from resources.models.resource import Reader
from resources.models.use import month_before

ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiver|preview|fetch|scrap|monitor|uptime|lighthouse|inspect|headless|harvest|feed"
    r"|externalhit|whatsapp|mediapartners|googleother|chatgpt|python|java/|okhttp|go-http|httpclient|libwww|curl|wget"
    r"|aiohttp|axios|node|ruby|perl|php|https?://",
    re.IGNORECASE,
)
"""What programs call themselves and browsers do not (Cubot makes telephones). Who gives no name is a program too."""

DAYS_KEPT_FOR = 2
"""Months whose days are kept, beside this one; of older ones a row a month."""

FIELDS = {"seen": "views", "downloaded": "downloads"}

ADD = """
INSERT INTO resources_use (resource_id, day, views, downloads) VALUES (%s, %s, %s, %s)
ON CONFLICT (resource_id, day) DO UPDATE
SET views = resources_use.views + excluded.views, downloads = resources_use.downloads + excluded.downloads
"""


def seen(request: HttpRequest, response: HttpResponseBase, work: Resource) -> None:
    """The page of this work goes out: count it, once it has gone."""
    if _is_reading(request, work):
        afterwards(response, lambda: _add(work.pk, views=1))


def fetched(request: HttpRequest, response: HttpResponseBase, work: Resource) -> None:
    """A file of this work goes out: count it if this is its beginning."""
    begins = response.headers.get("Content-Range", "bytes 0-").startswith("bytes 0-")
    if response.status_code in (200, 206) and begins and _is_reading(request, work):
        afterwards(response, lambda: _add(work.pk, downloads=1))


def is_of(work: Resource, reader: Reader) -> bool:
    """Does this person look after the work? They see how it is used, and are not counted."""
    return reader.is_authenticated and (reader.is_coordinator or work.organisation_id in reader.own_organisation_ids)


def _is_reading(request: HttpRequest, work: Resource) -> bool:
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    by_a_person = request.method == "GET" and agent and not ROBOT.search(agent) and not purpose
    return bool(by_a_person) and work.is_published and not is_of(work, request.user)


def _add(work_pk: int, *, views: int = 0, downloads: int = 0) -> None:
    """One statement, which two may send at once. Nobody waits for a busy database: then one count is lost."""
    try:
        with in_a_hurry(), connection.cursor() as cursor:
            cursor.execute(ADD, [work_pk, timezone.localdate(), views, downloads])
    except DatabaseError:  # busy, or the work was deleted at this moment
        pass


def counted(works: QuerySet[Resource]) -> QuerySet[Resource]:
    """The same works, each with how often it was `seen` and `downloaded` in the last twelve months. In their query."""
    year = Use.objects.of_the_year().filter(resource=OuterRef("pk")).order_by().values("resource")
    sums = {name: Subquery(year.annotate(n=Sum(field)).values("n")) for name, field in FIELDS.items()}
    return works.annotate(**{name: Coalesce(value, 0) for name, value in sums.items()})


@transaction.atomic
def fold() -> int:
    """Of months long over, one row instead of many; returns how many rows that spared. Safe to repeat."""
    over = Use.objects.filter(day__lt=month_before(DAYS_KEPT_FOR))
    days = over.exclude(day__day=1)
    first = days.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return 0
    months = over.filter(day__gte=first.replace(day=1)).order_by().annotate(month=TruncMonth("day"))
    sums = months.values("resource", "month").annotate(views=Sum("views"), downloads=Sum("downloads"))
    rows = [Use(resource_id=row.pop("resource"), day=row.pop("month"), **row) for row in sums]
    added = ["views", "downloads"]
    Use.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["resource", "day"], update_fields=added
    )
    return days.delete()[0]

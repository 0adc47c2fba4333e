"""How often works are read: counted by day, shown to whoever looks after them, and nothing about who it was."""

import threading
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.models import Organisation, User
from resources import use
from resources.models import File, Resource, Use
from resources.models.use import month_before
from tests import factories
from tests.conftest import body, signed_in

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A145M) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"
CUBOT = (
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0 Mobile Safari/537.36"
)
ROBOTS = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/129.0 Safari/537.36",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23.20.0",
    "curl/8.5.0",
    "python-requests/2.32",
    "Baiduspider",
]


@pytest.fixture
def work(oim: Organisation) -> Resource:
    return factories.resource(oim, title_es="Guía")


@pytest.fixture
def file(work: Resource) -> File:
    row = factories.file_of(work)
    row.content.save("x", ContentFile(b"%PDF-1.4 " * 100), save=False)
    row.size = 900
    row.save()
    return row


def reader(agent: str = PHONE) -> Client:
    return Client(headers={"user-agent": agent})


def counted() -> tuple[int, int]:
    """Views and downloads of everything."""
    rows = list(Use.objects.values_list("views", "downloads"))
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


@pytest.mark.parametrize("agent", [PHONE, DESK, CUBOT])
def test_pages_and_files_are_counted_by_day(work: Resource, file: File, agent: str) -> None:
    for _time in range(3):
        assert reader(agent).get(work.get_absolute_url()).status_code == 200
    body(reader(agent).get(file.get_absolute_url()))
    row = Use.objects.get()
    assert (row.resource, row.views, row.downloads) == (work, 3, 1)


def test_nothing_about_the_reader_is_kept() -> None:
    assert {field.name for field in Use._meta.fields} == {"id", "resource", "day", "views", "downloads"}


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_are_left_out(work: Resource, file: File, agent: str) -> None:
    reader(agent).get(work.get_absolute_url())
    body(reader(agent).get(file.get_absolute_url()))
    assert counted() == (0, 0)


def test_what_is_no_new_reading_is_left_out(work: Resource, file: File) -> None:
    client, page, address = reader(), work.get_absolute_url(), file.get_absolute_url()
    client.head(page)
    body(client.head(address))
    client.get(page, headers={"sec-purpose": "prefetch;prerender"})
    client.get(f"/es/recursos/{work.pk}-otro-titulo/")  # leads to the page
    body(client.get(address, headers={"range": "bytes=300-"}))
    body(client.get(address, headers={"range": "bytes=-10"}))
    body(client.get(address, headers={"range": "bytes=5000-"}))
    body(client.get(address, headers={"if-none-match": f'"{file.sha256}"'}))
    assert counted() == (0, 0)
    body(client.get(address, headers={"range": "bytes=0-299"}))  # the part a download begins with
    assert counted() == (0, 1)


@pytest.mark.parametrize(
    ("who", "is_counted"),
    [
        ("contributor", False),
        ("colleague", False),
        ("coordinator", False),
        ("stranger", True),
        ("committee_member", True),
    ],
)
def test_whoever_looks_after_it_is_not_counted(request, work: Resource, file: File, who: str, is_counted: bool) -> None:
    client = signed_in(request.getfixturevalue(who))
    page = client.get(work.get_absolute_url(), headers={"user-agent": DESK}).text
    body(client.get(file.get_absolute_url(), headers={"user-agent": DESK}))
    assert counted() == ((1, 1) if is_counted else (0, 0))
    assert ("en los últimos 12 meses" in page) != is_counted  # the numbers are theirs


def test_what_is_not_on_the_shelf_is_not_counted(work: Resource, stranger: User) -> None:
    Resource.objects.filter(pk=work.pk).update(status=Resource.Status.DRAFT)
    reader().get(work.get_absolute_url())
    assert counted() == (0, 0)


def test_the_public_sees_no_numbers(work: Resource) -> None:
    reader().get(work.get_absolute_url())
    assert "últimos 12 meses" not in reader().get(work.get_absolute_url()).text


@pytest.mark.parametrize(
    ("language", "desk", "words"),
    [
        ("es", "/es/mi-mesa/", "Visto 120 · descargado 34 en los últimos 12 meses"),
        ("en", "/en/my-desk/", "Seen 120 · downloaded 34 in the last 12 months"),
    ],
)
def test_the_desk_shows_the_last_twelve_months(
    work: Resource, contributor: User, language: str, desk: str, words: str
) -> None:
    factories.resource(work.organisation, published=False)
    for months, views, downloads in ((0, 100, 30), (11, 20, 4), (12, 7, 7)):
        Use.objects.create(resource=work, day=month_before(months), views=views, downloads=downloads)
    client = signed_in(contributor)
    for address in (desk, f"{desk}{'documentos' if language == 'es' else 'documents'}/?status=published"):
        page = client.get(address).text
        assert page.count(words) == 1, address
        assert page.count("12 m") == 1  # a draft was never read


def test_a_count_is_the_last_statement_of_a_page(work: Resource) -> None:
    address = work.get_absolute_url()
    Client().get(address)

    def statements(client: Client) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return [query["sql"] for query in seen.captured_queries]

    without, with_ = statements(Client()), statements(reader())
    assert [sql for sql in with_ if "resources_use" in sql] == with_[-1:]  # the last thing, when the answer is out
    assert len(with_) == len(without) + 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_two(work: Resource) -> None:
    start = threading.Barrier(4)
    client_of = {number: reader() for number in range(4)}

    def read(number: int) -> None:
        try:
            start.wait()
            for _time in range(5):
                use._add(work.pk, views=1)
            client_of[number].get(work.get_absolute_url())
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == (24, 0)


@pytest.mark.django_db(transaction=True)
def test_a_work_that_is_gone_meanwhile_costs_the_count_and_not_the_page(work: Resource, file: File) -> None:
    answer = reader().get(file.get_absolute_url())
    Resource.objects.filter(pk=work.pk).delete()
    assert body(answer)
    assert counted() == (0, 0)


# --- Months ----------------------------------------------------------------------------------------------------------


def test_days_of_months_long_over_become_one_row(work: Resource) -> None:
    other = factories.resource(work.organisation)
    old = month_before(4)
    for day, row in ((1, work), (2, work), (28, work), (15, other)):
        Use.objects.create(resource=row, day=old.replace(day=day), views=day, downloads=1)
    for months in (0, 1, 2):
        Use.objects.create(resource=work, day=month_before(months).replace(day=3), views=5)
    for spared in (3, 0):  # a second run finds nothing to do
        assert use.fold() == spared
        kept = set(Use.objects.values_list("resource", "day", "views", "downloads"))
        assert kept == {
            (work.pk, old, 31, 3),
            (other.pk, old, 15, 1),
            *((work.pk, month_before(months).replace(day=3), 5, 0) for months in (0, 1, 2)),
        }


def test_a_day_that_comes_after_its_month_was_folded_is_added(work: Resource) -> None:
    old = month_before(5)
    Use.objects.create(resource=work, day=old, views=31)
    Use.objects.create(resource=work, day=old.replace(day=9), views=2)
    use.fold()
    assert Use.objects.values_list("day", "views").get() == (old, 33)


@pytest.mark.parametrize(("today", "first"), [("2026-11-22", "2025-12-01"), ("2026-01-31", "2025-02-01")])
def test_twelve_months_are_this_one_and_eleven_before(monkeypatch, today: str, first: str) -> None:
    monkeypatch.setattr("resources.models.use.timezone.localdate", lambda: date.fromisoformat(today))
    assert month_before(11) == date.fromisoformat(first)

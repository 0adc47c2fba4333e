"""What people sought: counted, told to coordinators, and nothing about who it was."""

import pytest
from django.db import connection

from network.models import User
from resources.models import Sought
from tests import factories
from tests.conftest import signed_in


def test_a_search_is_counted_by_words_language_and_day(client, oim) -> None:
    factories.resource(oim, title_es="Malaria")
    for words in ("Malaria", "  MALARIA ", "malaria"):
        client.get("/es/recursos/", {"q": words})
    client.get("/en/resources/", {"q": "malaria"})
    client.get("/es/recursos/", {"q": "zzzqqq"})
    rows = set(Sought.objects.values_list("words", "language", "results", "times"))
    assert rows == {("malaria", "es", 1, 3), ("malaria", "en", 1, 1), ("zzzqqq", "es", 0, 1)}


@pytest.mark.parametrize("words", ["ana@example.org", "expediente 0801199012345", "+504 2234-5678", ""])
def test_what_may_be_personal_is_not_written_down(client, db, words: str) -> None:
    client.get("/es/recursos/", {"q": words})
    assert not Sought.objects.exists()


def test_narrowing_and_turning_pages_are_no_new_search(client, db) -> None:
    client.get("/es/recursos/", {"q": "malaria", "country": "HN"})
    client.get("/es/recursos/", {"country": "HN"})
    assert not Sought.objects.exists()


def test_coordinators_see_what_was_sought_in_vain(client, oim, coordinator: User, contributor: User) -> None:
    factories.resource(oim, title_es="Malaria")
    for words in ("malaria", "zzzqqq", "zzzqqq"):
        client.get("/es/recursos/", {"q": words})
    page = signed_in(coordinator).get("/es/mi-mesa/busquedas/")
    assert [(row["words"], row["total"]) for row in page.context["in_vain"]] == [("zzzqqq", 2)]
    assert [row["words"] for row in page.context["frequent"]] == ["zzzqqq", "malaria"]
    assert signed_in(contributor).get("/es/mi-mesa/busquedas/").status_code == 404
    assert client.get("/es/mi-mesa/busquedas/").status_code == 302


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has more than one writer")
@pytest.mark.django_db(transaction=True)
def test_a_busy_database_costs_the_count_and_not_the_page(client, oim) -> None:
    import sqlite3

    factories.resource(oim, title_es="Malaria")
    client.get("/es/recursos/?q=primera")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert client.get("/es/recursos/?q=malaria").context["listing"].results.total == 1
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert list(Sought.objects.values_list("words", flat=True)) == ["primera"]
    client.get("/es/recursos/?q=malaria")
    assert Sought.objects.filter(words="malaria").exists()

"""The record, as coordinators read it: every state and role change, filtered, paged, and with nothing to change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import roles
from network.models import Organisation, Role, User
from portal.core import audit
from portal.core.models import AuditEntry
from resources import actions
from tests import factories
from tests.conftest import signed_in

RECORD = {"es": "/es/mi-mesa/registro/", "en": "/en/my-desk/record/"}


def test_a_documents_whole_life_is_there(coordinator: User, contributor: User, oim: Organisation) -> None:
    work = factories.resource(oim, title_es="Guía nueva", published=False)
    actions.submit(work, by=contributor)
    actions.return_to_draft(work, by=coordinator, reason="Falta el año")
    actions.submit(work, by=contributor)
    actions.publish(work, by=coordinator, looked=True)
    actions.withdraw(work, by=coordinator, reason="Es otra edición")
    actions.delete(work, by=coordinator)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "work-submitted", "work-returned", "work-submitted", "work-published", "work-withdrawn", "work-deleted",
    ]  # fmt: skip
    page = signed_in(coordinator).get(RECORD["es"]).text
    for words in ("Documento devuelto", "Falta el año", "Es otra edición", "Guía nueva", "→ Retirado"):
        assert words in page


@pytest.mark.parametrize(("language", "words"), [("es", "Rol otorgado"), ("en", "Role given")])
def test_it_speaks_the_readers_language(coordinator: User, oim: Organisation, language: str, words: str) -> None:
    roles.give(factories.user("n@example.org"), Role.Kind.CONTRIBUTOR, organisation=oim, by=coordinator)
    page = signed_in(coordinator).get(RECORD[language]).text
    assert words in page.split("<ol")[1]


def test_by_kind_person_and_day(coordinator: User, contributor: User, stranger: User, oim: Organisation) -> None:
    audit.record("role-given", oim, by=coordinator, whom=contributor)
    audit.record("role-ended", oim, by=coordinator, whom=stranger)
    client, today = signed_in(coordinator), timezone.localdate()

    def shown(**chosen: str) -> set[str]:
        return {entry.verb for entry in client.get(RECORD["es"], chosen).context["page"]}

    assert shown() == {"role-given", "role-ended"}
    assert shown(kind="role-ended") == {"role-ended"}
    assert shown(person="ana") == {"role-given"}
    assert shown(person="Coordina", kind="role-given") == {"role-given"}
    assert shown(since=today.isoformat(), until=today.isoformat()) == {"role-given", "role-ended"}
    assert shown(since=(today + timedelta(days=1)).isoformat()) == set()


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "ayer"},
        {"kind": "x"},
        {"person": "x" * 10_000},
        {"page": "9" * 40},
    ],
)
def test_odd_questions_get_a_page(coordinator: User, oim: Organisation, query: dict[str, str]) -> None:
    answer = signed_in(coordinator).get(RECORD["es"], query)
    assert answer.status_code == 200
    assert "page" in query or "errorlist" in answer.text


@pytest.mark.parametrize("who", ["contributor", "colleague", "committee_member", "secretary"])
def test_only_coordinators_read_it(request, who: str) -> None:
    assert signed_in(request.getfixturevalue(who)).get(RECORD["es"]).status_code == 404


def test_pages_and_constant_queries(coordinator: User, oim: Organisation) -> None:
    client = signed_in(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(RECORD["es"]).status_code == 200
        return len(seen)

    audit.record("role-given", oim, by=coordinator)
    queries()
    few = queries()
    audit.record_all("role-given", [oim] * 120, by=coordinator)
    assert queries() == few
    page = client.get(RECORD["es"], {"page": "3", "kind": "role-given"})
    assert len(page.context["page"]) == 21
    assert "kind=role-given&amp;page=2" in page.text


def test_there_is_nothing_to_change(coordinator: User, oim: Organisation) -> None:
    client = signed_in(coordinator)
    assert client.post(RECORD["es"]).status_code == 405
    assert "post" not in client.get(RECORD["es"]).text.split("<main")[1].split("</main")[0]

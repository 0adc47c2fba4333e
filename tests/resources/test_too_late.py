"""Whoever may no longer change the work on their screen is told so, and keeps every word."""

import pytest
from django.utils import timezone

from network import membership, roles
from network.models import Organisation, User
from resources.models import Resource
from tests import factories
from tests.conftest import signed_in

TYPED = {"title_es": "Lo que escribí esta tarde", "abstract_es": "Dos párrafos largos.\n\nEl segundo.", "type": "law"}


@pytest.fixture
def work(contributor: User, oim: Organisation) -> Resource:
    return factories.resource(oim, published=False, title_es="Guía", created_by=contributor, text="Texto")


def suspended(work: Resource, contributor: User) -> None:
    membership.suspend(work.organisation.memberships.get(), by=None, reason="Sin cuota")


def role_ended(work: Resource, contributor: User) -> None:
    roles.end(contributor.roles.get(), by=None)


def published(work: Resource, contributor: User) -> None:
    Resource.objects.filter(pk=work.pk).update(status="published", published_at=timezone.now())


def form(work: Resource) -> dict[str, str]:
    country = factories.country("HN", "Honduras")
    management = {f"{prefix}-{name}_FORMS": "0" for prefix in ("authors", "files") for name in ("TOTAL", "INITIAL")}
    authors = {"authors-TOTAL_FORMS": "1", "authors-0-name": "Pérez, Rosa", "authors-0-kind": "person"}
    return TYPED | management | authors | {"countries": country.pk, "original_language": "es", "submit": ""}


@pytest.mark.parametrize("what", [suspended, role_ended, published])
@pytest.mark.parametrize(
    ("language", "path", "heading"),
    [("es", "mi-mesa/{}/", "Esto no se guardó"), ("en", "my-desk/{}/", "This was not saved")],
)
def test_nothing_typed_is_lost(contributor: User, work: Resource, what, language: str, path: str, heading: str) -> None:
    client = signed_in(contributor)
    address = f"/{language}/{path.format(work.pk)}"
    assert client.get(address).status_code == 200
    data = form(work)
    what(work, contributor)
    for _click in range(2):
        answer = client.post(address, data)
        assert answer.status_code == 409
        for words in (heading, "Lo que escribí esta tarde", "El segundo.", "Honduras", "Pérez, Rosa"):
            assert words in answer.text
    work.refresh_from_db()
    assert work.title_es == "Guía"


def test_a_member_that_rests_is_told_why(contributor: User, work: Resource) -> None:
    suspended(work, contributor)
    answer = signed_in(contributor).post(f"/es/mi-mesa/{work.pk}/", form(work))
    assert "está suspendida o ha terminado" in answer.text


def test_a_file_that_comes_too_late_leaves_the_words(contributor: User, work: Resource) -> None:
    suspended(work, contributor)
    answer = signed_in(contributor).post(f"/es/mi-mesa/{work.pk}/archivos/", form(work))
    assert "Lo que escribí esta tarde" in answer.text


def test_strangers_learn_nothing(stranger: User, work: Resource) -> None:
    assert signed_in(stranger).post(f"/es/mi-mesa/{work.pk}/", form(work)).status_code == 404
    assert signed_in(stranger).post("/es/mi-mesa/99999/", form(work)).status_code == 404

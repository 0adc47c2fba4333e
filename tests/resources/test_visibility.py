"""The gate is the lookup: who may open what, by every way in."""

import pytest
from django.core.files.base import ContentFile

from network.models import User
from resources import actions
from resources.models import Resource
from tests import factories
from tests.conftest import body, signed_in

WHO_SEES = {
    # status, audience: who may open it (the works belong to OIM)
    ("draft", "public"): {"contributor", "colleague", "coordinator"},
    ("submitted", "public"): {"contributor", "colleague", "coordinator"},
    ("withdrawn", "public"): {"contributor", "colleague", "coordinator"},
    ("published", "public"): {"public", "contributor", "colleague", "stranger", "committee_member", "coordinator"},
    ("published", "members"): {"contributor", "colleague", "stranger", "committee_member", "coordinator"},
    ("published", "committee"): {"contributor", "colleague", "committee_member", "coordinator"},
}
EVERYBODY = ["public", "contributor", "colleague", "stranger", "committee_member", "coordinator"]


@pytest.fixture
def works(oim) -> dict[tuple[str, str], Resource]:
    made = {}
    for status, audience in WHO_SEES:
        work = factories.resource(oim, title_es=f"Secreto {status} {audience}", audience=audience)
        file = factories.file_of(work, text="palabrasecreta")
        file.content.save("x", ContentFile(b"%PDF-1.4"), save=False)
        file.save()
        Resource.objects.filter(pk=work.pk).update(status=status)
        actions.saved(work)
        made[status, audience] = work
    return made


def status(client, address: str) -> int:
    answer = client.get(address)
    body(answer)
    return answer.status_code


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_opens_just_what_is_meant_for_them(request, client, works, who: str) -> None:
    if who != "public":
        client = signed_in(request.getfixturevalue(who))
    for case, work in works.items():
        expected = 200 if who in WHO_SEES[case] else 404
        assert client.get(work.get_absolute_url()).status_code == expected, (who, case)
        assert status(client, work.files.get().get_absolute_url()) == expected, (who, case)
        answer = client.get(f"/files/{work.files.get().pk}/thumbnail.webp")
        assert answer.status_code == 404  # there is none, and the answer does not tell which of the two it is


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("address", ["/es/recursos/", "/es/recursos/?q=palabrasecreta", "/es/", "/es/red/oim/"])
def test_lists_show_the_shelf_and_no_more(request, client, works, who: str, address: str) -> None:
    if who != "public":
        client = signed_in(request.getfixturevalue(who))
    page = client.get(address).text
    audiences = {"public", *([] if who == "public" else ["members"])}
    audiences |= {"committee"} if who in ("committee_member", "coordinator") else set()
    for (status, audience), work in works.items():
        shown = f'data-resource="{work.pk}"' in page
        assert shown == (status == "published" and audience in audiences), (who, status, audience)


def test_unknown_and_forbidden_look_the_same(client, works) -> None:
    hidden = client.get(works["draft", "public"].get_absolute_url())
    absent = client.get("/es/recursos/999999-x/")
    assert hidden.status_code == absent.status_code == 404
    assert "Secreto" not in hidden.text


@pytest.mark.parametrize("who", ["contributor", "colleague", "stranger", "committee_member"])
def test_only_the_coordination_decides(request, works, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    work = works["submitted", "public"]
    assert client.post(f"/es/mi-mesa/{work.pk}/publicar/").status_code == 404
    assert client.post(f"/es/mi-mesa/{work.pk}/devolver/", {"reason": "x"}).status_code == 404
    work.refresh_from_db()
    assert work.status == "submitted"


def test_a_stranger_cannot_edit(works, stranger: User) -> None:
    client = signed_in(stranger)
    for work in works.values():
        assert client.get(f"/es/mi-mesa/{work.pk}/").status_code == 404
        assert client.post(f"/es/mi-mesa/{work.pk}/", {}).status_code == 404
        assert client.post(f"/es/mi-mesa/archivos/{work.files.get().pk}/quitar/").status_code == 404


def test_what_is_published_only_the_coordination_edits(works, contributor: User, coordinator: User) -> None:
    work = works["published", "public"]
    assert signed_in(contributor).get(f"/es/mi-mesa/{work.pk}/").status_code == 404
    assert signed_in(coordinator).get(f"/es/mi-mesa/{work.pk}/").status_code == 200


def test_private_answers_stay_out_of_shared_caches(client, works, contributor: User) -> None:
    def caching(client, address: str) -> str:
        answer = client.get(address)
        body(answer)
        return answer.headers["Cache-Control"]

    assert "public" in caching(client, works["published", "public"].files.get().get_absolute_url())
    client = signed_in(contributor)
    assert caching(client, works["draft", "public"].files.get().get_absolute_url()) == "private, no-store"
    assert caching(client, "/es/mi-mesa/") == "private, no-store"

"""A draft that went to nobody yet may be deleted by whoever brought it; anything further may not."""

import pytest
from django.urls import reverse

from network.models import User
from resources import actions
from resources.models import Resource
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.handing_in import hand_in, stored


@pytest.fixture
def draft(oim, contributor: User) -> Resource:
    hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    return Resource.objects.get()


def address(work: Resource) -> str:
    return reverse("resources:discard", args=[work.pk])


def edit(work: Resource) -> str:
    return reverse("resources:edit", args=[work.pk])


def test_it_is_asked_once_more_and_then_gone_with_its_files(
    draft, contributor: User, settings, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(contributor)
    assert address(draft) in client.get(edit(draft)).text
    page = client.get(address(draft))
    assert "a.pdf" in page.text
    assert Resource.objects.exists()
    assert stored(settings)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(draft), follow=True)
    assert not Resource.objects.exists()
    assert stored(settings) == []
    assert f"“{draft}”" in answer.text
    assert client.post(address(draft)).status_code == 404  # twice is harmless


def test_what_was_ever_handed_on_stays(draft, contributor: User, coordinator: User) -> None:
    client = signed_in(contributor)
    actions.submit(draft, by=contributor)
    assert client.get(address(draft)).status_code == 404
    actions.return_to_draft(draft, by=coordinator, reason="Falta el año.")
    assert address(draft) not in client.get(edit(draft)).text  # the coordination has read it
    for user in (contributor, coordinator):
        assert signed_in(user).post(address(draft)).status_code == 404
    actions.publish(draft, by=coordinator, looked=True)
    assert client.post(address(draft)).status_code == 404
    assert Resource.objects.filter(pk=draft.pk).exists()


def test_handed_on_in_the_meantime_it_stays(draft, contributor: User) -> None:
    mine = Resource.objects.get()
    actions.submit(draft, by=contributor)
    with pytest.raises(actions.WrongState):
        actions.discard(mine, by=contributor)
    assert Resource.objects.exists()


def test_the_gate(draft, client, stranger: User, colleague: User, coordinator: User) -> None:
    assert client.post(address(draft)).url.startswith("/es/cuenta/entrar/")
    for other in (stranger, colleague):  # the colleague may correct it; it is not theirs to delete
        assert signed_in(other).get(address(draft)).status_code == 404
        assert signed_in(other).post(address(draft)).status_code == 404
    assert address(draft) not in signed_in(colleague).get(edit(draft)).text
    assert signed_in(coordinator).post(address(draft)).status_code == 302
    assert not Resource.objects.exists()

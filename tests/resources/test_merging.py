"""Two works that may be one: shown with the reasons, put together without loss, or kept apart for good."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from network.models import User
from resources import actions, checking, duplicates, merging
from resources.duplicates import Alike, Kind
from resources.models import File, Likeness, Pairing, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.handing_in import hand_in

TITLE = "Atención en salud a personas migrantes en tránsito por Honduras"


@pytest.fixture
def old(oim) -> Resource:
    work = factories.resource(oim, title_es=TITLE, year=2020)
    duplicates.remember(work)
    return work


@pytest.fixture
def draft(oim, contributor: User) -> Resource:
    work = factories.resource(
        oim, title_es=TITLE, title_en="Health care of migrants", year=2020, published=False, doi="10.1234/abc"
    )
    factories.file_of(work, text="El albergue recibe a cien personas cada noche.")
    duplicates.remember(work)
    return work


def address(name: str, *args: int) -> str:
    return reverse(f"resources:{name}", args=args)


def seen(client, work: Resource) -> list[int]:
    return [one.resource.pk for one in client.get(address("alike", work.pk)).context["alike"]]


def test_the_desk_says_what_it_may_be_the_same_as_and_why(old, draft, contributor: User) -> None:
    client = signed_in(contributor)
    page = client.get(address("alike", draft.pk))
    assert seen(client, draft) == [old.pk]
    assert address("compare", draft.pk, old.pk) in page.text
    assert page.context["alike"][0].reasons[0] in page.text
    assert address("alike", draft.pk) in client.get(address("edit", draft.pk)).text


def test_files_and_what_was_missing_go_over_in_one_step(old, draft, coordinator: User) -> None:
    file = draft.files.get()
    client = signed_in(coordinator)
    page = client.get(address("compare", draft.pk, old.pk))
    assert page.context["may_merge"]
    refused = client.post(address("merge", draft.pk, old.pk))  # it would be public, and nobody has looked at the file
    assert refused.url == address("compare", draft.pk, old.pk)
    assert Resource.objects.filter(pk=draft.pk).exists()
    client.post(address("merge", draft.pk, old.pk), {"looked": "on"})
    old.refresh_from_db()
    assert not Resource.objects.filter(pk=draft.pk).exists()
    assert old.title_es == TITLE
    assert old.title_en == "Health care of migrants"
    assert old.doi == "10.1234/abc"
    assert list(old.files.all()) == [file]
    assert file.texts.count() == 1
    assert old.state_changes.last().by == coordinator
    assert client.get(f"/es/recursos/?q={'albergue'}").context["listing"].results.ids == [old.pk]
    assert client.post(address("merge", draft.pk, old.pk)).status_code == 404


def test_what_the_other_says_is_not_changed(oim, coordinator: User) -> None:
    into = factories.resource(oim, title_es="Uno", year=2019, published=False, publisher="OIM")
    draft = factories.resource(oim, title_es="Dos", year=2021, month=5, published=False, publisher="OPS")
    merging.merge(draft, into=into, by=coordinator)
    into.refresh_from_db()
    assert (into.title_es, into.year, into.month, into.publisher) == ("Uno", 2019, None, "OIM")


@pytest.fixture
def english(oim) -> Resource:
    """The English edition of `old`, which has its own date and numbers."""
    work = factories.resource(
        oim,
        published=False,
        title_es="Título traducido",
        title_en="Health care of migrants in transit through Honduras",
        abstract_en="An abstract.",
        original_language="en",
        publisher="PAHO",
        doi="10.1234/en",
        isbn="9789275320044",
        year=2021,
        tags=("shelters",),
    )
    factories.file_of(work, text="A hundred people each night.", language="en")
    return work


def test_another_edition_keeps_its_own_date_and_numbers_out_of_the_record(old, english, coordinator: User) -> None:
    Resource.objects.filter(pk=old.pk).update(year=None)
    client = signed_in(coordinator)
    page = client.get(address("compare", english.pk, old.pk))
    filled = {bond: set(values) for bond, values in page.context["choices"]}
    true_of_every_edition = {"title_en", "abstract_en", "tags"}
    assert filled == {
        "same": true_of_every_edition | {"publisher", "doi", "isbn", "year"},
        "edition": true_of_every_edition,
    }
    client.post(address("merge", english.pk, old.pk), {"looked": "on", "as": "edition"})
    old.refresh_from_db()
    assert (old.title_es, old.title_en) == (TITLE, "Health care of migrants in transit through Honduras")
    assert (old.publisher, old.doi, old.isbn, old.year) == ("", "", "", None)
    assert [file.language for file in old.files.all()] == ["en"]
    kept = old.state_changes.last().reason
    for words in ("2021", "PAHO", "10.1234/en", "9789275320044", "Otra edición"):
        assert words in kept
    assert kept in client.get(address("history", old.pk)).text


def test_the_same_document_fills_numbers_too(old, english, coordinator: User) -> None:
    client = signed_in(coordinator)
    client.post(address("merge", english.pk, old.pk), {"looked": "on", "as": "same"})
    old.refresh_from_db()
    assert (old.publisher, old.doi, old.isbn, old.year) == ("PAHO", "10.1234/en", "9789275320044", 2020)
    assert "10.1234/en" not in old.state_changes.last().reason


@pytest.mark.parametrize(
    ("kind", "bond"),
    [
        (Kind.SAME_FILE, "same"),
        (Kind.SAME_TITLE, "same"),
        (Kind.OTHER_LANGUAGE, "edition"),
        (Kind.OTHER_EDITION, "edition"),
    ],
)
def test_what_was_found_speaks_for_one_of_them(old, kind: Kind, bond: str) -> None:
    assert merging.likely(Alike(old, (), 0.9, kind)) == bond
    assert merging.likely(None) == ""


def test_each_choice_says_what_it_does(old, english, draft, coordinator: User) -> None:
    page = signed_in(coordinator).get(address("compare", draft.pk, old.pk)).text
    for name in ("same", "edition"):
        assert f'name="as" value="{name}"' in page
    assert page.count("Esto parece lo más probable") == 1
    assert page.index("Esto parece lo más probable") < page.index('id="bond-edition"')


def test_the_bytes_stay_with_the_work(oim, contributor: User, coordinator: User) -> None:
    hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    file = File.objects.get()
    into = factories.resource(oim, title_es="Otro", published=False)
    merging.merge(file.resource, into=into, by=coordinator)
    file.refresh_from_db()
    assert file.resource == into
    assert file.content.read(5) == b"%PDF-"
    file.content.close()


def test_a_contributor_proposes_where_the_other_is_not_theirs(old, draft, contributor: User, coordinator: User) -> None:
    client = signed_in(contributor)
    assert not client.get(address("compare", draft.pk, old.pk)).context["may_merge"]
    client.post(address("merge", draft.pk, old.pk), {"looked": "on"})
    assert Resource.objects.filter(pk=draft.pk).exists()
    pair = Pairing.objects.get()
    assert (pair.verdict, pair.by) == (Pairing.Verdict.PROPOSED, contributor)
    page = signed_in(coordinator).get(address("edit", draft.pk)).text
    assert address("compare", draft.pk, old.pk) in page


def test_a_published_work_is_not_merged_away(old, coordinator: User, oim) -> None:
    other = factories.resource(oim, title_es=TITLE)
    with pytest.raises(actions.WrongState):
        merging.merge(other, into=old, by=coordinator)


def test_a_work_is_not_merged_into_itself(draft, coordinator: User) -> None:
    with pytest.raises(actions.WrongState):
        merging.merge(draft, into=draft, by=coordinator)
    assert signed_in(coordinator).post(address("merge", draft.pk, draft.pk)).status_code == 404
    assert Resource.objects.filter(pk=draft.pk).exists()


def test_kept_apart_once_nobody_is_asked_again(old, draft, contributor: User) -> None:
    client = signed_in(contributor)
    for _twice in range(2):
        assert client.post(address("keep_both", draft.pk, old.pk)).status_code == 302
    assert Pairing.objects.get().verdict == Pairing.Verdict.APART
    assert seen(client, draft) == []


def test_the_gate(old, draft, client, stranger: User) -> None:
    other = signed_in(stranger)
    assert other.get(address("alike", draft.pk)).status_code == 404
    assert other.get(address("compare", draft.pk, old.pk)).status_code == 404
    for step in ("merge", "keep_both"):
        assert other.post(address(step, draft.pk, old.pk)).status_code == 404
        assert client.post(address(step, draft.pk, old.pk)).url.startswith("/es/cuenta/entrar/")
        assert other.get(address(step, draft.pk, old.pk)).status_code == 405


def test_a_private_twin_is_named_to_nobody_else(insp, draft, contributor: User) -> None:
    hidden = factories.resource(insp, title_es=TITLE, year=2020, published=False)
    duplicates.remember(hidden)
    assert seen(signed_in(contributor), draft) == []


def test_reindexing_sketches_works_never_compared(oim, capsys) -> None:
    work = factories.resource(oim, title_es=TITLE)
    assert not Likeness.objects.filter(resource=work).exists()
    call_command("reindex")
    assert Likeness.objects.filter(resource=work).exists()
    capsys.readouterr()


def test_handing_in_sketches_the_work(oim, contributor: User) -> None:
    hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    assert Likeness.objects.filter(resource=Resource.objects.get(), of=Likeness.Of.TITLE).exists()


def test_a_file_of_a_draft_may_go_into_a_draft_unchecked(oim, coordinator: User) -> None:
    into, draft = (factories.resource(oim, published=False) for _ in range(2))
    factories.file_of(draft)
    assert checking.to_look_at(draft)
    merging.merge(draft, into=into, by=coordinator)
    assert into.files.count() == 1

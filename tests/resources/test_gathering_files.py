"""Many files at once: one line each, whatever is wrong with some of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.models import Organisation, User
from resources import description
from resources.models import File, Gathered, Gathering, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents

HTMX = {"HX-Request": "true"}


def begun(client: Client, organisation: Organisation) -> Gathering:
    client.post(reverse("resources:gather_files"), {"organisation": organisation.pk})
    return Gathering.objects.latest("pk")


def send(client: Client, gathering: Gathering, content: bytes, name: str, **more: object):
    data = {"file": SimpleUploadedFile(name, content), "place": f"carpeta/{name}"}
    return client.post(reverse("resources:gather_file", args=[gathering.pk]), data, **more)


def table(client: Client, gathering: Gathering):
    return client.get(reverse("resources:gathering_files", args=[gathering.pk]))


def line_of(gathering: Gathering, work: Resource, number: int) -> Gathered:
    return Gathered.objects.create(
        gathering=gathering, position=number, where=f"{number}.pdf", outcome="new", resource=work
    )


@pytest.fixture
def gathering(oim, contributor: User) -> Gathering:
    return begun(signed_in(contributor), oim)


def complete(oim, **fields: object) -> Resource:
    work = factories.resource(oim, published=False, **{"year": 2020, **fields})
    description.note(work, ["title_es", "original_language"], origin="text", certainty=85, detail="1")
    return work


def test_good_and_bad_files_are_one_line_each(gathering: Gathering, contributor: User) -> None:
    client = signed_in(contributor)
    send(client, gathering, documents.pdf("Salud en la ruta migratoria"), "uno.pdf")
    row = send(client, gathering, b"MZ\x90\x00", "virus.exe", headers=HTMX)
    assert "<html" not in row.text
    assert 'data-outcome="refused"' in row.text
    send(client, gathering, documents.docx("Guía de albergues"), "dos.docx")
    send(client, gathering, b"", "vacio.pdf")
    assert [line.outcome for line in gathering.lines.all()] == ["new", "refused", "new", "refused"]
    page = table(client, gathering)
    assert "carpeta/uno.pdf" in page.text
    assert "Salud en la ruta migratoria" in page.text
    assert all(line.reason for line in gathering.lines.filter(outcome="refused"))
    assert (page.context["taken"], page.context["refused"]) == (2, 2)


def test_sent_again_it_is_still_one_line(gathering: Gathering, contributor: User) -> None:
    client = signed_in(contributor)
    content = documents.pdf()
    for _twice in range(2):
        send(client, gathering, content, "a.pdf")
        send(client, gathering, b"nada", "b.exe")
    assert gathering.lines.count() == 2
    assert Resource.objects.count() == 1


def test_what_the_library_holds_is_named_and_linked(gathering: Gathering, contributor: User, oim) -> None:
    client = signed_in(contributor)
    other = begun(client, oim)
    content = documents.pdf()
    send(client, other, content, "a.pdf")
    send(client, gathering, content, "a.pdf")
    line = gathering.lines.get()
    assert line.outcome == "refused"
    assert reverse("resources:by_number", args=[Resource.objects.get().pk]) in table(client, gathering).text


def test_a_kept_draft_without_its_line_never_happens(gathering: Gathering, contributor: User, monkeypatch) -> None:
    from resources import gathering as gatherings

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(gatherings, "_add", broken)
    with pytest.raises(RuntimeError):
        send(signed_in(contributor), gathering, documents.pdf(), "a.pdf")
    assert not Resource.objects.exists()
    assert not File.objects.exists()


def test_a_line_is_corrected_in_its_place(gathering: Gathering, contributor: User, oim) -> None:
    work = factories.resource(oim, published=False, title_es="scan0001")
    line = line_of(gathering, work, 1)
    client = signed_in(contributor)
    address = reverse("resources:gathered_correct", args=[line.pk])
    data = {"title": "Health of migrants", "year": "2019", "language": "en"}
    assert client.post(address, data, headers=HTMX).status_code == 200
    work.refresh_from_db()
    assert (work.title_en, work.title_es or "", work.year, work.original_language) == (
        "Health of migrants", "", 2019, "en",
    )  # fmt: skip
    assert set(work.origins.filter(origin="person").values_list("field", flat=True)) >= {"title_en", "date"}
    assert client.post(address, {**data, "year": "99999"}, headers=HTMX).status_code == 422
    assert client.post(address, {**data, "title": ""}).status_code == 302
    work.refresh_from_db()
    assert work.title_en == "Health of migrants"


def test_only_what_is_complete_goes_to_review(gathering: Gathering, contributor: User, oim) -> None:
    whole, yearless = complete(oim), complete(oim, year=None)
    for number, work in enumerate((whole, yearless), 1):
        line_of(gathering, work, number)
    client = signed_in(contributor)
    for _twice in range(2):
        client.post(reverse("resources:gather_send", args=[gathering.pk]), {"all": ""})
    assert [Resource.objects.get(pk=work.pk).status for work in (whole, yearless)] == ["submitted", "draft"]
    assert whole.state_changes.filter(to="submitted").count() == 1


def test_a_coordinator_publishes_the_chosen_ones(gathering: Gathering, coordinator: User, contributor, oim) -> None:
    works = [complete(oim) for _ in range(3)]
    lines = [line_of(gathering, work, number) for number, work in enumerate(works, 1)]
    factories.file_of(works[1])  # never checked: somebody must look first
    address = reverse("resources:gather_send", args=[gathering.pk])
    data = {"publish": "", "line": [line.pk for line in lines[:2]]}
    signed_in(contributor).post(address, {"publish": "", "line": [lines[0].pk]})
    assert Resource.objects.get(pk=works[0].pk).status == "submitted"  # a contributor does not publish
    Resource.objects.filter(pk=works[0].pk).update(status="draft")
    signed_in(coordinator).post(address, data)
    assert [Resource.objects.get(pk=work.pk).status for work in works] == ["published", "draft", "draft"]


def test_what_must_be_looked_at_is_counted_named_linked_and_explained(
    gathering: Gathering, coordinator: User, contributor: User, oim
) -> None:
    works = [complete(oim, title_es=f"Obra {n}") for n in range(3)]
    lines = [line_of(gathering, work, number) for number, work in enumerate(works, 1)]
    unchecked, personal = factories.file_of(works[0]), factories.file_of(works[1])
    found = {"what": "phones", "place": "page", "name": "3", "excerpt": "", "can_be_cleaned": False, "count": 1}
    File.objects.filter(pk=personal.pk).update(findings=[found])
    data = {"publish": "", "line": [line.pk for line in lines]}
    page = signed_in(coordinator).post(reverse("resources:gather_send", args=[gathering.pk]), data, follow=True)
    assert [Resource.objects.get(pk=work.pk).status for work in works] == ["draft", "draft", "published"]
    assert page.context["held_back"] == works[:2]
    assert "2 no se publicaron" in page.text
    held = page.text.split('id="held-back"')[1].split("</section>")[0]
    for work, words in (works[0], "aún sin revisar"), (works[1], "Lista de números de teléfono (página 3)"):
        assert f"{reverse('resources:edit', args=[work.pk])}#before-public" in held
        assert words in held
    assert unchecked.name in held
    assert 'id="held-back"' not in table(signed_in(contributor), gathering).text


def test_a_step_brings_the_row_and_the_counts(gathering: Gathering, contributor: User, oim) -> None:
    lines = [line_of(gathering, complete(oim), number) for number in (1, 2)]
    address = reverse("resources:gather_send", args=[gathering.pk])
    answer = signed_in(contributor).post(address, {"line": lines[0].pk}, headers=HTMX)
    assert f'id="line-{lines[0].pk}"' in answer.text
    assert f'id="line-{lines[1].pk}"' not in answer.text
    assert (answer.context["ready"], answer.context["taken"]) == (1, 2)
    assert '<p id="gathered-count" hx-swap-oob="innerHTML">' in answer.text


def test_without_scripts_a_step_leads_to_the_next_line(gathering: Gathering, contributor: User, oim) -> None:
    lines = [line_of(gathering, complete(oim), number) for number in (1, 2)]
    gathering.lines.create(position=3, where="malo.exe", outcome="refused")
    last = line_of(gathering, complete(oim, year=None), 4)
    client = signed_in(contributor)
    page, address = (
        reverse("resources:gathering_files", args=[gathering.pk]),
        reverse("resources:gather_send", args=[gathering.pk]),
    )
    assert client.post(address, {"line": lines[0].pk}).url == f"{page}#line-{lines[1].pk}"
    assert client.post(address, {"line": lines[1].pk}).url == f"{page}#line-{last.pk}"
    assert client.post(address, {"line": last.pk}).url == f"{page}#line-{last.pk}"  # incomplete: it stays in hand
    correct = reverse("resources:gathered_correct", args=[last.pk])
    assert client.post(correct, {"title": "x", "year": "2020", "language": "es"}).url == f"{page}#line-{last.pk}"
    assert client.post(address, {"all": ""}).url == page


def test_the_gate(gathering: Gathering, client, stranger: User, oim) -> None:
    line = line_of(gathering, complete(oim), 1)
    other = signed_in(stranger)
    assert table(other, gathering).status_code == 404
    for name, pk in (("gather_file", gathering.pk), ("gather_send", gathering.pk), ("gathered_correct", line.pk)):
        address = reverse(f"resources:{name}", args=[pk])
        assert other.post(address, {"title": "x", "language": "es"}).status_code == 404
        assert other.get(address).status_code == 405
        assert client.post(address).url.startswith("/es/cuenta/entrar/")
    assert other.post(reverse("resources:gather_files"), {"organisation": oim.pk}).status_code == 422


def test_as_many_queries_for_one_line_as_for_ten(gathering: Gathering, contributor: User, oim) -> None:
    client = signed_in(contributor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            table(client, gathering)
        return len(seen)

    line_of(gathering, complete(oim), 1)
    one = queries()
    for number in range(2, 11):
        line_of(gathering, complete(oim), number)
    assert queries() == one


def test_no_file_is_answered(gathering: Gathering, contributor: User) -> None:
    assert signed_in(contributor).post(reverse("resources:gather_file", args=[gathering.pk])).status_code == 302

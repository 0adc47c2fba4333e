"""The pages and commands that bring lists in."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from network.models import User
from resources import actions
from resources.intake import references
from resources.models import File, Gathered, Gathering, Resource
from resources.views import gathering as views
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

GATHER = "/es/mi-mesa/reunir/"
LIST = "título,año,doi,extra\nSalud en la ruta,2021,10.1234/abc,\nOtro informe,no sé,,\n".encode()


def bring(client: Client, user: User, data: bytes = LIST, **given: object):
    answer = client.post(
        GATHER, {"file": SimpleUploadedFile("lista.csv", data), "organisation": user.organisation_ids[0], **given}
    )
    return answer, Gathering.objects.order_by("pk").last()


def page_of(gathering: Gathering, step: str = "") -> str:
    return f"{GATHER}{gathering.pk}/{step}"


def test_the_whole_way_of_a_list(contributor) -> None:
    client = signed_in(contributor)
    assert "Reunir" in client.get("/es/mi-mesa/").content.decode()
    answer, gathering = bring(client, contributor)
    assert answer.url == page_of(gathering)
    shown = client.get(answer.url).content.decode()
    assert "fila 3 · año" in shown
    assert "Salud en la ruta" in shown
    assert not Resource.objects.exists()
    assert client.post(page_of(gathering, "incorporar/")).url == page_of(gathering)
    works = Resource.objects.order_by("pk")
    assert [str(work) for work in works] == ["Salud en la ruta", "Otro informe"]
    assert f"/es/mi-mesa/{works[0].pk}/" in client.get(page_of(gathering)).content.decode()
    client.post(page_of(gathering, "enviar/"), {"submit": ""})
    assert {work.status for work in Resource.objects.all()} == {"submitted"}
    client.post(page_of(gathering, "deshacer/"))
    assert not Resource.objects.exists()


def test_changes_are_shown_old_and_new(contributor) -> None:
    client = signed_in(contributor)
    _answer, first = bring(client, contributor)
    client.post(page_of(first, "incorporar/"))
    _answer, again = bring(client, contributor, LIST.replace(b"2021", b"2022"))
    shown = client.get(page_of(again)).content.decode()
    assert "2021</del>" in shown
    assert "2022</ins>" in shown


def test_cancel_leaves_nothing(contributor) -> None:
    client = signed_in(contributor)
    _answer, gathering = bring(client, contributor)
    assert client.post(page_of(gathering, "cancelar/")).url == GATHER
    assert not Gathering.objects.exists()
    assert not Gathered.objects.exists()


def test_what_is_taken_in_can_not_be_cancelled(contributor) -> None:
    client = signed_in(contributor)
    _answer, gathering = bring(client, contributor)
    client.post(page_of(gathering, "incorporar/"))
    client.post(page_of(gathering, "cancelar/"))
    assert Gathering.objects.exists()


def test_a_pasted_list(contributor) -> None:
    client = signed_in(contributor)
    given = {"text": "10.1234/abc\n10.1234/def\n", "organisation": contributor.organisation_ids[0]}
    answer = client.post(GATHER, given)
    assert "10.1234/def" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("given", [{}, {"text": "  "}])
def test_nothing_given_is_said(contributor, given) -> None:
    answer = signed_in(contributor).post(GATHER, {"organisation": contributor.organisation_ids[0], **given})
    assert answer.status_code == 422
    assert "Elija" in answer.content.decode()


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"PK\x03\x04xl/broken", b"nada", "TY  - JOUR".encode("utf-16")])
def test_what_is_no_list_says_so(contributor, data) -> None:
    client = signed_in(contributor)
    answer, gathering = bring(client, contributor, data)
    assert {line.outcome for line in gathering.lines.all()} == {"refused"}
    assert client.get(answer.url).status_code == 200


def test_long_lists_are_the_workers(contributor, monkeypatch, settings) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 1)
    monkeypatch.setattr(views, "READ_AT_ONCE", 1)
    client = signed_in(contributor)
    _answer, gathering = bring(client, contributor)
    assert gathering.lines.count() > 2
    client.post(page_of(gathering, "incorporar/"))
    assert Resource.objects.count() == 2
    client.post(page_of(gathering, "deshacer/"))
    assert not Resource.objects.exists()
    gathering.refresh_from_db()
    assert gathering.state == "undone"


def test_a_page_of_work_in_progress_asks_again_and_offers_a_reload(contributor) -> None:
    client = signed_in(contributor)
    _answer, gathering = bring(client, contributor)
    Gathering.objects.update(state="done")
    shown = client.get(page_of(gathering)).content.decode()
    assert 'hx-trigger="every 2s"' in shown
    assert "Recargar" in shown
    part = client.get(page_of(gathering), headers={"HX-Request": "true", "HX-Target": "gathering"}).content.decode()
    assert "<html" not in part
    Gathering.objects.update(state="reading")
    assert 'hx-trigger="every 2s"' in client.get(page_of(gathering)).content.decode()


def test_strangers_and_the_public(contributor, stranger, committee_member) -> None:
    _answer, gathering = bring(signed_in(contributor), contributor)
    steps = ["incorporar/", "cancelar/", "enviar/", "deshacer/"]
    assert signed_in(stranger).get(page_of(gathering)).status_code == 404
    assert Client().get(page_of(gathering)).status_code == 302
    for step in steps:
        assert signed_in(stranger).post(page_of(gathering, step)).status_code == 404
        assert "/cuenta/entrar/" in Client().post(page_of(gathering, step)).url
        assert signed_in(contributor).get(page_of(gathering, step)).status_code == 405
    assert signed_in(committee_member).get(GATHER).status_code == 403
    assert gathering.lines.filter(decision="waiting").count() == 2


def test_only_for_organisations_one_acts_for(contributor, insp, coordinator) -> None:
    answer, gathering = bring(signed_in(contributor), contributor, organisation=insp.pk)
    assert answer.status_code == 422
    assert gathering is None
    answer, gathering = bring(signed_in(coordinator), contributor, organisation=insp.pk)
    assert gathering.organisation == insp


def test_only_a_coordinator_publishes_all(contributor, coordinator) -> None:
    _answer, gathering = bring(signed_in(contributor), contributor)
    signed_in(contributor).post(page_of(gathering, "incorporar/"))
    assert signed_in(contributor).post(page_of(gathering, "enviar/"), {"publish": ""}).status_code == 404
    signed_in(coordinator).post(page_of(gathering, "enviar/"), {"publish": ""})
    assert Resource.objects.published().count() == 2
    signed_in(contributor).post(page_of(gathering, "deshacer/"))
    assert Resource.objects.count() == 2
    assert "Otra persona" in signed_in(contributor).get(page_of(gathering)).content.decode()


def test_what_can_not_be_published_is_named_with_the_reason(contributor, coordinator) -> None:
    _answer, gathering = bring(signed_in(contributor), contributor)
    client = signed_in(coordinator)
    client.post(page_of(gathering, "incorporar/"))
    held, free = Resource.objects.order_by("pk")
    factories.file_of(held)  # nobody has looked through it
    File.objects.filter(pk=factories.file_of(free).pk).update(findings=[])
    assert client.get(page_of(gathering)).context["held_back"] == [held]  # and not only afterwards
    client.post(page_of(gathering, "enviar/"), {"publish": ""})
    assert {work.pk for work in Resource.objects.published()} == {free.pk}
    page = client.get(page_of(gathering))
    assert page.context["held_back"] == [held]
    assert f"/es/mi-mesa/{held.pk}/#before-public" in page.text
    assert "aún sin revisar" in page.text
    assert signed_in(contributor).get(page_of(gathering)).context["held_back"] == []
    actions.publish(held, by=coordinator, looked=True)
    assert client.get(page_of(gathering)).context["held_back"] == []


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_empty_table_can_be_filled_and_brought_in(contributor, format) -> None:
    answer = signed_in(contributor).get(f"{GATHER}plantilla.{format}")
    assert answer.headers["Content-Disposition"].endswith(f'.{format}"')
    assert references.recognised(answer.content, f"a.{format}") == format
    assert not list(references.read(answer.content, f"a.{format}"))
    assert signed_in(contributor).get(f"{GATHER}plantilla.exe").status_code == 404


def test_the_same_number_of_queries_for_one_line_and_for_many(contributor, django_assert_max_num_queries) -> None:
    client = signed_in(contributor)
    rows = "\n".join(f"Obra {n},2020" for n in range(40))
    _answer, gathering = bring(client, contributor, f"título,año\n{rows}\n".encode())
    client.post(page_of(gathering, "incorporar/"))
    with django_assert_max_num_queries(16):
        client.get(page_of(gathering))


# --- Commands --------------------------------------------------------------------------------------------------------


def said(*arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_the_command_previews_takes_in_and_names_its_number(oim, tmp_path) -> None:
    file = tmp_path / "lista.csv"
    file.write_bytes(LIST)
    out = said("import_references", file, "--organisation", "oim", "--dry-run")
    assert "row 3, año:" in out
    assert "2 new, 0 changed, 0 nothing new" in out
    assert not Gathering.objects.exists()
    out = said("import_references", file, "--organisation", "oim", "--publish")
    number = Gathering.objects.get().pk
    assert f"undo_import {number}" in out
    assert "2 taken in" in out
    assert Resource.objects.published().count() == 2
    out = said("import_references", file, "--organisation", "oim", "--format", "csv")
    assert "0 new, 0 changed, 2 nothing new" in out
    said("undo_import", number)
    assert not Resource.objects.exists()


def test_the_commands_say_what_is_wrong(oim, tmp_path) -> None:
    with pytest.raises(CommandError, match="no organisation"):
        said("import_references", tmp_path / "x", "--organisation", "nadie")
    with pytest.raises(CommandError, match="can't be read"):
        said("import_references", tmp_path / "x", "--organisation", "oim")
    with pytest.raises(CommandError, match="no import"):
        said("undo_import", 7)
    file = tmp_path / "nada.ris"
    file.write_bytes(b"TY  - RPRT\nTI  - Uno\nER  -\n")
    said("import_references", file, "--organisation", "oim", "--dry-run")
    preview = Gathering.objects.create(organisation=oim, kind="references", state="preview")
    with pytest.raises(CommandError, match="never taken in"):
        said("undo_import", preview.pk)


def test_dry_run_asks_the_database_for_nothing_but_reading(oim, tmp_path, django_assert_max_num_queries) -> None:
    factories.resource(oim, title_es="Salud en la ruta", year=2021)
    file = tmp_path / "lista.csv"
    file.write_bytes(LIST)
    with django_assert_max_num_queries(25) as asked:
        said("import_references", file, "--organisation", "oim", "--dry-run")
    assert not [query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "DECLARE"))]

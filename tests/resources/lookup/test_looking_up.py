"""A pasted list of DOIs and addresses: looked up, shown, taken in with the files, and taken back out."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import Organisation, User
from resources import importing, tidying
from resources.importing import lookups, tasks
from resources.intake.lookup import webpage
from resources.models import FieldOrigin, File, Gathered, Gathering, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents, library_dump
from tests.resources.handing_in import hand_in, stored
from tests.resources.lookup.web import Web

pytestmark = pytest.mark.django_db
GATHER = "/es/mi-mesa/reunir/"
Origin, Outcome, Decision, LookUp = FieldOrigin.Origin, Gathered.Outcome, Gathered.Decision, Gathered.LookUp


def dump() -> dict[str, list]:
    """The library, without the hour at which somebody signed in."""
    return {table: rows for table, rows in library_dump.dump().items() if table != "network_user"}


def paste(user: User, *lines: str) -> Gathering:
    """What comes of a list, once the worker has been at it."""
    given = {"text": "\n".join(lines), "organisation": user.organisation_ids[0]}
    answer = signed_in(user).post(GATHER, given)
    return Gathering.objects.get(pk=int(answer.url.rstrip("/").rpartition("/")[2]))


def step(user: User, gathering: Gathering, name: str) -> str:
    return signed_in(user).post(f"{GATHER}{gathering.pk}/{name}/").url


def page_of(user: User, gathering: Gathering) -> str:
    return signed_in(user).get(f"{GATHER}{gathering.pk}/").content.decode()


def told(gathering: Gathering) -> list[tuple[str, str]]:
    return [(line.outcome, line.look_up) for line in gathering.lines.all()]


def origins(work: Resource) -> dict[str, tuple[str, int]]:
    return {origin.field: (origin.origin, origin.certainty) for origin in work.origins.all()}


def test_a_doi_is_shown_as_its_register_describes_it_and_nothing_is_written(web: Web, contributor) -> None:
    web.doi("10.1234/abc")
    before = dump()
    gathering = paste(contributor, "https://doi.org/10.1234/ABC")
    assert (gathering.state, told(gathering)) == ("preview", [("new", "found")])
    assert dump() == before
    page = page_of(contributor, gathering)
    assert "The health of migrants in transit" in page
    assert "El registro de los DOI" in page
    step(contributor, gathering, "incorporar")
    work = Resource.objects.get()
    assert (work.title_en, work.title_es or "", work.doi, work.type) == (
        "The health of migrants in transit", "", "10.1234/abc", "article",
    )  # fmt: skip
    assert origins(work)["title_en"] == (Origin.REGISTER, 100)
    assert origins(work)["date"] == (Origin.REGISTER, 100)
    assert origins(work)["doi"] == (Origin.REFERENCE, 100)


@pytest.mark.django_db(transaction=True)
def test_a_page_and_its_file_become_one_draft(web: Web, contributor, settings) -> None:
    url = web.page("/handle/7", '<meta name="citation_pdf_url" content="/x.pdf">')
    web.pdf("/x.pdf")
    gathering = paste(contributor, url)
    assert not File.objects.exists()
    assert "x.pdf" in page_of(contributor, gathering)
    step(contributor, gathering, "incorporar")
    work = Resource.objects.get()
    assert (work.title_es, work.source_url, work.abstract_en) == ("Salud en la ruta migratoria", url, "What is known.")
    assert origins(work)["title_es"] == (Origin.PAGE, webpage.CITED)
    assert origins(work)["source_url"] == (Origin.REFERENCE, 100)
    file = work.files.get()
    assert (file.name, file.kind, file.state, file.findings is not None) == ("x.pdf", "pdf", "read", True)
    assert file.texts.filter(text__contains="termohigrómetro").exists()
    assert [path.name for path in stored(settings) if path.parent.name == "gatherings"] == []


def test_a_file_by_itself_is_read_as_an_upload_is(web: Web, contributor) -> None:
    url = web.pdf("/descargar?id=9", "Salud en la frontera sur")
    gathering = paste(contributor, url)
    assert gathering.lines.get().values["title_es"] == "Salud en la frontera sur"
    step(contributor, gathering, "incorporar")
    work = Resource.objects.get()
    assert (work.title_es, work.source_url, work.files.count()) == ("Salud en la frontera sur", url, 1)
    assert origins(work)["title_es"][0] == Origin.TEXT
    hand_in(signed_in(contributor), documents.pdf("Salud en la frontera sur") + b" ", "a.pdf",
            organisation=contributor.organisations[0])  # fmt: skip
    uploaded = Resource.objects.exclude(pk=work.pk).get()
    assert {name: origin for name, origin in origins(work).items() if name not in ("source_url", "type")} == origins(
        uploaded
    )


def test_a_language_nobody_told_is_marked(web: Web, contributor) -> None:
    web.doi("10.1234/a", title="Enfermería", language=None)
    web.doi("10.1234/b", title="The health of the migrants", language=None)
    gathering = paste(contributor, "10.1234/a", "10.1234/b")
    first, second = [line.found["origins"] for line in gathering.lines.all()]
    assert first["original_language"][1] < 70
    assert second["original_language"][1] == second["title_en"][1] == 80
    assert page_of(contributor, gathering).count("check-me") == 1


# --- What is here already ---------------------------------------------------------------------------------------------


def test_a_doi_the_library_holds_is_not_asked_for_and_makes_no_twin(web: Web, contributor) -> None:
    factories.resource(contributor.organisations[0], title_es="Ya está", doi="10.1234/abc")
    gathering = paste(contributor, "10.1234/abc")
    assert (told(gathering), web.asked) == ([("same", "")], [])
    assert "La biblioteca ya tiene este documento" in page_of(contributor, gathering)


def test_a_page_with_a_doi_the_library_holds_makes_no_twin(web: Web, insp, contributor) -> None:
    factories.resource(insp, title_es="Salud en la ruta migratoria", doi="10.1234/abc")
    gathering = paste(contributor, web.page("/a", '<meta name="citation_doi" content="10.1234/ABC">'))
    assert [line.outcome for line in gathering.lines.all()] == ["same"]


def test_the_same_twice_in_a_list_is_asked_for_once(web: Web, contributor) -> None:
    url = web.page("/a")
    web.doi("10.1234/abc")
    gathering = paste(contributor, url, f"{url}/", "10.1234/abc", "doi:10.1234/ABC")
    assert told(gathering) == [("new", "found"), ("refused", ""), ("new", "found"), ("refused", "")]
    assert len(web.asked) == 2


def test_two_addresses_of_one_file_or_page_are_one_work(web: Web, contributor) -> None:
    same = [web.put(path, documents.png(), "image/png") for path in ("/a.png", "/b.png")]  # named by their addresses
    lines = [*same, web.page("/c"), web.page("/d")]
    gathering = paste(contributor, *lines)
    assert [line.outcome for line in gathering.lines.all()] == ["new", "refused", "new", "refused"]
    assert "línea 1" in page_of(contributor, gathering)


def test_a_file_the_library_holds(web: Web, contributor, stranger) -> None:
    url = web.pdf("/a.pdf")
    hand_in(signed_in(contributor), documents.pdf("Salud en la frontera sur"), "a.pdf",
            organisation=contributor.organisations[0])  # fmt: skip
    mine = paste(contributor, url).lines.get()
    assert (mine.outcome, mine.resource) == ("same", Resource.objects.get())
    theirs = paste(stranger, url).lines.get()
    assert (theirs.outcome, theirs.resource) == ("refused", None)


def test_what_came_in_between_preview_and_yes_is_left(web: Web, contributor) -> None:
    gathering = paste(contributor, web.pdf("/a.pdf"))
    hand_in(signed_in(contributor), documents.pdf("Salud en la frontera sur"), "a.pdf",
            organisation=contributor.organisations[0])  # fmt: skip
    Resource.objects.update(title_es="Corregido por una persona")
    step(contributor, gathering, "incorporar")
    assert (Resource.objects.count(), File.objects.count()) == (2, 1)
    assert "ya tiene este documento" in page_of(contributor, gathering)


# --- What does not come -----------------------------------------------------------------------------------------------


def test_what_is_not_found_stays_a_draft_and_can_be_tried_again(web: Web, contributor) -> None:
    lines = ["10.1234/nada", f"{web.url}/nada", web.put("/x.pdf", b"MZ\x90\0" * 99, "application/pdf")]
    gathering = paste(contributor, *lines)
    assert told(gathering) == [("new", "failed")] * 3
    page = page_of(contributor, gathering)
    assert "El registro no conoce este DOI" in page
    assert "error 404" in page
    assert "Volver a consultar 3" in page
    web.doi("10.1234/nada")
    step(contributor, gathering, "consultar")
    assert told(gathering) == [("new", "found"), ("new", "failed"), ("new", "failed")]
    step(contributor, gathering, "incorporar")
    assert Resource.objects.filter(title_es=lines[1], source_url=lines[1]).exists()
    assert Resource.objects.count() == 3


def test_after_the_yes_a_new_try_is_a_preview_of_its_own(web: Web, contributor) -> None:
    url = f"{web.url}/tarde"
    first = paste(contributor, url, "10.1234/tarde")
    step(contributor, first, "incorporar")
    assert set(Resource.objects.values_list("title_es", flat=True)) == {url, "10.1234/tarde"}
    web.page("/tarde", '<meta name="citation_pdf_url" content="/x.pdf">')
    web.pdf("/x.pdf")
    web.doi("10.1234/tarde")
    second = Gathering.objects.get(pk=int(step(contributor, first, "consultar").rstrip("/").rpartition("/")[2]))
    assert second.pk != first.pk
    assert told(second) == [("changed", "found")] * 2
    before = dump()
    step(contributor, second, "incorporar")
    work = Resource.objects.get(doi="10.1234/tarde")
    assert (work.title_es or "", work.title_en) == ("", "The health of migrants in transit")
    work = Resource.objects.get(source_url=url)
    assert (work.title_es, work.files.count()) == ("Salud en la ruta migratoria", 1)
    assert origins(work)["title_es"] == (Origin.PAGE, webpage.CITED)
    step(contributor, second, "deshacer")
    assert dump() == before


def test_a_page_without_its_file_says_so_and_the_file_may_follow(web: Web, contributor) -> None:
    url = web.page("/a", '<meta name="citation_pdf_url" content="/x.pdf">')
    gathering = paste(contributor, url)
    assert told(gathering) == [("new", "failed")]
    assert "no se pudo traer el archivo" in page_of(contributor, gathering)
    step(contributor, gathering, "incorporar")
    web.pdf("/x.pdf")
    step(contributor, gathering, "consultar")
    second = Gathering.objects.first()
    assert [(line.outcome, line.values.keys() & {"title_es"}) for line in second.lines.all()] == [("changed", set())]
    step(contributor, second, "incorporar")
    assert Resource.objects.get().files.count() == 1


def test_a_silent_server_is_not_asked_for_ever(web: Web, contributor) -> None:
    for number in range(6):
        web.at[f"/s/{number}"] = lambda asked: asked.reply(status=503)
    gathering = paste(contributor, *(f"{web.url}/s/{number}" for number in range(6)))
    assert told(gathering) == [("new", "failed")] * 6
    assert set(web.asked) == {"/s/0", "/s/1", "/s/2"}


def test_an_answer_nobody_thought_of_costs_its_own_line(web: Web, contributor, monkeypatch) -> None:
    monkeypatch.setattr(webpage, "read", lambda *_a, **_k: 1 / 0)
    web.doi("10.1234/a")
    gathering = paste(contributor, web.page("/a"), "10.1234/a")
    assert told(gathering) == [("new", "failed"), ("new", "found")]


def test_where_requests_are_switched_off_nothing_is_looked_up(contributor, settings) -> None:
    settings.DOI_REGISTER = "http://127.0.0.1:1/"
    gathering = paste(contributor, "10.1234/a", "https://example.org/informes/7")
    assert (gathering.state, told(gathering)) == ("preview", [("new", "")] * 2)
    step(contributor, gathering, "incorporar")
    assert Resource.objects.count() == 2


def test_only_so_many_are_looked_up_at_once(web: Web, contributor, monkeypatch) -> None:
    from resources.importing import previewing

    monkeypatch.setattr(previewing, "MOST_LOOK_UPS", 1)
    for name in "ab":
        web.doi(f"10.1234/{name}", title=f"Título muy distinto de {name}")
    gathering = paste(contributor, "10.1234/a", "10.1234/b")
    assert told(gathering) == [("new", "found"), ("new", "failed")]
    step(contributor, gathering, "consultar")
    assert told(gathering) == [("new", "found")] * 2


def test_the_files_of_a_list_have_a_limit(web: Web, contributor, monkeypatch) -> None:
    monkeypatch.setattr(lookups, "MOST_BYTES", 4_000)
    gathering = paste(contributor, web.pdf("/a.pdf", "Uno de los informes"), web.pdf("/b.pdf", "Otro muy distinto"))
    assert [look_up for _outcome, look_up in told(gathering)].count("failed") >= 1
    assert "demasiado espacio" in page_of(contributor, gathering)


# --- In, out, killed --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_import_and_undo_leave_the_library_and_the_store_as_they_were(web: Web, contributor, settings) -> None:
    ContentType.objects.get_for_model(Resource)
    before = dump()
    web.page("/a", '<meta name="citation_pdf_url" content="/x.pdf">')
    web.pdf("/x.pdf")
    web.doi("10.1234/a")
    gathering = paste(contributor, f"{web.url}/a", "10.1234/a")
    step(contributor, gathering, "incorporar")
    assert (Resource.objects.count(), File.objects.count()) == (2, 1)
    step(contributor, gathering, "deshacer")
    assert dump() == before
    assert stored(settings) == []


def test_a_work_somebody_has_corrected_before_its_file_came_is_not_undone(web: Web, contributor, monkeypatch) -> None:
    gathering = paste(contributor, web.pdf("/a.pdf"))
    real = lookups.attach

    def corrected(line: Gathered, then: object) -> str:
        Resource.objects.filter(pk=line.resource_id).update(publisher="Corregido")
        return real(line, then)

    monkeypatch.setattr(lookups, "attach", corrected)
    step(contributor, gathering, "incorporar")
    step(contributor, gathering, "deshacer")
    assert Resource.objects.get().files.count() == 1


def test_cancel_lets_go_of_the_files(web: Web, contributor, settings) -> None:
    gathering = paste(contributor, web.pdf("/a.pdf"))
    assert len(stored(settings)) == 1
    step(contributor, gathering, "cancelar")
    assert stored(settings) == []
    assert not Gathered.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_list_cancelled_while_it_is_looked_up(web: Web, contributor, oim, settings) -> None:
    gathering = waiting(contributor, oim, web.pdf("/a.pdf"), web.url + "/b.pdf")
    run = lookups.Run(gathering, 0)
    line = lookups.waiting(gathering).first()
    importing.cancel(gathering)
    run.take(line)
    assert stored(settings) == []
    lookups.go_on(gathering)
    assert not Gathered.objects.exists()


def test_bytes_that_wait_for_nobody_are_swept(web: Web, contributor, oim, settings) -> None:
    gathering = paste(contributor, web.pdf("/a.pdf"))
    importing.stage(b"TY  - RPRT", "a.ris", organisation=oim, by=contributor)
    kept = {path.name for path in stored(settings)}
    for name in ("7-70", "9000", "read.me"):
        default_storage.save(f"gatherings/{name}", ContentFile(b"x"))
    assert tidying.sweep(older_than=tidying.PATIENCE * 0) == 2
    assert {path.name for path in stored(settings)} == {*kept, "read.me"}
    assert kept == {str(gathering.pk + 1), f"{gathering.pk}-{gathering.lines.get().pk}"}


def waiting(user: User, organisation: Organisation, *lines: str) -> Gathering:
    """A list the worker has not been at yet."""
    return importing.preview_pasted("\n".join(lines), "", organisation=organisation, by=user)


def test_a_killed_look_up_goes_on_where_it_stopped(web: Web, contributor, oim) -> None:
    gathering = waiting(contributor, oim, web.page("/a"), web.pdf("/b.pdf", "Un informe muy distinto"))
    assert gathering.state == "reading"
    lookups.Run(gathering, 0).take(lookups.waiting(gathering).first())
    assert told(gathering) == [("new", "found"), ("new", "waiting")]
    page = page_of(contributor, gathering)
    assert "1 de 2 consultados" in page
    assert 'hx-trigger="every 2s"' in page
    tasks.look_up.enqueue(gathering.pk)
    tasks.look_up.enqueue(gathering.pk)
    assert told(gathering) == [("new", "found")] * 2
    assert web.asked == ["/a", "/b.pdf"]
    gathering.refresh_from_db()
    assert gathering.state == "preview"


def test_a_killed_yes_goes_on_with_the_files(web: Web, contributor, monkeypatch) -> None:
    gathering = paste(contributor, *(web.pdf(f"/{n}.pdf", f"Informe número {n} sobre {n * 7}") for n in range(2)))
    real, done = lookups.attach, []

    def attach(line: Gathered, then: object) -> str:
        if done:
            raise KeyboardInterrupt
        done.append(line)
        return real(line, then)

    monkeypatch.setattr(lookups, "attach", attach)
    with pytest.raises(KeyboardInterrupt):
        importing.confirm(gathering, by=contributor)
    monkeypatch.setattr(lookups, "attach", real)
    assert (Resource.objects.count(), File.objects.count()) == (2, 1)
    assert 'hx-trigger="every 2s"' in page_of(contributor, gathering)
    importing.confirm(gathering, by=contributor)
    assert (Resource.objects.count(), File.objects.count()) == (2, 2)


def test_only_ones_own_lists(web: Web, contributor, stranger) -> None:
    gathering = paste(contributor, "10.1234/nada")
    web.asked.clear()
    assert signed_in(stranger).post(f"{GATHER}{gathering.pk}/consultar/").status_code == 404
    assert signed_in(contributor).get(f"{GATHER}{gathering.pk}/consultar/").status_code == 405
    assert web.asked == []


def test_the_same_number_of_queries_for_one_line_and_for_ten(web: Web, contributor) -> None:
    for n in range(10):
        web.doi(f"10.1234/{n}", title=f"Título número {n} de otra cosa {n * 31}")
    one = paste(contributor, "10.1234/0")
    ten = paste(contributor, *(f"10.1234/{n}" for n in range(10)))
    client = signed_in(contributor)
    client.get(f"{GATHER}{one.pk}/")
    asked = []
    for gathering in (one, ten):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{GATHER}{gathering.pk}/")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16

"""Who changed which field: every door leaves its row, rows stay, and only those who look after a work read them."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from network.models import User
from resources import actions, description, harvesting, importing, merging, watching
from resources.models import FieldChange, FieldOrigin, Gathering, Resource, Topic
from resources.models.history import Unchangeable
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in
from tests.resources.harvesting.repository import Repository, served
from tests.resources.library_dump import dump, records

Origin = FieldOrigin.Origin


def rows(work: Resource) -> list[tuple]:
    """What was written down of a work, oldest first and by field: (field, before, after, by, origin)."""
    said = work.field_changes.order_by("pk").values_list("field", "before", "after", "by__email", "origin")
    return list(said)


def page_of(work: Resource, language: str = "es") -> str:
    with translation.override(language):
        return reverse("resources:history", args=[work.pk])


@pytest.fixture
def draft(oim) -> Resource:
    work = factories.resource(oim, published=False, title_es="Antes", year=2019, tags=("viejo",))
    description.note(work, ["title_es"], origin=Origin.TEXT, certainty=85, detail="1")
    return work


# --- Each door -------------------------------------------------------------------------------------------------------


def test_the_form_on_the_site(draft, contributor: User) -> None:
    client = signed_in(contributor)
    address = reverse("resources:edit", args=[draft.pk])
    more = {"title_es": "Después", "date": "2020-03", "audience": "members", "authors-0-name": "Paz, Ana"}
    client.post(address, form_data(client.get(address), **more))
    assert rows(draft) == [
        ("title_es", "Antes", "Después", contributor.email, "person"),
        ("audience", "public", "members", contributor.email, "person"),
        ("date", "2019", "2020-03", contributor.email, "person"),
        ("authors", [], [["Paz, Ana", "person", ""]], contributor.email, "person"),
    ]
    title = draft.field_changes.get(field="title_es")
    assert (title.before_origin, title.before_detail, title.detail) == ("text", "1", contributor.name)
    client.post(address, form_data(client.get(address)))
    assert draft.field_changes.count() == 4  # saved as it stood: nothing changed


def test_accepted_in_the_form_it_is_a_suggestion(draft, contributor: User) -> None:
    topic = factories.topic("salud-mental", "Salud mental", "Mental health")
    client = signed_in(contributor)
    address = reverse("resources:edit", args=[draft.pk])
    data = form_data(client.get(address), topics=[topic.pk], accepted="topic:salud-mental", accept="type:law")
    client.post(address, data)
    assert rows(draft) == [
        ("type", "report", "law", contributor.email, "suggested"),
        ("topics", [], ["salud-mental"], contributor.email, "suggested"),
    ]


def test_a_suggestion_accepted_by_itself(draft, contributor: User) -> None:
    factories.country("HN", "Honduras")
    signed_in(contributor).post(reverse("resources:accept", args=[draft.pk]), {"accept": "country:HN"})
    assert rows(draft) == [("countries", [], ["HN"], contributor.email, "suggested")]


def test_the_table_of_gathered_files(draft, contributor: User, oim) -> None:
    kind, state = Gathering.Kind.FILES, Gathering.State.PREVIEW
    gathering = Gathering.objects.create(organisation=oim, by=contributor, kind=kind, state=state)
    line = gathering.lines.create(position=1, where="a.pdf", outcome="new", resource=draft)
    data = {"title": "Before", "year": "2019", "language": "en"}
    signed_in(contributor).post(reverse("resources:gathered_correct", args=[line.pk]), data)
    assert [row[:3] for row in rows(draft)] == [
        ("title_es", "Antes", ""), ("title_en", "", "Before"), ("original_language", "es", "en"),
    ]  # fmt: skip


def test_the_admin(draft, coordinator: User, oim) -> None:
    address = f"/admin/resources/resource/{draft.pk}/change/"
    client = signed_in(coordinator)
    form = client.get(address).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in (None, [])}
    data |= {"title_es": "Después", "tags": "nuevo, viejo", "organisation": oim.pk}
    for prefix in ("authors", "files", "origins", "state_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"authors-TOTAL_FORMS": 1, "authors-0-name": "OIM", "authors-0-kind": "body", "authors-0-position": 0}
    data["authors-0-organisation"] = oim.pk
    assert client.post(address, data).status_code == 302
    assert rows(draft) == [
        ("title_es", "Antes", "Después", coordinator.email, "person"),
        ("authors", [], [["OIM", "body", "oim"]], coordinator.email, "person"),
        ("tags", ["viejo"], ["nuevo", "viejo"], coordinator.email, "person"),
    ]


def test_files_come_and_go(draft, contributor: User) -> None:
    client = signed_in(contributor)
    upload = SimpleUploadedFile("a.pdf", documents.pdf())
    client.post(reverse("resources:file_add", args=[draft.pk]), {"file": upload, "language": "es"})
    client.post(reverse("resources:file_remove", args=[draft.files.get().pk]))
    assert rows(draft) == [
        ("files", [], [["a.pdf", "es"]], contributor.email, "person"),
        ("files", [["a.pdf", "es"]], [], contributor.email, "person"),
    ]


def test_a_harvest_and_what_a_coordinator_accepts_of_it(settings, oim, coordinator: User) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    repository = Repository()
    repository.put("uno", "Antes", type="report")
    with served(repository, oim) as source:
        harvesting.harvest(source, pause=0)
        work = Resource.objects.get()
        assert rows(work) == []  # as it came in: its origins say so
        repository.put("uno", "Después", type="report")
        harvesting.harvest(source, pause=0)
        assert rows(work) == [("title_es", "Antes", "Después", None, "source")]
        assert work.field_changes.get().detail == "Repositorio X · oai:x:uno"
        actions.publish(work, by=coordinator)
        repository.put("uno", "Todavía después", type="report")
        harvesting.harvest(source, pause=0)
        assert len(rows(work)) == 1  # a proposal changes nothing
        line = source.gatherings.first().lines.get()
        signed_in(coordinator).post(f"/admin/resources/source/proposals/{line.pk}/", {"decision": "accept"})
    assert rows(work)[1:] == [("title_es", "Después", "Todavía después", coordinator.email, "source")]


LIST = {"titles": {"es": "Salud en la ruta"}, "year": 2021, "key": "a", "language": "es", "type": "report"}


def brought(user: User, **changes: object) -> Gathering:
    gathering = importing.preview(records(LIST | changes), "lista.csv", organisation=user.organisations[0], by=user)
    return importing.confirm(gathering, by=user)


def test_an_import_and_its_undo(contributor: User, coordinator: User) -> None:
    ContentType.objects.get_for_model(Resource)
    brought(contributor)
    work, before = Resource.objects.get(), dump()
    assert rows(work) == []
    again = brought(contributor, publisher="OPS", subjects=("albergue",))
    assert rows(work) == [
        ("publisher", "", "OPS", contributor.email, "reference"),
        ("tags", [], ["albergue"], contributor.email, "reference"),
    ]
    importing.undo(again, by=coordinator)
    assert dump() == before
    assert rows(work)[2:] == [
        ("publisher", "OPS", "", coordinator.email, ""),
        ("tags", ["albergue"], [], coordinator.email, ""),
    ]
    assert set(work.field_changes.values_list("how", flat=True)) == {"written", "undone"}


def test_a_merge(oim, coordinator: User) -> None:
    into = factories.resource(oim, title_es="Uno", published=False, publisher="OIM", year=2020)
    other = factories.resource(oim, title_es="Dos", title_en="Two", published=False, publisher="OPS", year=2021)
    description.note(other, ["title_en"], origin=Origin.TEXT, detail="1")
    file = factories.file_of(other, language="en")
    merging.merge(other, into=into, by=coordinator)
    assert rows(into) == [
        ("title_en", "", "Two", coordinator.email, "text"),
        ("files", [], [[file.name, "en"]], coordinator.email, "person"),
    ]
    assert set(into.field_changes.values_list("how", flat=True)) == {"merged"}
    page = signed_in(coordinator).get(page_of(into))
    together = "Reunido con otro documento"
    assert [entry.did for entry in page.context["page"]] == [together, together, "Entró en la biblioteca"]
    assert "«Dos»" in page.text


def test_a_refused_change_is_not_written_down(draft, contributor: User) -> None:
    with pytest.raises(ZeroDivisionError):
        actions.describe(draft, by=contributor, save=lambda: (Resource.objects.update(year=1999), 1 / 0))
    assert rows(draft) == []


# --- Rows stay -------------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(draft, contributor: User) -> Resource:
    description.write(draft, {"title_es": "Después"}, origin=Origin.PERSON, by=contributor, detail=contributor.name)
    return draft


def test_rows_are_only_ever_added(changed) -> None:
    [row] = changed.field_changes.all()
    row.after = "Otra cosa"
    for attempt in (
        row.save,
        row.delete,
        lambda: FieldChange.objects.update(after=""),
        lambda: changed.field_changes.all().delete(),
        lambda: FieldChange.objects.bulk_update([row], ["after"]),
    ):
        with pytest.raises(Unchangeable), transaction.atomic():
            attempt()
    assert FieldChange.objects.get().after == "Después"


def test_they_go_with_their_work_and_outlive_whoever_made_them(changed, contributor: User, coordinator: User) -> None:
    contributor.delete()
    assert contributor.name in signed_in(coordinator).get(page_of(changed)).text
    actions.delete(changed, by=None)
    assert not FieldChange.objects.exists()


# --- Who reads them --------------------------------------------------------------------------------------------------


def test_the_page_tells_what_who_when_and_why(changed, contributor: User, coordinator: User) -> None:
    actions.submit(changed, by=contributor)
    actions.return_to_draft(changed, by=coordinator, reason="Falta el año exacto.")
    actions.describe(changed, by=coordinator, save=lambda: Resource.objects.filter(pk=changed.pk).update(type="law"))
    client = signed_in(contributor)
    page = client.get(page_of(changed))
    said = [(entry.did, entry.who) for entry in page.context["page"]]
    assert said == [
        ("Modificado", coordinator.name),
        ("Devuelto", coordinator.name),
        ("Enviado a revisión", contributor.name),
        ("Modificado", contributor.name),
        ("Entró en la biblioteca", ""),
    ]
    for words in ("Falta el año exacto.", "Antes", "Después", "página 1 del archivo", "Tipo", "Ley o reglamento"):
        assert words in page.text
    assert page_of(changed) in client.get(reverse("resources:edit", args=[changed.pk])).text
    english = client.get(page_of(changed, "en")).text
    for words in ("Law or regulation", "Title in Spanish", "page 1 of the file", "Came into the library"):
        assert words in english


def test_what_it_said_as_it_came_in(changed, contributor: User) -> None:
    first = signed_in(contributor).get(page_of(changed)).context["page"][-1]
    came = {change.field: (change.after, change.came_from) for change in first.changes}
    assert came["title_es"] == ("Antes", "página 1 del archivo")
    assert (came["date"], came["tags"]) == (("2019", ""), ("viejo", ""))
    assert "abstract_es" not in came


def test_the_gate(changed, client, contributor: User, stranger: User, committee_member: User, coordinator) -> None:
    assert signed_in(stranger).get(page_of(changed)).status_code == 404
    assert client.get(page_of(changed)).url.startswith("/es/cuenta/entrar/")
    assert signed_in(contributor).post(page_of(changed)).status_code == 405
    actions.publish(changed, by=coordinator)
    admin = f"/admin/resources/resource/{changed.pk}/history/"
    for reader in (contributor, committee_member):  # they read the work, they do not look after it
        assert signed_in(reader).get(page_of(changed)).status_code == 404
        assert signed_in(reader).get(admin).status_code in (302, 404)
    for address in (page_of(changed), admin):
        assert "Después" in signed_in(coordinator).get(address).text
    assert "Antes" not in client.get(changed.get_absolute_url()).text


def test_as_many_queries_for_one_change_as_for_many(draft, contributor: User) -> None:
    client = signed_in(contributor)
    topics = [factories.topic(f"t{n}", f"Tema {n}", f"Topic {n}") for n in range(10)]

    def change(number: int) -> None:
        topic = Topic.objects.get(slug=topics[number].slug)
        values = {"title_es": f"Título {number}", "topics": [topic.slug], "authors": [f"Paz, {number}"]}
        description.write(draft, values, origin=Origin.PERSON, by=contributor, detail=contributor.name)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page_of(draft)).status_code == 200
        return len(seen)

    change(0)
    queries()
    few = queries()
    for number in range(1, 10):
        change(number)
    assert len(rows(draft)) == 30
    assert queries() == few


def test_a_new_file_brings_no_changes(oim, contributor: User) -> None:
    hand_in(signed_in(contributor), documents.pdf("Salud en la ruta"), "a.pdf", organisation=oim)
    work = Resource.objects.get()
    assert rows(work) == []
    first = signed_in(contributor).get(page_of(work)).context["page"][-1]
    assert first.who == contributor.name
    assert "página 1 del archivo" in {change.came_from for change in first.changes}


def test_many_works_are_watched_in_as_many_queries_as_one(oim, insp) -> None:
    works = [factories.resource(oim, tags=("a", "b"), text="x") for _ in range(10)]
    for work in works:
        work.authors.create(name="OIM", organisation=oim)
        work.authors.create(name="INSP", organisation=insp, position=1)

    def queries(some: list[Resource]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(watching.standing(work.pk for work in some)) == len(some)
        return len(seen)

    queries(works)
    assert queries(works) == queries(works[:1])

"""The links of a letter: they show, and a button answers; once, for what was seen, while it is open."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from network.models import User
from portal.core import links
from portal.core.models import AuditEntry
from resources import actions, consent, deposits
from resources.models import Asking, Consent, Resource
from tests import factories
from tests.conftest import body, signed_in
from tests.resources import documents
from tests.resources.asking import answer, ask, draft, links_of
from tests.resources.test_before_public import traced

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(insp) -> list[Resource]:
    return [draft(insp, title_es="Salud en la frontera"), draft(insp, title_es="Guía de albergues")]


@pytest.fixture
def asking(works, coordinator: User, stranger: User, insp) -> Asking:
    return ask(coordinator, insp, works, stranger, name="Mary", email="mary@example.org", language="en")


@pytest.fixture
def everything(asking) -> str:
    """The link for all documents."""
    return links_of(mail.outbox[0])[0]


def status(*works: Resource) -> list[str]:
    return [Resource.objects.get(pk=work.pk).status for work in works]


def test_looking_changes_nothing(asking, works, client) -> None:
    before = AuditEntry.objects.count()
    for letter in mail.outbox:
        for address in links_of(letter):
            assert client.get(address).status_code == client.head(address).status_code == 200
            assert client.get(f"{address}?publish=&one=all").status_code == 200
    assert status(*works) == ["draft", "draft"]
    assert AuditEntry.objects.count() == before


def test_nobody_keeps_or_passes_on_the_address(everything, client) -> None:
    page = client.get(everything)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in page.text
    assert 'rel="canonical"' not in page.text
    assert not page.cookies
    assert "@example.org" not in page.text


def test_correct_and_published(asking, works, client, everything) -> None:
    one = asking.consents.first()
    for _twice in range(2):
        answered = client.post(everything, {"one": one.pk, "publish": "", **seen(client, everything)})
        assert answered.status_code == 302
    assert status(*works) == ["published", "draft"]
    one.refresh_from_db()
    assert (one.answer, one.by.email, one.link) == ("publish", "eva@example.org", "all")
    change = works[0].state_changes.get(to="published")
    assert change.reason == "Confirmado por Eva (INSP)."
    (entry,) = AuditEntry.objects.about(works[0])
    assert (entry.verb, entry.reason) == ("work-published", "Confirmado por Eva (INSP).")
    assert "Eva respondió" in client.get(everything).text


def seen(client, address: str) -> dict[str, str]:
    rows = client.get(address).context["rows"]
    return {f"seen-{row.consent.pk}": row.seen for row in rows if row.is_waiting}


def test_a_browser_that_says_neither_whence_nor_whither_may_answer(asking, works, everything) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "null"})  # what no-referrer makes of a form
    assert answer(browser, everything, "publish").status_code == 302
    assert status(*works) == ["published", "published"]


def test_all_at_once(asking, works, client, everything) -> None:
    assert answer(client, everything, "publish").status_code == 302
    assert status(*works) == ["published", "published"]
    page = client.get(everything)
    assert page.status_code == 200
    assert "Ya no queda nada" in page.text


def test_the_link_of_one_document_opens_no_other(asking, works, client) -> None:
    first, second = asking.consents.all()
    address = links_of(mail.outbox[0])[1]
    assert [row.consent for row in client.get(address).context["rows"]] == [first]
    client.post(address, {"one": second.pk, "publish": "", f"seen-{second.pk}": consent.fingerprint(works[1])})
    client.post(address, {"one": second.pk, "not_ours": ""})
    token = address.rstrip("/").rpartition("/")[2]
    assert client.get(reverse("resources:asked_change", args=[token, second.pk])).status_code == 404
    assert status(*works) == ["draft", "draft"]


def test_the_first_answer_counts_and_the_second_person_is_told(asking, works, client) -> None:
    mine, hers = (links_of(letter)[0] for letter in mail.outbox)
    her_page = seen(client, hers)
    answer(client, mine, "publish")
    first = asking.consents.first()
    client.post(hers, {"one": first.pk, "not_ours": "", **her_page})
    assert status(*works) == ["published", "published"]
    assert Consent.objects.get(pk=first.pk).by.name == "Eva"
    assert "Eva answered on" in client.get(hers).text


def test_not_ours_goes_back_to_the_coordination(asking, works, client, stranger: User, everything) -> None:
    one = asking.consents.first()
    assert signed_in(stranger).get(works[0].get_absolute_url()).status_code == 200
    for _twice in range(2):
        client.post(everything, {"one": one.pk, "not_ours": "", "reason": "Es de <otra> casa"})
    assert status(*works) == ["refused", "draft"]
    change = works[0].state_changes.get(to="refused")
    assert change.reason == "Eva: no es un documento de INSP. Es de <otra> casa"
    assert signed_in(stranger).get(works[0].get_absolute_url()).status_code == 404  # no longer in their name
    assert not Resource.objects.editable_by(stranger).filter(pk=works[0].pk).exists()
    with pytest.raises(actions.WrongState):
        actions.publish(works[0], by=None)
    assert AuditEntry.objects.about(works[0]).get().verb == "work-refused"


def test_what_changed_meanwhile_is_looked_at_again(asking, works, client, everything) -> None:
    old = seen(client, everything)
    Resource.objects.filter(pk=works[0].pk).update(title_es="Otra cosa")
    page = client.post(everything, {"one": "all", "publish": "", **old})
    assert page.status_code == 422
    assert "ha cambiado" in page.text
    assert status(*works) == ["draft", "published"]
    page = client.post(everything, {"one": asking.consents.first().pk, "publish": ""})
    assert page.status_code == 422  # without saying what was seen
    assert status(*works) == ["draft", "published"]


def test_a_file_added_meanwhile_is_looked_at_again(asking, works, client, everything) -> None:
    old = seen(client, everything)
    factories.file_of(works[0])
    assert client.post(everything, {"one": "all", "publish": "", "looked": "on", **old}).status_code == 422
    assert status(*works) == ["draft", "published"]


@pytest.mark.parametrize("step", ["submitted", "published", "elsewhere", "deleted"])
def test_a_work_that_moved_on_is_not_answered_for(
    asking, works, client, everything, coordinator: User, oim, step: str
) -> None:
    old = seen(client, everything)
    if step == "submitted":
        actions.submit(works[0], by=coordinator)
    elif step == "published":
        actions.publish(works[0], by=coordinator)
    elif step == "elsewhere":
        Resource.objects.filter(pk=works[0].pk).update(organisation=oim)
    else:
        actions.delete(works[0], by=None)
    one = asking.consents.first()
    for button in ("publish", "not_ours"):
        assert client.post(everything, {"one": one.pk, button: "", **old}).status_code == 302
    assert Consent.objects.get(pk=one.pk).answer == "none"
    assert not Resource.objects.filter(pk=works[0].pk, status="refused").exists()
    assert "de otra manera" in client.get(everything).text
    assert signed_in(coordinator).get(reverse("resources:asking", args=[asking.pk])).status_code == 200


def test_after_the_last_day_nothing_is_published(asking, works, client, everything) -> None:
    old = seen(client, everything)
    Asking.objects.update(expires_at=asking.sent_at)
    for button in ("publish", "not_ours"):
        client.post(everything, {"one": "all", button: "", **old})
        client.post(everything, {"one": asking.consents.first().pk, button: "", **old})
    assert status(*works) == ["draft", "draft"]
    page = client.get(everything)
    assert page.status_code == 410
    assert "El plazo para responder terminó" in page.text


@pytest.mark.parametrize("token", ["x", "a:b:c", "WyIxIl0:1abc:xyz", "%00", "x" * 3000])
def test_a_cut_link_says_so(client, db, token: str) -> None:
    for address in (f"/es/por-confirmar/{token}/", f"/es/por-confirmar/{token}/1/"):
        page = client.get(address)
        assert page.status_code in (400, 404)
        assert 'lang="es"' in page.text
    assert client.post("/es/por-confirmar/x/", {"one": "all", "publish": ""}).status_code == 404


def test_a_link_made_for_something_else_opens_nothing(asking, client) -> None:
    other = links.token("invitation", asking.people.first().pk)
    assert client.get(reverse("resources:asked", args=[other])).status_code == 404


def test_what_must_be_looked_at_needs_the_tick(insp, works, coordinator: User, stranger: User, client) -> None:
    deposits.attach(works[0], SimpleUploadedFile("lista.docx", traced()), name="lista.docx", language="es", by=None)
    asking = ask(coordinator, insp, works, stranger)
    address = links_of(mail.outbox[-1])[0]
    page = answer(client, address, "publish")
    assert page.status_code == 422
    assert status(*works) == ["draft", "published"]
    assert Consent.objects.get(pk=asking.consents.first().pk).answer == "none"
    assert 'name="looked"' in page.text
    answer(client, address, "publish", asking.consents.first(), looked="on")
    assert status(*works) == ["published", "published"]
    reason = works[0].state_changes.get(to="published").reason
    assert "Eva" in reason
    assert "lista.docx" in reason


def test_the_files_of_a_draft_open_by_the_link_alone(insp, works, coordinator: User, stranger: User, client) -> None:
    content = documents.pdf()
    file = deposits.attach(works[0], SimpleUploadedFile("a.pdf", content), name="a.pdf", language="es", by=None)
    other = deposits.attach(
        works[1], SimpleUploadedFile("b.pdf", documents.docx()), name="b.docx", language="es", by=None
    )
    asking = ask(coordinator, insp, works, stranger)
    address = links_of(mail.outbox[-1])[1]
    token = address.rstrip("/").rpartition("/")[2]
    mine = reverse("asked_file", args=[token, file.pk, file.name])
    assert mine in client.get(address).text
    answer_ = client.get(mine)
    assert body(answer_) == content
    assert answer_.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer_.headers["Cache-Control"]
    assert "public" not in answer_.headers["Cache-Control"]
    assert "default-src 'none'" in answer_.headers["Content-Security-Policy"]
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get(reverse("asked_file", args=[token, other.pk, other.name])).status_code == 404
    assert client.get(reverse("asked_file", args=["x", file.pk, file.name])).status_code == 404
    assert client.get(reverse("asked_file", args=[token, file.pk, "otro.pdf"])).status_code == 404
    assert client.post(mine).status_code == 405
    consent.withdraw(asking, by=coordinator)
    assert client.get(mine).status_code == 404


def change_form(client, address: str, **changes: object) -> dict[str, object]:
    page = client.get(address)
    values = {field.name: field.value() for field in page.context["form"]}
    return {**{k: "" if v is None else v for k, v in values.items()}, "seen": page.context["seen"], **changes}


def change_address(everything: str, one: Consent) -> str:
    return reverse("resources:asked_change", args=[everything.rstrip("/").rpartition("/")[2], one.pk])


def test_a_correction_is_theirs_and_publishes_nothing(asking, works, client, everything) -> None:
    hn = factories.country("HN", "Honduras")
    topic = factories.topic("salud-mental", "Salud mental", "Mental health")
    fr = factories.country("FR", "Francia", position=0)
    works[0].countries.add(fr)
    one = asking.consents.first()
    address = change_address(everything, one)
    changes = {"title": "Salud en la  frontera norte", "date": "2019-05", "type": "guideline"}
    changes |= {"countries": ["HN"], "topics": [topic.pk], "abstract": "De la red."}
    assert client.post(address, change_form(client, address, **changes)).status_code == 302
    work = Resource.objects.get(pk=works[0].pk)
    assert (work.title_es, work.year, work.month, work.type) == ("Salud en la frontera norte", 2019, 5, "guideline")
    assert (set(work.countries.all()), list(work.topics.all())) == ({hn, fr}, [topic])
    assert work.abstract_es == "De la red."
    assert work.status == "draft"
    theirs = work.origins.filter(origin="person", detail="Eva").values_list("field", flat=True)
    assert set(theirs) == {"title_es", "date", "type", "countries", "topics", "abstract_es"}
    assert AuditEntry.objects.about(work).get().verb == "consent.changed"
    assert answer(client, everything, "publish", one).status_code == 302
    assert status(work) == ["published"]


def test_another_language_takes_the_title_along(asking, works, client, everything) -> None:
    address = change_address(everything, asking.consents.first())
    client.post(address, change_form(client, address, title="Health at the border", language="en"))
    work = Resource.objects.get(pk=works[0].pk)
    assert (work.title_es or "", work.title_en, work.original_language) == ("", "Health at the border", "en")


def test_a_wrong_correction_loses_nothing(asking, works, client, everything) -> None:
    address = change_address(everything, asking.consents.first())
    for wrong in ({"title": " "}, {"date": "ayer"}, {"type": "x"}, {"countries": ["ZZ"]}):
        page = client.post(address, change_form(client, address, abstract="Mucho texto", **wrong))
        assert page.status_code == 422
        assert "Mucho texto" in page.text
    old = change_form(client, address, abstract="Mucho texto")
    Resource.objects.filter(pk=works[0].pk).update(publisher="Otra casa")
    page = client.post(address, old)
    assert page.status_code == 422
    assert "Mucho texto" in page.text
    assert not (Resource.objects.get(pk=works[0].pk).abstract_es)
    assert client.post(address, {**old, "seen": page.context["seen"]}).status_code == 302


def test_nothing_is_corrected_when_it_is_over(asking, works, client, everything, coordinator: User) -> None:
    address = change_address(everything, asking.consents.first())
    data = change_form(client, address, title="Otra")
    consent.withdraw(asking, by=coordinator)
    assert client.post(address, data).url == everything
    assert client.get(address).url == everything
    assert Resource.objects.get(pk=works[0].pk).title_es == "Salud en la frontera"


@pytest.mark.parametrize("statement", ["UPDATE {} SET answer = 'not_ours'", "DELETE FROM {}"])
def test_an_answer_is_never_changed(asking, client, everything, statement: str) -> None:
    answer(client, everything, "publish")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("resources_consent"))
    assert set(Consent.objects.values_list("answer", flat=True)) == {"publish"}


def test_the_answer_outlives_the_document(asking, works, client, everything, coordinator: User) -> None:
    answer(client, everything, "publish")
    actions.delete(Resource.objects.get(pk=works[0].pk), by=None)
    page = signed_in(coordinator).get(reverse("resources:asking", args=[asking.pk]))
    assert "Salud en la frontera" in page.text
    assert client.get(everything).status_code == 200


def test_names_are_escaped(insp, coordinator: User, stranger: User, client) -> None:
    work = draft(insp, title_es="<b>Uno</b> & dos", abstract_es="<script>")
    ask(coordinator, insp, [work], stranger, name="<i>M</i>", email="m@example.org", language="es")
    assert "<b>Uno</b> & dos" in mail.outbox[0].body
    page = client.get(links_of(mail.outbox[1])[0]).text
    assert "<i>M" not in page
    assert "<b>Uno" not in page
    assert "<script>\n" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(asking, works, client, everything) -> None:
    one, page = asking.consents.first(), seen(client, everything)
    together = Barrier(2)

    def press(button: str) -> int:
        together.wait(30)
        try:
            return Client().post(everything, {"one": one.pk, button: "", **page}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(press, ["publish", "not_ours"])) == [302, 302]
    one.refresh_from_db()
    assert status(works[0]) == ["published" if one.answer == "publish" else "refused"]
    assert works[0].state_changes.filter(to__in=["published", "refused"]).count() == 1
    assert AuditEntry.objects.about(works[0]).count() == 1

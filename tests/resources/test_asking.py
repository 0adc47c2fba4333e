"""The coordination asks an organisation: chooses, sees the letter, sends it once, follows what comes of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.models import Role, User
from portal.core.models import AuditEntry
from resources import tasks
from resources.models import Asked, Asking, Consent, Gathered, Gathering, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources.asking import LINK, answer, ask, draft, form, links_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(insp) -> list[Resource]:
    hn, mx = factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico", 2)
    one = draft(insp, title_es="Salud en la frontera", title_en="Health at the border", countries=[hn, mx])
    return [one, draft(insp, title_es="Guía de albergues", type="guideline")]


def page_of(asking: Asking) -> str:
    return reverse("resources:asking", args=[asking.pk])


def test_the_letter_is_shown_word_for_word_before_it_goes(works, coordinator: User, stranger: User, insp) -> None:
    client = signed_in(coordinator)
    data = form(client, insp, works, people=[stranger.pk])
    address = reverse("resources:ask", args=[insp.slug])
    look = client.post(address, data)
    assert not mail.outbox
    assert not Asking.objects.exists()
    client.post(address, {**data, "send": ""})
    (letter,) = mail.outbox
    ((subject, text, to),) = look.context["letters"]
    assert (subject, [to]) == (letter.subject, letter.to)
    hide = lambda text: [LINK.sub("…", line) for line in text.splitlines()]  # noqa: E731
    assert hide(text) == hide(letter.body)
    assert "Salud en la frontera" in look.text


def test_each_gets_one_letter_in_their_language(works, coordinator: User, stranger: User, insp) -> None:
    other = {"name": "Mary", "email": "Mary@Example.org", "language": "en"}
    ask(coordinator, insp, works, stranger, **other)
    spanish, english = mail.outbox
    assert (spanish.to, english.to) == (["eva@example.org"], ["mary@example.org"])
    assert "Salud en la frontera\n   Informe · 2020 · Honduras, México" in spanish.body
    assert "Health at the border\n   Report · 2020 · Honduras, Mexico" in english.body
    assert all(link.startswith("/en/to-confirm/") for link in links_of(english))
    assert len(set(links_of(spanish) + links_of(english))) == 6


def test_pressed_twice_it_is_one_request(works, coordinator: User, stranger: User, insp) -> None:
    client = signed_in(coordinator)
    data = {**form(client, insp, works, people=[stranger.pk]), "send": ""}
    pages = [client.post(reverse("resources:ask", args=[insp.slug]), data).url for _twice in range(2)]
    assert pages[0] == pages[1]
    assert len(mail.outbox) == Asking.objects.count() == 1


def test_only_this_organisations_people_and_drafts_are_offered(
    works, coordinator: User, stranger: User, contributor: User, insp, oim
) -> None:
    left = factories.user("fue@example.org")
    yesterday = timezone.localdate() - timedelta(days=1)
    Role.objects.create(user=left, kind="manager", organisation=insp, since=yesterday, until=yesterday)
    published, theirs = factories.resource(insp), draft(oim)
    client = signed_in(coordinator)
    asked = client.get(reverse("resources:ask", args=[insp.slug])).context["form"]
    assert set(asked.fields["people"].queryset) == {stranger}
    assert set(asked.fields["works"].queryset) == set(works)
    for wrong in (
        {"people": [contributor.pk]},
        {"people": [left.pk]},
        {"works": [published.pk]},
        {"works": [theirs.pk]},
    ):
        data = {**form(client, insp, works, people=[stranger.pk]), "send": "", **wrong}
        assert client.post(reverse("resources:ask", args=[insp.slug]), data).status_code == 422
    assert not mail.outbox


@pytest.mark.parametrize(
    "wrong",
    [{"works": []}, {"people": []}, {"people": [], "email": "a@b.org"}, {"email": "no es"}, {"key": "x"}],
    ids=["no works", "nobody", "no name", "no address", "no key"],
)
def test_what_is_missing_is_said_and_nothing_lost(works, coordinator: User, stranger: User, insp, wrong) -> None:
    client = signed_in(coordinator)
    data = {**form(client, insp, works, people=[stranger.pk]), "send": "", **wrong}
    page = client.post(reverse("resources:ask", args=[insp.slug]), data)
    assert page.status_code == 422
    assert "errorlist" in page.text
    assert not mail.outbox


def test_from_a_gathering_its_drafts_are_chosen(works, coordinator: User, insp) -> None:
    gathering = Gathering.objects.create(organisation=insp, by=coordinator, kind="files", state="preview")
    Gathered.objects.create(gathering=gathering, position=1, outcome="new", resource=works[1])
    client = signed_in(coordinator)
    table = client.get(reverse("resources:gathering_files", args=[gathering.pk]))
    address = reverse("resources:ask", args=[insp.slug]) + f"?gathering={gathering.pk}"
    assert address in table.text
    assert client.get(address).context["form"]["works"].value() == [works[1].pk]


def test_what_waits_already_is_not_chosen_again(works, coordinator: User, stranger: User, insp) -> None:
    ask(coordinator, insp, works[:1], stranger)
    page = signed_in(coordinator).get(reverse("resources:ask", args=[insp.slug]))
    assert page.context["form"]["works"].value() == [works[1].pk]
    assert "ya se preguntó" in page.text


def test_the_page_of_a_request_says_how_each_stands(works, coordinator: User, stranger: User, insp, client) -> None:
    asking = ask(coordinator, insp, works, stranger)
    answer(client, links_of(mail.outbox[0])[1], "publish", asking.consents.first())
    page = signed_in(coordinator).get(page_of(asking)).text
    assert 'data-state="publish"' in page
    assert 'data-state="waiting"' in page
    assert "eva@example.org" in page
    Asking.objects.update(expires_at=timezone.now())
    assert 'data-state="expired"' in signed_in(coordinator).get(page_of(asking)).text
    assert AuditEntry.objects.about(asking).get().verb == "consent.asked"


def test_withdrawn_by_the_coordination(works, coordinator: User, stranger: User, insp, client) -> None:
    asking = ask(coordinator, insp, works, stranger)
    for _twice in range(2):
        signed_in(coordinator).post(reverse("resources:asking_withdraw", args=[asking.pk]))
    assert AuditEntry.objects.about(asking).filter(verb="consent.withdrawn").count() == 1
    page = client.get(links_of(mail.outbox[0])[0])
    assert page.status_code == 410
    assert "retiró" in page.text
    signed_in(coordinator).post(reverse("resources:asking_send_again", args=[asking.pk]))
    assert len(mail.outbox) == 1


def test_sent_again_about_what_is_left(works, coordinator: User, stranger: User, insp, client) -> None:
    asking = ask(coordinator, insp, works, stranger)
    answer(client, links_of(mail.outbox[0])[1], "publish", asking.consents.first())
    again = reverse("resources:asking_send_again", args=[asking.pk])
    signed_in(coordinator).post(again)
    assert len(mail.outbox) == 1  # a moment after the first
    long_ago = timezone.now() - timedelta(days=40)
    Asking.objects.update(sent_at=long_ago, expires_at=long_ago + timedelta(days=30))
    for _twice in range(2):
        signed_in(coordinator).post(again)
    first, second = mail.outbox
    assert "Salud en la frontera" not in second.body
    assert "Guía de albergues" in second.body
    answer(client, links_of(first)[0], "publish")  # the older link leads to the same page
    assert not Resource.objects.filter(status="draft").exists()


def test_one_reminder_after_ten_days_then_nothing(works, coordinator: User, stranger: User, insp) -> None:
    asking = ask(coordinator, insp, works, stranger)
    assert tasks.remind_asked.call() == 0
    Asking.objects.update(sent_at=timezone.now() - timedelta(days=10))
    assert [tasks.remind_asked.call() for _night in range(3)] == [1, 0, 0]
    assert "Recordatorio" in mail.outbox[1].subject
    assert len(mail.outbox) == 2
    asking.refresh_from_db()
    assert asking.reminded_at


@pytest.mark.parametrize("over", ["answered", "withdrawn", "expired", "moved"])
def test_nobody_is_reminded_of_what_is_over(works, coordinator: User, stranger: User, insp, client, over: str) -> None:
    ask(coordinator, insp, works, stranger)
    if over == "answered":
        answer(client, links_of(mail.outbox[0])[0], "publish")
    Resource.objects.filter(status="draft").update(status="submitted" if over == "moved" else "draft")
    Asking.objects.update(
        sent_at=timezone.now() - timedelta(days=11),
        withdrawn_at=timezone.now() if over == "withdrawn" else None,
        expires_at=timezone.now() + timedelta(days=-1 if over == "expired" else 19),
    )
    assert tasks.remind_asked.call() == 0


@pytest.mark.parametrize(
    ("over", "forgotten"),
    [("open", 0), ("answered in part", 0), ("just expired", 0), ("expired", 1), ("answered", 1), ("withdrawn", 1)],
)
def test_addresses_are_forgotten_when_a_request_is_over(
    works, coordinator: User, stranger: User, insp, client, over: str, forgotten: int
) -> None:
    asking = ask(coordinator, insp, works, stranger)
    ask(coordinator, insp, [draft(insp)], stranger)
    if over.startswith("answered"):
        one = asking.consents.first() if over == "answered in part" else "all"
        answer(client, links_of(mail.outbox[0])[0], "publish", one)
    if over == "withdrawn":
        signed_in(coordinator).post(reverse("resources:asking_withdraw", args=[asking.pk]))
    ended = {"expired": 31, "just expired": 29}.get(over, -10)
    Asking.objects.filter(pk=asking.pk).update(expires_at=timezone.now() - timedelta(days=ended))
    assert [tasks.forget_asked.call() for _night in range(2)] == [forgotten, 0]
    page = signed_in(coordinator).get(page_of(asking)).text
    assert "Eva" in page
    assert ("eva@example.org" in page) is not forgotten
    assert Asked.objects.get(asking__gt=asking).email == "eva@example.org"
    for entry in AuditEntry.objects.all():
        assert "@" not in f"{entry.reason}{entry.about_name}"


def test_who_answered_is_still_known_when_the_address_is_not(
    works, coordinator: User, stranger: User, insp, client
) -> None:
    asking = ask(coordinator, insp, works, stranger, name="Mary", email="mary@example.org")
    link = links_of(mail.outbox[0])[0]
    answer(client, link, "publish")
    assert tasks.forget_asked.call() == 2
    assert "Eva respondió" in client.get(link).text
    assert [consent.by.name for consent in asking.consents.all()] == ["Eva", "Eva"]
    assert works[0].state_changes.get(to="published").reason == "Confirmado por Eva (INSP)."


def test_no_letter_goes_to_a_forgotten_address(works, coordinator: User, stranger: User, insp) -> None:
    asking = ask(coordinator, insp, works, stranger)
    Asking.objects.update(sent_at=timezone.now() - timedelta(days=70), expires_at=timezone.now() - timedelta(days=40))
    again, desk = reverse("resources:asking_send_again", args=[asking.pk]), signed_in(coordinator)
    assert again in desk.get(page_of(asking)).text
    tasks.forget_asked.call()
    page = desk.get(page_of(asking)).text
    assert again not in page
    assert reverse("resources:ask", args=[insp.slug]) in page
    assert "No se envió nada" in desk.post(again, follow=True).text
    assert len(mail.outbox) == 1
    asking.refresh_from_db()
    assert not asking.is_open


@pytest.mark.parametrize("task", [tasks.remind_asked, tasks.forget_asked], ids=lambda task: task.name)
def test_the_nights_work_stands_in_the_schedule(task) -> None:
    from portal import settings as ours

    planned = ours.TASKS["default"]["OPTIONS"]["SCHEDULES"].values()
    assert task.module_path in {plan["task"] for plan in planned}


def test_a_refused_work_is_given_to_another_organisation(
    works, coordinator: User, stranger: User, insp, oim, client
) -> None:
    asking = ask(coordinator, insp, works, stranger)
    answer(client, links_of(mail.outbox[0])[1], "not_ours", asking.consents.first(), reason="Es de la OIM")
    desk = signed_in(coordinator)
    assert reverse("resources:askings") in desk.get(reverse("desk")).text
    listed = desk.get(reverse("resources:askings")).text
    assert "Es de la OIM" in listed
    page = desk.get(works[0].get_absolute_url()).text
    take_up = reverse("resources:take_up", args=[works[0].pk])
    assert take_up in page
    assert reverse("resources:publish", args=[works[0].pk]) not in page
    desk.post(reverse("resources:publish", args=[works[0].pk]))
    works[0].refresh_from_db()
    assert works[0].status == "refused"
    assert signed_in(stranger).post(take_up, {"organisation": insp.pk}).status_code == 404
    desk.post(take_up, {})
    for _twice in range(2):
        desk.post(take_up, {"organisation": oim.pk})
    works[0].refresh_from_db()
    assert (works[0].status, works[0].organisation) == ("draft", oim)
    assert works[0].state_changes.filter(to="draft").count() == 1


def test_the_gate(works, coordinator: User, stranger: User, committee_member: User, insp, client) -> None:
    asking = ask(coordinator, insp, works, stranger)
    pages = [
        reverse("resources:askings"),
        reverse("resources:ask_whom"),
        reverse("resources:ask", args=[insp.slug]),
        page_of(asking),
    ]
    steps = [reverse(f"resources:asking_{step}", args=[asking.pk]) for step in ("withdraw", "send_again")]
    for user in (stranger, committee_member):
        other = signed_in(user)
        assert [other.get(page).status_code for page in pages] == [404] * 4
        assert [other.post(step).status_code for step in steps] == [404] * 2
    assert [client.get(page).status_code for page in pages] == [302] * 4
    for step in steps:
        assert client.post(step).url.startswith("/es/cuenta/entrar/")
        assert signed_in(coordinator).get(step).status_code == 405
    asking.refresh_from_db()
    assert asking.is_open


def test_as_many_queries_for_one_as_for_ten(coordinator: User, stranger: User, insp, client) -> None:
    def queries(address: str, reader) -> int:
        reader.get(address)
        with CaptureQueriesContext(connection) as seen:
            reader.get(address)
        return len(seen)

    def all_pages(number: int) -> list[int]:
        hn = factories.country("HN", "Honduras")
        works = [draft(insp, countries=[hn], tags=["frontera"]) for _ in range(number)]
        for work in works:
            factories.file_of(work)
        asking = ask(coordinator, insp, works, stranger)
        desk = signed_in(coordinator)
        counts = [queries(page_of(asking), desk), queries(links_of(mail.outbox[-1])[0], client)]
        counts.append(queries(reverse("resources:ask", args=[insp.slug]), desk))
        return [*counts, queries(reverse("resources:askings"), desk)]

    assert all_pages(1) == all_pages(10)


def test_a_letter_that_cannot_be_kept_is_not_sent(works, coordinator: User, stranger: User, insp, monkeypatch) -> None:
    from resources import consent

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(consent, "_send", broken)
    with pytest.raises(RuntimeError):
        ask(coordinator, insp, works, stranger)
    assert [model.objects.count() for model in (Asking, Asked, Consent)] == [0, 0, 0]

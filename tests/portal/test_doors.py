"""Every role at every door of the portal and of its admin. A view without a row in the table makes this fail."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from network import invitations
from network.models import Absence, Affiliation, Application, Attachment, Duty, Organisation, Person, User
from resources import actions, markers
from resources.models import Asking, Gathered, Gathering, Resource, Source
from steering.models import Period, ProgressReport
from tests import factories
from tests.conftest import signed_in
from tests.portal.doors import ADMIN, ADMIN_PAGES, ALL, COORDINATION, SITE, STAFF, Door
from tests.steering import giving, outcomes, plans, room

FIXTURES = {"manager": "colleague", "committee": "committee_member", "secretariat": "secretary"}
ROLES = sorted(ALL)


def names(patterns: list, space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or '?'}"
        else:
            yield from names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def test_every_view_has_its_row() -> None:
    found = {name for name in names(get_resolver().url_patterns) if not name.startswith("admin:")}
    assert found == set(SITE), "add a row to tests/portal/doors.py, or take one out"


def test_every_page_of_the_admin_has_its_row() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(ADMIN)
    usual = {
        f"admin:{model.replace('.', '_')}_{page}"
        for model in ADMIN
        for page in ("changelist", "add", "history", "delete", "change")
    }
    found = set(names(admin.site.get_urls(), "admin:")) - usual
    assert found - {"admin:?"} == {f"admin:{name}" for name in ADMIN_PAGES}


# --- A world with one of everything ----------------------------------------------------------------------------------


@pytest.fixture
def cast(contributor, colleague, stranger, committee_member, secretary, coordinator, administrator) -> dict[str, User]:
    people = [contributor, colleague, stranger, committee_member, secretary, coordinator, administrator]
    roles = ["contributor", "manager", "stranger", "committee", "secretariat", "coordinator", "administrator"]
    return dict(zip(roles, people, strict=True))


@pytest.fixture
def world(cast: dict[str, User], oim: Organisation) -> dict[str, object]:
    """What the addresses name: everything belongs to OIM."""
    factories.resource(oim)
    draft, submitted, refused = (factories.resource(oim, published=False) for _ in range(3))
    actions.submit(submitted, by=cast["contributor"])
    file = factories.file_of(draft, text="Texto")
    file.content.save("x", ContentFile(b"%PDF-1.4"), save=False)
    file.thumbnail.save("x", ContentFile(b"x"), save=False)
    file.save()
    gathering = {
        kind: Gathering.objects.create(organisation=oim, kind=kind, state=Gathering.State.PREVIEW)
        for kind in (Gathering.Kind.REFERENCES, Gathering.Kind.FILES)
    }
    line = Gathered.objects.create(
        gathering=gathering[Gathering.Kind.FILES], position=1, outcome=Gathered.Outcome.NEW, resource=draft
    )
    Resource.objects.filter(pk=refused.pk).update(status=Resource.Status.REFUSED)
    today, now = timezone.localdate(), timezone.now()
    source = Source.objects.create(name="Fuente", slug="fuente", url="https://example.org/oai", organisation=oim)
    fetched = Gathering.objects.create(
        organisation=oim, kind=Gathering.Kind.HARVEST, state=Gathering.State.DONE, source=source
    )
    harvested = Gathered.objects.create(
        gathering=fetched, position=1, outcome=Gathered.Outcome.CHANGED, resource=draft, values={"year": 2020}
    )
    invited = {"email": "nueva@example.org", "name": "Nueva", "kind": "contributor", "organisation": oim}
    person = Person.objects.create(name="Rosa")
    return {
        "asking": Asking.objects.create(organisation=oim, sent_at=now, expires_at=now + timedelta(days=9)).pk,
        **{"slug": oim.slug, "country": "CR", "topic": factories.topic("t", "T", "T").slug, "format": "csv"},
        **{"draft": draft.pk, "submitted": submitted.pk, "refused": refused.pk, "file": file.pk, "name": file.name},
        "list": gathering[Gathering.Kind.REFERENCES].pk,
        "files": gathering[Gathering.Kind.FILES].pk,
        "line": line.pk,
        "harvested": harvested.pk,
        "source": source.pk,
        "invitation": invitations.invite(by=cast["manager"], **invited).pk,
        "affiliation": Affiliation.objects.create(person=person, organisation=oim).pk,
        "role": cast["contributor"].roles.get().pk,
        "duty": Duty.objects.get().pk,
        "absence": Absence.objects.create(user=cast["coordinator"], since=today, until=today + timedelta(days=3)).pk,
        "type": ContentType.objects.get_for_model(oim.country).pk,
        "nothing": 99_999,
        **_application(oim),
        **_outcome(oim, cast["stranger"].organisations[0]),
        **room.everything(),
        **_plan(oim),
        **giving.everything(),
        "planned": plans.activity(plans.draft(2040)).pk,
        "period": _report(oim).period_id,
    }


def _plan(organisation: Organisation) -> dict[str, int]:
    """In preparation, with a line of each kind; and a document that is coded."""
    version = plans.draft()
    plans.activity(version, organisation)
    plans.indicator(version, organisation)
    coded = markers.mark(factories.resource(organisation), "gender", 0, "", by=None)
    return {"plan_version": version.pk, "marker": coded.pk}


def _report(organisation: Organisation) -> ProgressReport:
    """What it has sent in about the plan, in a quarter that takes reports."""
    terms = plans.activity(plans.draft(2042), organisation)
    plans.in_force(terms.version)
    period = terms.version.plan.periods.get(quarter=1)
    today = timezone.localdate()
    Period.objects.filter(pk=period.pk).update(opened_on=today, closes_on=today)
    given = {"activity": terms.activity, "version": terms.version, "state": ProgressReport.State.SUBMITTED}
    return ProgressReport.objects.create(period=period, organisation=organisation, submitted_at=timezone.now(), **given)


def _outcome(told_by: Organisation, asked: Organisation) -> dict[str, int]:
    told = outcomes.outcome(told_by)
    return {"outcome": told.pk, "evidence": outcomes.evidence(told, asked=asked).pk}


def _application(organisation: Organisation) -> dict[str, int]:
    """Somebody else's, with a file."""
    made = Application.objects.create(
        name_es="Casa Nueva", state=Application.State.SUBMITTED, submitted_at=timezone.now()
    )
    attachment = Attachment(application=made, name="carta.pdf", size=1)
    attachment.content.save("carta.pdf", ContentFile(b"x"))
    return {"application": made.pk, "attachment": attachment.pk}


# --- Knocking --------------------------------------------------------------------------------------------------------


def knock(client: Client, name: str, door: Door, world: dict[str, object]) -> str:
    """What somebody gets to see there, with everything it may have written taken back."""
    address = reverse(name, kwargs={key: world.get(value, value) for key, value in door.args.items()})
    with transaction.atomic():
        answer = getattr(client, door.how)(address, door.data)
        if answer.streaming:
            b"".join(answer)
        transaction.set_rollback(True)
    return told(answer)


def told(answer: object) -> str:
    sign_in = answer.status_code == 302 and answer.url.partition("?")[0] in (reverse("account_login"), "/admin/login/")
    if sign_in:
        return "sign in"
    if answer.status_code in (403, 404):
        return str(answer.status_code)
    assert answer.status_code < 500
    assert answer.status_code != 405
    return "in"


def visitor(role: str, cast: dict[str, User]) -> Client:
    return Client() if role == "public" else signed_in(cast[role])


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_door(cast, world, role: str) -> None:
    client = visitor(role, cast)
    found = {name: knock(client, name, door, world) for name, door in SITE.items()}
    assert found == {name: door.expected(role) for name, door in SITE.items()}


# --- The admin -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_list_and_row_of_the_admin(cast, world, role: str) -> None:
    client = visitor(role, cast)
    found, wanted = {}, {}
    for model, rights in ADMIN.items():
        for page, who in zip(["see", "add", "change", "delete"], rights, strict=True):
            for address, how in knocks(model, page):
                found[how, address] = told_in_admin(client, address, how)
                wanted[how, address] = expected_in_admin(role, who)
    assert found == wanted


def knocks(model: str, right: str) -> list[tuple[str, str]]:
    """Addresses that this right opens, each with how one knocks: (address, "get" or "post")."""
    base = f"/admin/{model.replace('.', '/')}/"
    row = apps.get_model(model).objects.order_by("pk").first()
    if right == "add":
        return [(f"{base}add/", "get"), (f"{base}add/", "post")]
    if row is None:  # tasks come and go with the worker
        return [(base, "get")] if right == "see" else []
    return {
        "see": [(base, "get"), (f"{base}{row.pk}/change/", "get")],
        "change": [(f"{base}{row.pk}/change/", "post")],
        "delete": [(f"{base}{row.pk}/delete/", "get"), (f"{base}{row.pk}/delete/", "post")],
    }[right]


def told_in_admin(client: Client, address: str, how: str) -> str:
    with transaction.atomic():
        answer = getattr(client, how)(address)
        transaction.set_rollback(True)
    return in_admin(told(answer))


def in_admin(said: str) -> str:
    """Django says 403 there, our own pages 404."""
    return "no" if said in ("403", "404") else said


def test_the_history_of_a_document_is_for_whoever_may_change_it(cast, world) -> None:
    address = f"/admin/resources/resource/{world['draft']}/history/"
    assert [role for role in STAFF if visitor(role, cast).get(address).status_code == 200] == [
        role for role in STAFF if role in COORDINATION
    ]


def expected_in_admin(role: str, who: set[str]) -> str:
    return "in" if role in who else "no" if role in STAFF else "sign in"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_other_page_of_the_admin(cast, world, role: str) -> None:
    client = visitor(role, cast)
    found = {name: in_admin(knock(client, f"admin:{name}", door, world)) for name, door in ADMIN_PAGES.items()}
    wanted = {name: expected_in_admin(role, door.who) for name, door in ADMIN_PAGES.items()}
    assert found == wanted | {"login": ADMIN_PAGES["login"].expected(role)}

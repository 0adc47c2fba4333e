"""The fixed cast of every test, and a portal that forgets nothing between its walls and everything after them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import DjangoDbBlocker

from network.models import Organisation, Role, User
from portal.core import second_factor
from tests import factories

SHARED = Path(settings.BASE_DIR).parent / "shared"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """
    The test database, and nobody left in it at the end: PostgreSQL drops none that somebody still uses.

    A thread of the live server may outlive the last page by a moment, when the machine is busy.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    """Files of a test live and die with it; hashing is quick; tasks run at once; nobody outside is asked."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    settings.OUTGOING_REQUESTS = False


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    """Every test begins in Spanish: LocaleMiddleware leaves the last request's language behind."""
    with translation.override("es"):
        yield


@pytest.fixture
def oim(db) -> Organisation:
    return factories.organisation("oim", name_es="Organización Internacional para las Migraciones", acronym="OIM")


@pytest.fixture
def insp(db) -> Organisation:
    return factories.organisation("insp", name_es="Instituto Nacional de Salud Pública", acronym="INSP")


@pytest.fixture
def contributor(oim: Organisation) -> User:
    return factories.user("ana@example.org", Role.Kind.CONTRIBUTOR, oim)


@pytest.fixture
def colleague(oim: Organisation) -> User:
    return factories.user("luis@example.org", Role.Kind.MANAGER, oim)


@pytest.fixture
def stranger(insp: Organisation) -> User:
    return factories.user("eva@example.org", Role.Kind.CONTRIBUTOR, insp)


@pytest.fixture
def coordinator(oim: Organisation) -> User:
    return factories.user("coordina@example.org", Role.Kind.COORDINATOR, oim)


@pytest.fixture
def committee_member(insp: Organisation) -> User:
    return factories.user("comite@example.org", Role.Kind.COMMITTEE, insp)


@pytest.fixture
def secretary(insp: Organisation) -> User:
    return factories.user("secretaria@example.org", Role.Kind.SECRETARIAT, insp)


@pytest.fixture
def administrator(db) -> User:
    return factories.user("administra@example.org", Role.Kind.ADMINISTRATOR)


class PortalClient(Client):
    """Whoever may enter the admin signs in as they do in life: with the second factor they have."""

    def force_login(self, user: User, backend: str | None = None) -> None:
        super().force_login(user, backend)
        if user.is_staff:
            give_second_factor(self, user)


def give_second_factor(client: Client, user: User) -> None:
    """An app with codes for this person, and a session that was opened with it."""
    if not second_factor.has_one(user):
        TOTP.activate(user, generate_totp_secret())
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()


@pytest.fixture
def client() -> Client:
    return PortalClient()


def signed_in(user: User) -> Client:
    client = PortalClient()
    client.force_login(user)
    return client


def body(answer: HttpResponseBase) -> bytes:
    """The bytes of an answer, read to the end, which also closes the file behind them."""
    return b"".join(answer) if answer.streaming else answer.content

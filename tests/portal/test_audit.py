"""The record of who did what: only ever added to, by any path."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from network.models import User
from portal.core import audit
from portal.core.models import AuditEntry, NeverChanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(coordinator: User, contributor: User) -> AuditEntry:
    return audit.record("tested", contributor, by=coordinator, whom=contributor, reason="Porque sí")


def test_an_entry_keeps_the_names_of_the_day(entry: AuditEntry, coordinator: User, contributor: User) -> None:
    contributor.name = "Otra"
    contributor.save()
    coordinator.delete()
    kept = AuditEntry.objects.about(contributor).get()
    assert (kept.about_name, kept.whom_name, kept.by_name) == ("Ana", "Ana", "Coordina")


def test_many_rows_cost_one_query(
    coordinator: User, contributor: User, stranger: User, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        audit.record_all("tested", [contributor, stranger], by=coordinator, after="x")
    assert AuditEntry.objects.filter(after="x").count() == 2


def test_the_models_refuse_changes(entry: AuditEntry) -> None:
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb=""),
    ):
        with pytest.raises(NeverChanged):
            change()


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_changes(entry: AuditEntry, statement: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().verb == "tested"


@pytest.mark.django_db(transaction=True)
def test_a_whole_database_can_be_emptied_and_refuses_again(coordinator: User) -> None:
    audit.record("tested", coordinator, by=None)
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEntry.objects.exists()
    audit.record("tested", User(pk=1, name="Ana"), by=None)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")

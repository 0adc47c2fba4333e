"""What an agenda, an action item or the plan rests on is not deleted by any door, and whoever tries is told why."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command

from network.models import Organisation, User
from resources import actions, merging
from resources.models import Gathering, Resource
from steering import decisions
from steering.models import Evidence, Origin, Paper, PolicyOutcome, ProgressReport
from tests import factories
from tests.conftest import signed_in
from tests.steering import outcomes, plans, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def cited(oim: Organisation) -> Resource:
    """A paper of an agenda."""
    work = factories.resource(oim)
    body = room.committee()
    room.filled(body)
    Paper.objects.create(item=room.meeting(body).items.get(), resource=work)
    return work


def test_a_paper_of_an_agenda_is_not_deleted_in_the_admin(coordinator: User, cited: Resource) -> None:
    address = f"/admin/resources/resource/{cited.pk}/delete/"
    asked = signed_in(coordinator).post(address, {"post": "yes"})
    assert asked.status_code == 200
    assert Resource.objects.filter(pk=cited.pk).exists()
    with pytest.raises(actions.WrongState, match="Una agenda, una decisión o el plan"):
        actions.delete(cited, by=coordinator)


def test_evidence_of_an_action_item_is_not_deleted(oim: Organisation) -> None:
    body = room.committee()
    room.filled(body)
    action = room.action(room.held(room.convened(body, day=date(2026, 3, 3).isoformat()), 1))
    shown = factories.resource(oim)
    decisions.complete(action, by=None, evidence=shown)
    with pytest.raises(actions.WrongState):
        actions.delete(shown, by=None)


def test_a_cited_draft_is_not_put_into_another_work(coordinator: User, oim: Organisation, cited: Resource) -> None:
    Resource.objects.filter(pk=cited.pk).update(status=Resource.Status.DRAFT)
    other = factories.resource(oim, title_es="Otro")
    with pytest.raises(actions.WrongState, match="una más bien el otro en este"):
        merging.merge(Resource.objects.get(pk=cited.pk), into=other, by=coordinator)
    assert Resource.objects.filter(pk=cited.pk).exists()


def test_the_undoing_of_a_list_leaves_what_is_cited(oim: Organisation, tmp_path, capsys) -> None:
    references = tmp_path / "lista.ris"
    one = "TY  - RPRT\nTI  - {}\nPY  - 2020\nER  - \n"
    references.write_text(one.format("Informe citado sobre salud") + one.format("Otro informe distinto"))
    call_command("import_references", str(references), organisation=oim.slug, publish=True, verbosity=0)
    cited = Resource.objects.get(title_es__contains="citado")
    body = room.committee()
    room.filled(body)
    Paper.objects.create(item=room.meeting(body).items.get(), resource=cited)
    call_command("undo_import", str(Gathering.objects.get().pk), verbosity=0)
    assert list(Resource.objects.all()) == [cited]
    assert "Una agenda, una decisión o el plan" in capsys.readouterr().out


# --- The plan --------------------------------------------------------------------------------------------------------


def _output(work: Resource) -> None:
    Origin.objects.create(resource=work, decision=plans.decision())


def _evidence(work: Resource) -> None:
    Evidence.objects.create(outcome=outcomes.outcome(), document=work)


def _held_by_an_outcome(work: Resource) -> None:
    outcomes.outcome().documents.add(work)


def _shown_by_a_report(work: Resource) -> None:
    outcomes.report(work)


CITING = [_output, _evidence, _held_by_an_outcome, _shown_by_a_report]
"""Each way in which a record of the plan rests on a work."""


def test_every_relation_of_another_room_is_tried() -> None:
    """A new one must keep works or be named here: one that gives way without a word is found."""
    others = {
        f"{one.related_model._meta.label}.{one.field.name}"
        for one in Resource._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and one.related_model._meta.app_label == "steering"
    }
    tables = {name for name in others if "_" in name.split(".")[1]}  # of the relations that are there as well
    tried = {
        "steering.AgendaItem.papers",
        "steering.Paper.resource",
        "steering.ActionItem.evidence",
        "steering.Origin.resource",
        "steering.Evidence.document",
        "steering.PolicyOutcome.documents",
        "steering.ProgressReport.documents",
    }
    assert others - tables == tried


@pytest.mark.parametrize("cite", CITING)
def test_what_the_plan_rests_on_is_not_deleted(oim: Organisation, contributor: User, cite: Callable) -> None:
    work = factories.resource(oim, published=False, created_by=contributor)
    assert not Resource.objects.cited().exists()
    cite(work)
    assert Resource.objects.cited().get() == work
    for take_out in (actions.delete, actions.discard):
        with pytest.raises(actions.WrongState, match="Una agenda, una decisión o el plan"):
            take_out(work, by=contributor)
    assert Resource.objects.get() == work


@pytest.mark.parametrize("cite", CITING)
def test_what_the_plan_rests_on_goes_with_a_draft_into_another_work(
    oim: Organisation, coordinator: User, cite: Callable
) -> None:
    draft, into = factories.resource(oim, published=False), factories.resource(oim)
    cite(draft)
    merging.merge(draft, into=into, by=coordinator)
    assert list(Resource.objects.cited()) == [into]


def test_two_works_that_the_same_record_rests_on_are_named_once(oim: Organisation, coordinator: User) -> None:
    draft, into = factories.resource(oim, published=False), factories.resource(oim)
    outcome, report = outcomes.outcome(), outcomes.report(draft)
    decision, activity = plans.decision(), report.activity
    for work in (draft, into):
        Origin.objects.create(resource=work, decision=decision)
        Origin.objects.create(resource=work, activity=activity)
    outcome.documents.add(draft, into)
    report.documents.add(into)
    merging.merge(draft, into=into, by=coordinator)
    assert {(one.resource, one.decision, one.activity) for one in Origin.objects.all()} == {
        (into, decision, None),
        (into, None, activity),
    }
    assert list(PolicyOutcome.objects.get().documents.all()) == [into]
    assert list(ProgressReport.objects.get().documents.all()) == [into]


@pytest.mark.parametrize("cite", CITING)
def test_the_undoing_of_a_list_leaves_what_the_plan_rests_on(oim: Organisation, tmp_path, capsys, cite) -> None:
    references = tmp_path / "lista.ris"
    references.write_text("TY  - RPRT\nTI  - Informe citado sobre salud\nPY  - 2020\nER  - \n")
    call_command("import_references", str(references), organisation=oim.slug, publish=True, verbosity=0)
    cite(Resource.objects.get())
    call_command("undo_import", str(Gathering.objects.get().pk), verbosity=0)
    assert Resource.objects.cited().exists()
    assert "Una agenda, una decisión o el plan" in capsys.readouterr().out

"""What an agenda or an action item rests on is not deleted, by any door, and whoever tries is told why."""

from datetime import date

import pytest
from django.core.management import call_command

from network.models import Organisation, User
from resources import actions, merging
from resources.models import Gathering, Resource
from steering import decisions
from steering.models import Paper
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

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
    with pytest.raises(actions.WrongState, match="Una agenda o una decisión"):
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
    assert "Una agenda o una decisión" in capsys.readouterr().out

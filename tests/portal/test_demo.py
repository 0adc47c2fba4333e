"""`manage.py demo`: everything there after one command, nothing changed by a second, nobody else's data touched."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from network.models import Organisation, Sector, User
from portal.demo import content
from resources.models import File, Resource, Topic
from tests import factories


@pytest.fixture(autouse=True)
def _development(settings) -> None:
    settings.DEBUG = True


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", no_serve=True, stdout=out, **options)
    return out.getvalue()


def test_the_demo_is_there_after_one_command_and_the_same_after_two(client, transactional_db) -> None:
    told = demo()
    assert all(person.email in told for person in content.PEOPLE)
    assert Organisation.objects.filter(slug="oim").exists()
    assert Organisation.objects.count() >= 25
    assert Sector.objects.filter(organisations__isnull=False).distinct().count() == 6
    assert Resource.objects.published().count() >= 60
    assert Topic.objects.count() >= 40
    files = File.objects.all()
    assert files.count() >= 12
    assert {file.state for file in files} == {"read"}
    assert {"es", "en"} <= {file.language for file in files}
    rows = (Resource.objects.count(), File.objects.count(), User.objects.count(), Topic.objects.count())
    assert "…" not in demo()  # no step was left to do
    assert rows == (Resource.objects.count(), File.objects.count(), User.objects.count(), Topic.objects.count())
    assert client.login(username="coordina@demo.example", password=content.PASSWORD)
    assert client.get("/admin/").status_code == 200
    hits = client.get("/es/recursos/?q=tejedoras").context["listing"].hits
    assert [hit.snippet.page for hit in hits][0] > 1


def test_a_database_with_somebody_in_it_is_left_alone(transactional_db) -> None:
    factories.user("alguien@example.org")
    with pytest.raises(CommandError, match="not the demo"):
        demo()
    with pytest.raises(CommandError, match="not the demo"):
        demo(reset=True)
    assert User.objects.count() == 1
    assert not Organisation.objects.exists()


def test_the_demo_is_for_development(settings, db) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="known passwords"):
        demo()

"""The admin: every screen opens for a coordinator, in both languages, in a fixed number of queries."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from network.models import Application, User
from resources import actions
from resources.models import Resource
from steering.models import AgendaItem, Minutes, Period, PlanVersion, ProgressReport, Settlement
from tests import factories
from tests.conftest import signed_in

OWN = ["network", "resources", "steering", "taggit"]
NEVER_ADDED = {Application, AgendaItem, Minutes, Period, PlanVersion, ProgressReport, Settlement}
"""What comes in elsewhere, or begins on the page of its meeting or its plan, or in the close-out assistant."""


def screens() -> list[str]:
    found = []
    for model in admin.site._registry:
        if model._meta.app_label in OWN:
            ends = ("",) if model in NEVER_ADDED else ("", "add/")
            found += [f"/admin/{model._meta.app_label}/{model._meta.model_name}/{end}" for end in ends]
    return sorted(found)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_screen_opens_for_a_coordinator(coordinator: User, oim, language: str) -> None:
    factories.resource(oim, tags=["uno"])
    client = signed_in(coordinator)
    client.cookies["django_language"] = language
    for address in ["/admin/", *screens()]:
        answer = client.get(address, follow=True)  # who would add a user is led to an invitation
        assert answer.status_code == 200, address
        assert f'lang="{language}"' in answer.text
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_search_and_filters_of_every_list_work(coordinator: User, oim) -> None:
    factories.resource(oim)
    client = signed_in(coordinator)
    for address in screens():
        if not address.endswith("add/"):
            assert client.get(address, {"q": "a\u0301 ' \" % \\"}).status_code == 200, address


def test_the_language_of_the_admin_is_changed_by_a_button(coordinator: User) -> None:
    client = signed_in(coordinator)
    assert 'name="language" value="en"' in client.get("/admin/", headers={"accept-language": "es"}).text
    client.post("/language/", {"language": "en", "next": "/admin/"})
    assert 'lang="en"' in client.get("/admin/", headers={"accept-language": "es"}).text


def test_the_first_page_shows_a_coordinator_what_waits(coordinator: User, committee_member: User, oim) -> None:
    work = factories.resource(oim, title_es="Guía nueva", published=False)
    assert "Guía nueva" not in signed_in(coordinator).get("/admin/").text
    actions.submit(work, by=None)
    assert "Guía nueva" in signed_in(coordinator).get("/admin/").text
    assert "Guía nueva" not in signed_in(committee_member).get("/admin/").text


@pytest.mark.parametrize("end", ["?status__exact=%00", "?pk__in=" + "9" * 40, "?created_at__year=" + "9" * 40])
def test_filters_nobody_offers_are_answered(coordinator: User, oim, end: str) -> None:
    assert signed_in(coordinator).get(f"/admin/resources/resource/{end}").status_code in (200, 302, 400)


def test_a_day_that_is_not_in_the_calendar_is_refused(client, oim) -> None:
    work = factories.resource(oim, title_es="Acta", year=2016, month=2, day=28)
    work.day = 31
    with pytest.raises(ValidationError):
        work.full_clean()
    work.save()  # whoever gets past the form must not take the page down
    assert client.get(work.get_absolute_url()).status_code == 200


def test_a_work_without_any_title_is_refused(oim) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.create(organisation=oim)


def test_a_new_name_is_found_at_once(client, coordinator: User, oim) -> None:
    work = factories.resource(oim, topics=[factories.topic("vih", "VIH", "HIV")], tags=["frontera"])
    admin_client = signed_in(coordinator)
    for model, row, names in (
        ("resources/topic", work.topics.get(), {"name_es": "Zoonosis"}),
        ("taggit/tag", work.tags.get(), {"name": "zopilote"}),
    ):
        address = f"/admin/{model}/{row.pk}/change/"
        form = admin_client.get(address).context["adminform"].form
        data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()} | names
        data |= {"entry_terms-TOTAL_FORMS": 0, "entry_terms-INITIAL_FORMS": 0}
        assert admin_client.post(address, data).status_code == 302
        word = next(iter(names.values()))
        assert client.get("/es/recursos/", {"q": word}).context["listing"].results.total == 1, word


def test_the_committee_sees_no_drafts_of_others_in_the_admin(committee_member: User, oim) -> None:
    work = factories.resource(oim, title_es="Borrador ajeno", published=False)
    client = signed_in(committee_member)
    assert "Borrador ajeno" not in client.get("/admin/resources/resource/").text
    assert client.get(f"/admin/resources/resource/{work.pk}/change/").status_code == 302
    assert client.post("/admin/taggit/tag/merge-tags/", {"new_tag_name": "x"}).status_code in (302, 404)


FORGED = ["abc", "1\x00", "9" * 20, "9" * 5000]


def searched() -> list[tuple[str, str]]:
    """Every form of the admin with a field that is searched while one types."""
    found = []
    for model, page in sorted(admin.site._registry.items(), key=lambda one: one[0]._meta.label):
        if model._meta.app_label in OWN and model not in NEVER_ADDED:
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
            found += [(address, name) for name in page.autocomplete_fields]
    return found


@pytest.mark.parametrize("forged", FORGED, ids=lambda value: repr(value[:6]))
def test_a_forged_choice_is_no_fault_of_the_server(administrator: User, secretary: User, oim, forged: str) -> None:
    clients = [signed_in(administrator), signed_in(secretary)]
    for address, name in searched():
        answers = [client.post(address, {name: forged}, follow=True).status_code for client in clients]
        assert max(answers) < 500, (address, name, answers)
        assert {200, 400} & set(answers), (address, name, answers)  # 400: a number no database has room for

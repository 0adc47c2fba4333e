"""The pages and files of the plan: what they show to whom, in how many queries, and what is never told."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from network.models import User
from steering.models import Activity, ActivityTerms, Body, Decision, PlanVersion
from tests.conftest import body, signed_in
from tests.steering import plans, room, whole_plan

pytestmark = pytest.mark.django_db
PLAN = "/es/plan/2026/"
VIEWS = ["", "matriz/", "cronograma/", "avance/"]
FILES = ["plan.json", "plan.xlsx", "plan.docx", "plan.pdf"]
HIDDEN_AMOUNTS = ["123456", "123,456", "234567", "234,567", "345678", "345,678", "777"]


@pytest.fixture
def version() -> PlanVersion:
    return whole_plan.told()


def words(client: Client, address: str) -> str:
    """Everything a file says, unpacked."""
    content = body(client.get(address))
    kind = address.split("?")[0]
    if kind.endswith("pdf"):
        return "".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages)
    if kind.endswith(("xlsx", "docx")):
        package = ZipFile(BytesIO(content))
        return "".join(package.read(name).decode(errors="ignore") for name in package.namelist())
    return content.decode()


def amended(version: PlanVersion) -> PlanVersion:
    """A draft of version 2 that nobody outside the committee knows of."""
    draft = PlanVersion.objects.create(plan=version.plan, number=2, reason=whole_plan.SECRET)
    result = plans.result(plans.objective(draft))
    terms = version.terms.get(activity__code="1.1.1")
    given = {"first_quarter": 1, "last_quarter": 8, "text_es": whole_plan.SECRET, "lead": terms.lead, "position": 1}
    ActivityTerms.objects.create(version=draft, activity=terms.activity, result=result, **given)
    return draft


def a_public_decision(body: Body) -> Decision:
    meeting = room.convened(body, day="2026-05-05")
    meeting.items.update(visibility="public")
    made = room.decision(room.held(meeting, 1), visibility="public")
    Decision.objects.filter(pk=made.pk).update(state="in_force", ad_referendum=False)
    return made


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_before_there_is_a_plan_the_page_says_so(client: Client) -> None:
    plans.draft()
    assert "Todavía no se ha aprobado ningún plan" in client.get("/es/plan/").text
    assert client.get(PLAN).status_code == 404


def test_the_plan_in_force_is_the_plan_and_between_two_the_last_one(client: Client, version: PlanVersion) -> None:
    assert "Plan de acción bianual 2026–2027" in client.get("/es/plan/").text
    version.plan.__class__.objects.filter(pk=version.plan_id).update(
        state="closed", closed_on=timezone.localdate(), closing_words_es="Se hizo mucho."
    )
    page = client.get("/es/plan/").text
    assert "El plan se cerró el" in page
    assert "Se hizo mucho." in page


def test_the_first_page_links_the_decision_where_the_reader_may_see_it(client: Client, version: PlanVersion) -> None:
    page = client.get(PLAN).text
    assert "por decisión del Comité Directivo" in page
    assert version.decision.get_absolute_url() not in page
    later, public = plans.draft(2028), a_public_decision(version.plan.body)
    in_force = {"state": "in_force", "decision": public, "in_force_since": later.plan.first_day}
    PlanVersion.objects.filter(pk=later.pk).update(**in_force)
    assert public.get_absolute_url() in client.get("/es/plan/2028/").text


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("objective=2", {"2.1.1", "2.1.2"}),
        ("country=GT", {"1.1.2", "2.1.2"}),
        ("country=region", {"1.1.3", "3.1.1"}),
        ("status=ongoing", {"1.1.2", "3.1.1"}),
        ("objective=1&status=ongoing", {"1.1.2"}),
        ("objective=' OR 1", set()),
        ("status=" + "x" * 5000, set()),
    ],
)
def test_the_matrix_is_filtered(client: Client, version: PlanVersion, asked: str, codes: set[str]) -> None:
    page = client.get(f"{PLAN}matriz/?{asked}")
    assert set(re.findall(r'data-code="([^"]+)"', page.text)) == codes
    assert ("Ninguna actividad cumple" in page.text) == (not codes)


def test_the_matrix_is_filtered_by_who_leads_or_takes_part(client: Client, version: PlanVersion) -> None:
    partner = version.terms.get(activity__code="1.1.1").partners.get()
    page = client.get(f"{PLAN}matriz/?organisation={partner.slug}").text
    assert 'data-code="1.1.1"' in page
    assert 'data-code="2.1.1"' not in page


def test_an_activity_tells_its_story(client: Client, version: PlanVersion) -> None:
    page = client.get(PLAN + "actividades/1.1.1/").text
    for said in (
        "Se empezó.",
        "Se hizo 1.1.1.",
        "Guía publicada",
        "Se adoptó un protocolo",
        "900.00 USD",
        "500.10 USD",
    ):
        assert said in page
    assert client.get(PLAN + "actividades/no/").status_code == 404


def test_a_carried_activity_leads_to_both_of_its_lives(client: Client, version: PlanVersion) -> None:
    later = plans.draft(2028)
    terms = plans.activity(later, code="1.1.7")
    first = Activity.objects.get(plan=version.plan, code="1.1.3")
    Activity.objects.filter(pk=terms.activity_id).update(carried_from=first, times_carried=1)
    assert "Continúa en" not in client.get(PLAN + "actividades/1.1.3/").text  # the next plan is a draft
    plans.in_force(later)
    assert "/es/plan/2028/actividades/1.1.7/" in client.get(PLAN + "actividades/1.1.3/").text
    page = client.get("/es/plan/2028/actividades/1.1.7/").text
    assert "/es/plan/2026/actividades/1.1.3/" in page
    assert "trasladada una vez" in page


def test_amendments_say_what_they_changed(client: Client, version: PlanVersion, committee_member: User) -> None:
    amended(version)
    page = signed_in(committee_member).get(PLAN + "actividades/1.1.1/").text
    assert "cambió: " in page
    assert "Cómo la cambiaron" not in client.get(PLAN + "actividades/1.1.1/").text


def test_an_organisations_page_says_what_it_does_in_the_plan(client: Client, version: PlanVersion) -> None:
    ops = version.terms.get(activity__code="1.1.3").lead
    page = client.get(ops.get_absolute_url()).text
    assert "/es/plan/2026/actividades/1.1.3/" in page
    assert "/es/plan/2026/actividades/1.1.1/" in page  # takes part
    assert "2.1.1" not in page
    assert whole_plan.SECRET not in page


def test_an_organisations_page_says_where_it_sits(client: Client) -> None:
    term = room.filled(room.committee())
    assert "En el Comité Directivo" in client.get(term.organisation.get_absolute_url()).text


@pytest.mark.parametrize("address", [*VIEWS, *FILES])
def test_every_page_and_every_file_names_its_version(client: Client, version: PlanVersion, address: str) -> None:
    """Invariant 14: no total stands anywhere without it."""
    named = "ersión 1, en vigor desde el 1 de enero de 2026"
    if address == "plan.xlsx":  # on each of its sheets
        book = load_workbook(BytesIO(body(client.get(PLAN + address))))
        assert {str(sheet["A2"].value) for sheet in book} == {f"V{named}"}
    else:
        assert named in " ".join(words(client, PLAN + address).split())


def test_what_nobody_has_screened_is_zero_in_no_file(client: Client) -> None:
    """Invariant 13."""
    version = plans.draft()
    plans.activity(version)
    plans.screened(plans.activity(version))
    plans.in_force(version)
    data = json.loads(words(client, PLAN + "plan.json"))
    told = [[mark["significance"] for mark in one["policy-marker"]] for one in data["iati-activity"]]
    assert told == [[None, None], ["0", "0"]]
    for rows in data["summary"]["marker"].values():
        assert {row["code"]: row["activities"] for row in rows} == {0: 1, 1: 0, 2: 0, None: 1}
    matrix = load_workbook(BytesIO(body(client.get(PLAN + "plan.xlsx"))))["Matriz"]
    cells = [[cell.value for cell in row] for row in matrix]
    assert [row.count("Sin examinar") for row in cells[-2:]] == [2, 0]


# --- What is not told ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*VIEWS, "actividades/1.1.1/", *FILES])
def test_the_public_learns_nothing_that_is_the_committees(client, version, committee_member, address) -> None:
    amended(version)
    told = words(client, PLAN + address)
    for secret in (whole_plan.SECRET, *HIDDEN_AMOUNTS, "9.9.9", "Borrador"):
        assert secret not in told, secret
    if address == "avance/":  # hidden amounts are in no sum either
        assert "500.10 USD" in told
    if address in ("matriz/", "plan.json", "plan.xlsx"):  # or the test would prove nothing
        assert "9.9.9" in words(signed_in(committee_member), PLAN + address)


@pytest.mark.parametrize("address", ["actividades/1.1.1/", "plan.json"])
def test_who_gives_in_confidence_is_not_named(client, version, committee_member, address) -> None:
    activity = version.terms.get(activity__code="1.1.1").activity
    plans.contribution(version.plan, room.organisation("donor", acronym="OCULTA"), activity=activity)
    assert "OCULTA" not in words(client, PLAN + address)
    assert "OCULTA" in words(signed_in(committee_member), PLAN + address)


def test_the_committees_own_line_is_not_there_for_others(client, version, committee_member, contributor) -> None:
    for reader in (client, signed_in(contributor)):
        assert reader.get(PLAN + "actividades/9.9.9/").status_code == 404
    page = signed_in(committee_member).get(PLAN + "actividades/9.9.9/").text
    assert "345,678.90 USD" in page


def test_the_page_says_that_it_is_not_all_and_whose_version_it_is(client, version, committee_member) -> None:
    page = client.get(PLAN).text
    assert "Hay actividades reservadas" in page
    assert "Versión pública" in page
    page = signed_in(committee_member).get(PLAN).text
    assert "Hay actividades reservadas" not in page
    assert "Versión del comité" in page


@pytest.mark.parametrize("address", [*VIEWS, *FILES])
def test_the_committee_may_look_with_the_eyes_of_the_public(client, version, committee_member, address) -> None:
    told = words(signed_in(committee_member), f"{PLAN}{address}?edition=public")
    assert whole_plan.SECRET not in told
    assert "345,678" not in told


def test_a_draft_is_the_committees(client, version, committee_member, contributor) -> None:
    draft = amended(version)
    for view in [*VIEWS, *FILES]:
        for reader in (client, signed_in(contributor)):
            assert reader.get(f"{PLAN}version/2/{view}").status_code == 404
    page = signed_in(committee_member).get(draft.get_absolute_url()).text
    assert "Borrador" in page
    assert whole_plan.SECRET in page  # why it is amended
    assert "Borrador" not in signed_in(committee_member).get(PLAN).text


def test_what_an_amendment_takes_from_the_public_earlier_versions_do_not_tell(client, version) -> None:
    second = PlanVersion.objects.create(plan=version.plan, number=2, reason="Reservada")
    result = plans.result(plans.objective(second))
    for terms in version.terms.filter(activity__code__in=["1.1.1", "1.1.2"]):
        given = {"first_quarter": 1, "last_quarter": 8, "lead": terms.lead, "position": terms.position}
        audience = "committee" if terms.activity.code == "1.1.1" else "public"
        given |= {"text_es": terms.text_es, "audience": audience}
        ActivityTerms.objects.create(version=second, activity=terms.activity, result=result, **given)
    PlanVersion.objects.filter(pk=version.pk).update(state="superseded")
    plans.in_force(second)
    page = client.get(PLAN + "version/1/matriz/").text
    assert "Una versión anterior" in page
    assert 'data-code="1.1.2"' in page
    assert 'data-code="1.1.1"' not in page
    assert client.get(PLAN + "version/1/actividades/1.1.1/").status_code == 404


def test_what_an_amendment_gives_to_the_public_earlier_versions_still_keep(client, version) -> None:
    second = PlanVersion.objects.create(plan=version.plan, number=2, reason="Ya se puede decir")
    result, terms = plans.result(plans.objective(second)), version.terms.get(activity__code="9.9.9")
    given = {"first_quarter": 1, "last_quarter": 8, "lead": terms.lead, "position": 1, "text_es": "Ahora de todos"}
    ActivityTerms.objects.create(version=second, activity=terms.activity, result=result, **given)
    PlanVersion.objects.filter(pk=version.pk).update(state="superseded")
    plans.in_force(second)
    assert "Ahora de todos" in client.get(PLAN + "matriz/").text
    for address in ("version/1/matriz/", "version/1/plan.json"):
        assert whole_plan.SECRET not in words(client, PLAN + address)
    assert client.get(PLAN + "version/1/actividades/9.9.9/").status_code == 404


def test_no_text_of_a_plan_becomes_a_formula(client) -> None:
    version = plans.draft()
    plans.activity(version, text_es="=HYPERLINK(1)", deliverable_es="@SUM(1)\x07")
    plans.in_force(version)
    book = load_workbook(BytesIO(body(client.get(PLAN + "plan.xlsx"))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    assert "'@SUM(1)" in [cell.value for cell in cells]


@pytest.mark.parametrize("address", ["plan.exe", "plan.", "matriz/x/", "version/9/", "version/0/", "plan.pdf/"])
def test_what_is_not_there_is_not_found(client, version, address) -> None:
    assert client.get(PLAN + address).status_code == 404


# --- What it costs ---------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("view", VIEWS)
def test_300_activities_take_15_queries_at_most(client, committee_member, view) -> None:
    whole_plan.large()
    whole_plan.gifts(PlanVersion.objects.get(), 40)
    assert queries(client, PLAN + view) <= 15
    assert queries(signed_in(committee_member), PLAN + view) <= 15


@pytest.mark.parametrize("address", [*VIEWS, "actividades/1.1.0/", "plan.json", "plan.xlsx"])
def test_ten_times_the_activities_take_the_same_queries(client, address) -> None:
    made = []
    for year, number in ((2026, 3), (2028, 30)):
        version = whole_plan.large(number, organisations=number, first_year=year)
        whole_plan.gifts(version, number)
        made.append(queries(client, f"/es/plan/{year}/{address}"))
    assert made[0] == made[1]


def test_two_organisations_of_one_name_are_told_apart_by_their_country(client) -> None:
    version = plans.draft()
    for code in ("CR", "PA"):
        plans.activity(version, room.organisation("government", code, acronym="MINSA"))
    plans.activity(version, room.organisation("un", acronym="OPS"))
    plans.in_force(version)
    groups = client.get("/es/plan/2026/avance/").context["figures"].by_organisation
    assert [group.name.text for group in groups] == ["MINSA (CR)", "MINSA (PA)", "OPS"]

"""Contributions: written in the admin, offered on the site, read by each reader as far as the giver allows."""

import logging
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from network import merging
from network.models import Organisation, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import Contribution, Movement, PlanVersion
from steering.plan import adoption, giving, money
from tests.conftest import signed_in
from tests.steering import giving as money_world
from tests.steering import plans, room

pytestmark = pytest.mark.django_db
PAGE = f"/es/plan/{money_world.YEAR}/aportes/"
OFFER = f"{PAGE}ofrecer/"
SECRET = "777.77"


@pytest.fixture
def version(db) -> PlanVersion:
    return money_world.in_force(budget=Decimal(1000), text_es="Capacitar en la frontera")


def step(of: Contribution, stage: str, amount: str) -> Movement:
    return giving.note_step(Movement(contribution=of, stage=stage, amount=Decimal(amount)), by=None)


# --- Confidentiality (invariant 18) ----------------------------------------------------------------------------------


@pytest.fixture
def readers(contributor: User, committee_member: User) -> dict[str, Client]:
    return {"public": Client(), "member": signed_in(contributor), "committee": signed_in(committee_member)}


@pytest.mark.parametrize(
    ("audience", "amount_audience", "know_of_it", "know_how_much"),
    [
        ("public", "public", {"public", "member", "committee"}, {"public", "member", "committee"}),
        ("public", "members", {"public", "member", "committee"}, {"member", "committee"}),
        ("public", "committee", {"public", "member", "committee"}, {"committee"}),
        ("members", "committee", {"member", "committee"}, {"committee"}),
        ("committee", "committee", {"committee"}, {"committee"}),
    ],
)
def test_each_reader_knows_what_the_giver_allows(
    version, readers, audience, amount_audience, know_of_it, know_how_much
):
    donor = room.organisation("donor", acronym="DONANTE")
    secrets = {"restrictions": "Solo vacunas", "agreement": "CONV-88"}
    money_world.given(
        version, SECRET, organisation=donor, audience=audience, amount_audience=amount_audience, **secrets
    )
    for reader, client in readers.items():
        page = client.get(PAGE).text
        assert ("DONANTE" in page) == (reader in know_of_it), reader
        for secret in (SECRET, "222.23", *secrets.values()):  # the amount, and the gap it leaves of a thousand
            assert (secret in page) == (reader in know_how_much), (reader, secret)


def test_a_hidden_amount_cannot_be_worked_out(version, client):
    """Neither the gap nor a total moves by what the reader may not know, in whatever currency and stage."""
    before = client.get(PAGE).text
    for stage in Movement.Stage.values:
        row = money_world.given(version, audience="committee", amount_audience="committee")
        step(row, stage, SECRET)
    assert client.get(PAGE).text == before
    assert "puede haber más" in before


def test_the_giver_knows_what_it_gives(version, contributor: User, stranger: User):
    own = contributor.organisations[0]
    money_world.given(version, SECRET, organisation=own, audience="committee", amount_audience="committee")
    assert SECRET in signed_in(contributor).get(PAGE).text
    assert SECRET not in signed_in(stranger).get(PAGE).text


def test_nothing_is_for_more_readers_than_its_activity_or_plan(client, committee_member: User):
    reserved = money_world.in_force(audience="committee", text_es="Asunto reservado")
    money_world.given(reserved, SECRET, organisation=room.organisation("donor", acronym="DONANTE"))
    page = client.get(PAGE).text
    assert not any(words in page for words in ("Asunto reservado", "DONANTE", SECRET))
    assert SECRET in signed_in(committee_member).get(PAGE).text
    coming = plans.draft(2030)
    plans.contribution(coming.plan, audience="public", amount_audience="public")
    assert not Contribution.objects.visible_to(client.get(PAGE).context["user"]).exists()
    assert client.get("/es/plan/2030/aportes/").status_code == 404


def test_what_an_amendment_keeps_from_readers_takes_its_contributions_along(version, client, secretary: User):
    money_world.given(version, SECRET, organisation=room.organisation("donor", acronym="DONANTE"))
    assert "DONANTE" in client.get(PAGE).text
    second = adoption.amend(version.plan, reason="Reservada", by=None)
    second.terms.update(audience="committee")
    PlanVersion.objects.filter(pk=version.pk).update(state="superseded")
    plans.in_force(second)
    page = client.get(PAGE).text
    assert "DONANTE" not in page
    assert SECRET not in page
    assert SECRET in signed_in(secretary).get(PAGE).text


def test_amounts_are_in_no_record_and_no_log(version, secretary: User, caplog):
    row = plans.contribution(version.plan)
    with caplog.at_level(logging.INFO, logger="portal"):
        step(row, "pledge", SECRET)
        giving.correct_step(row.movements.get(), by=secretary)
        giving.withdraw(row, by=secretary, reason="Cambió el presupuesto")
    said = [" ".join([entry.about_name, entry.before, entry.after, entry.reason]) for entry in AuditEntry.objects.all()]
    assert not any(SECRET in line for line in [*said, caplog.text])


@pytest.mark.parametrize("path", ["recursos/", "comite/registro/", "recursos/?q=777", ""])
def test_amounts_are_on_no_list_search_or_feed(version, client, path):
    money_world.given(version, SECRET, audience="public", amount_audience="committee", restrictions="Solo vacunas")
    answer = client.get(f"/es/{path}", follow=True)
    assert SECRET not in answer.text
    assert "Solo vacunas" not in answer.text


# --- Figures ---------------------------------------------------------------------------------------------------------


def test_the_gap_counts_the_budget_s_currency_and_names_the_others(version, secretary: User):
    money_world.given(version, "400.00")
    money_world.given(version, "90000.00", currency="CRC")
    line = money.giving(version.plan, secretary).lines[0]
    assert line.gap == Decimal(600)
    assert line.others == ["90,000.00 CRC"]
    assert (line.bar.committed, line.bar.received) == (40, 0)
    for page in (PAGE, f"/admin/steering/contribution/gap/{version.plan_id}/"):
        text = signed_in(secretary).get(page).text
        assert "600.00 USD" in text
        assert "90,000.00 CRC" in text
        assert "90,400.00" not in text


def test_budgets_and_gaps_say_of_which_version_they_are(version, client, secretary: User):
    reader, coming = signed_in(secretary), plans.draft(2030)
    gap = "/admin/steering/contribution/gap/{}/"
    for answer in (client.get(PAGE), reader.get(gap.format(version.plan_id))):
        assert "según la versión 1 del plan" in answer.text
    plans.activity(coming)
    for address in ("/es/plan/2030/aportes/", gap.format(coming.plan_id)):
        assert "según la versión 1 del plan" in reader.get(address).text


def test_a_withdrawn_one_and_an_offer_do_not_count(version, secretary: User, contributor: User):
    giving.withdraw(money_world.given(version, "400.00"), by=secretary, reason="Sin fondos")
    offered = Contribution(plan=version.plan, organisation=contributor.organisations[0], currency="USD")
    giving.offer(offered, by=contributor, amount=Decimal(50))
    assert not money.giving(version.plan, secretary).givers
    giving.confirm(offered, by=secretary)
    assert list(money.giving(version.plan, secretary).total.money["pledge"]) == [("USD", Decimal(50))]


def test_pages_take_as_many_queries_for_eleven_contributions_as_for_one(version, client, secretary: User):
    def queries(visitor: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visitor.get(address).status_code == 200
        return len(seen)

    money_world.given(version)
    visits = [(client, PAGE), (signed_in(secretary), PAGE)]
    visits += [(visits[1][0], f"/admin/steering/contribution/gap/{version.plan_id}/")]
    few = [queries(*visit) for visit in visits]
    for _more in range(10):
        with plans.thawed():
            activity = plans.activity(version, budget=Decimal(10)).activity
        money_world.given(version, activity=activity)
    assert [queries(*visit) for visit in visits] == few


@pytest.mark.parametrize("address", ["/es/plan/2010/aportes/", "/en/plan/2010/contributions/"])
def test_the_page_is_in_both_languages(version, client, address):
    money_world.given(version, what_es="Sala para reuniones")
    page = client.get(address)
    assert page.status_code == 200
    assert ('lang="es">Sala para reuniones' in page.text) == address.startswith("/en")


# --- Steps -----------------------------------------------------------------------------------------------------------


def test_what_looks_odd_is_told_and_not_refused(version):
    row = plans.contribution(version.plan)
    step(row, "commitment", "100")
    step(row, "commitment", "50.50")
    step(row, "received", "150.50")
    assert giving.oddities(row) == []
    step(row, "received", "1")
    step(row, "spent", "200")
    committed, received, spent = Movement.Stage.labels[1:]
    assert giving.oddities(row) == [
        f"«{received}» supera a «{committed}» en 1.00 USD.",
        f"«{spent}» supera a «{received}» en 48.50 USD.",
    ]


def test_amounts_stay_in_the_currency_they_were_written_in(version):
    row = money_world.given(version)
    row.currency = "GTQ"
    with pytest.raises(Refused, match="USD"):
        giving.keep(row, by=None)
    without = plans.contribution(version.plan, kind="in_kind", currency="", what_es="Sala")
    with pytest.raises(Refused, match="moneda"):
        step(without, "pledge", "5")


def test_nothing_of_a_closed_or_withdrawn_one_changes(version):
    row, other = money_world.given(version), money_world.given(version)
    giving.withdraw(other, by=None, reason="Sin fondos")
    with pytest.raises(Refused):
        giving.withdraw(other, by=None, reason="Otra vez")
    with pytest.raises(Refused):
        step(other, "received", "5")
    money_world.closed(version)
    for act in (
        lambda: giving.keep(row, by=None),
        lambda: step(row, "received", "5"),
        lambda: giving.correct_step(row.movements.first(), by=None),
        lambda: giving.withdraw(row, by=None, reason="Tarde"),
    ):
        with pytest.raises(Refused, match="cerrado"):
            act()


def test_organisations_that_merge_keep_what_they_gave(version, oim: Organisation):
    row = money_world.given(version)
    merging.merge(row.organisation, into=oim, by=None, reason="Por decreto")
    assert Contribution.objects.get(pk=row.pk).organisation == oim


# --- The admin -------------------------------------------------------------------------------------------------------


def admin_data(version: PlanVersion, organisation: Organisation, **fields: object) -> dict[str, object]:
    movements = {"movements-TOTAL_FORMS": 1, "movements-INITIAL_FORMS": 0, "movements-0-stage": "pledge"}
    movements |= {"movements-0-amount": "12,500.00", "movements-0-on": "2010-03-01"}
    given = {"organisation": organisation.pk, "plan": version.plan_id, "kind": "cash", "currency": "usd"}
    given |= {
        "audience": "public",
        "amount_audience": "committee",
        "activity": money_world.terms_of(version)[0].activity_id,
    }
    return {**given, **movements, **fields}


def test_the_secretariat_writes_a_contribution_and_its_steps(version, secretary: User, oim):
    client, add = signed_in(secretary), "/admin/steering/contribution/add/"
    answer = client.post(add, admin_data(version, oim))
    assert answer.status_code == 302, answer.context["errors"]
    row = Contribution.objects.get()
    assert (row.currency, row.movements.get().amount) == ("USD", Decimal("12500.00"))
    page = client.get(room.page_of(row)).text
    assert "Aporte escrito" in page
    assert "12500" not in str(AuditEntry.objects.about(row).values())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"currency": "XYZ"}, "No existe la moneda XYZ"),
        ({"currency": ""}, "Diga en qué moneda"),
        ({"movements-0-amount": "1234567890123456"}, "15 dígitos"),
        ({"movements-0-amount": "mucho"}, "12500.50"),
        ({"movements-0-amount": "12.500,00"}, "12500.50"),
        ({"movements-0-amount": "-5"}, "más de 0"),
        ({"movements-0-amount": "NaN"}, "12500.50"),
        ({"audience": "committee", "amount_audience": "public"}, "más lectores"),
        ({"kind": "in_kind", "currency": "", "movements-0-amount": ""}, "Diga qué se da"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(version, secretary: User, oim, fields, words):
    data = admin_data(version, oim, agreement="CONV-88", **fields)
    page = signed_in(secretary).post("/admin/steering/contribution/add/", data)
    assert page.status_code == 200
    assert words in page.text
    assert 'value="CONV-88"' in page.text
    assert not Contribution.objects.exists()


def test_fifteen_digits_are_taken(version, secretary: User, oim):
    data = admin_data(version, oim, **{"movements-0-amount": "9,999,999,999,999.99"})
    assert signed_in(secretary).post("/admin/steering/contribution/add/", data).status_code == 302
    assert Movement.objects.get().amount == Decimal("9999999999999.99")


# --- Offers ----------------------------------------------------------------------------------------------------------


def offer_data(**fields: object) -> dict[str, object]:
    return {
        "kind": "cash",
        "amount": "5000",
        "currency": "USD",
        "audience": "public",
        "amount_audience": "public",
        **fields,
    }


def test_a_member_offers_something_and_the_secretariat_confirms_it(version, contributor: User, secretary: User):
    client, staff = signed_in(contributor), signed_in(secretary)
    own = contributor.organisations[0]
    terms = money_world.terms_of(version)[0]
    assert OFFER in client.get(PAGE).text
    data = offer_data(organisation=own.pk, activity=terms.pk, restrictions="Solo equipo", what="")
    for _twice in range(2):
        assert client.post(OFFER, data, follow=True).status_code == 200
    row = Contribution.objects.get()
    assert (row.activity, row.offered_by, row.movements.get().amount) == (terms.activity, contributor, Decimal(5000))
    assert "5,000.00" not in Client().get(PAGE).text
    assert "que esperan a la secretaría" in client.get(PAGE).text
    assert room.page_of(row) in staff.get("/admin/").text
    room.take(staff, row, "confirm")
    assert "5,000.00 USD" in Client().get(PAGE).text
    assert room.page_of(row) not in staff.get("/admin/").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": ""}, "Diga cuánto ofrece"),
        ({"currency": ""}, "Diga en qué moneda"),
        ({"currency": "XYZ"}, "No existe la moneda XYZ"),
        ({"amount": "9" * 15}, "13 dígitos"),
        ({"amount_audience": "public", "audience": "committee"}, "más lectores"),
        ({"kind": "in_kind", "what": ""}, "Diga qué ofrece"),
        ({"kind": "staff_time", "what": "Epidemióloga"}, "cuántos días"),
        ({"days": "3"}, "Días de trabajo"),
    ],
)
def test_a_bad_offer_is_told_and_nothing_is_lost(version, contributor: User, fields, words):
    data = offer_data(organisation=contributor.organisations[0].pk, restrictions="Solo equipo") | fields
    page = signed_in(contributor).post(OFFER, data)
    assert page.status_code == 422
    assert words in page.text
    assert "Solo equipo" in page.text
    assert not Contribution.objects.exists()


def test_nobody_offers_for_another_organisation(version, contributor: User, stranger: User, insp):
    page = signed_in(contributor).post(OFFER, offer_data(organisation=insp.pk))
    assert page.status_code == 422
    row = Contribution(plan=version.plan, organisation=insp, currency="USD")
    with pytest.raises(Refused):
        giving.offer(row, by=contributor, amount=Decimal(1))
    assert not Contribution.objects.exists()


def test_staff_time_is_offered_in_days(version, contributor: User):
    data = offer_data(organisation=contributor.organisations[0].pk, kind="staff_time", what="Epidemióloga")
    data |= {"days": "12.5", "amount": "", "currency": ""}
    assert signed_in(contributor).post(OFFER, data).status_code == 302
    giving.confirm(Contribution.objects.get(), by=None)
    assert "12.5 días" in Client().get(PAGE).text


def test_currencies_are_three_letters_of_iso_4217():
    with translation.override("en"), pytest.raises(ValidationError, match="no currency"):
        Contribution(kind="cash", currency="ABC").clean_fields()

"""Values of indicators as people report them: read as the region writes them, asked about, kept exactly."""

import pytest
from django.test import Client

from steering.models import IndicatorTerms, ProgressReport
from tests.steering.reporting import World, key, send, world

pytestmark = pytest.mark.django_db
State = ProgressReport.State


@pytest.fixture
def here(db) -> World:
    return world()


def valued(client: Client, link: str, terms: IndicatorTerms, value: str, **more: str):
    return send(client, link, **{key(terms): {"value": value, **more}})


@pytest.mark.parametrize(
    ("typed_value", "kept"),
    [("1500", "1500"), ("1,500.50", "1500.5"), ("1.500,5", "1500.5"), ("12,5", "12.5"), ("1 500", "1500"), ("0", "0")],
)
def test_numbers_as_people_of_the_region_write_them(here: World, client: Client, typed_value, kept):
    terms = here.indicator()
    assert valued(client, here.opened(), terms, typed_value).status_code == 302
    assert f"{terms.indicator.reports.get().value.normalize():f}" == kept


@pytest.mark.parametrize(
    ("typed_value", "told"),
    [
        ("1.500", "miles o decimales"),
        ("muchos", "Escriba un número"),
        ("NaN", "Escriba un número"),
        ("1e9", "Escriba un número"),
        ("12345678901234", "demasiado largo"),
        ("9" * 39, "demasiado largo"),
    ],
)
def test_a_value_that_nobody_can_read_is_told(here: World, client: Client, typed_value, told):
    terms = here.indicator()
    answer = valued(client, here.opened(), terms, typed_value)
    assert answer.status_code == 422
    assert told in answer.text
    assert typed_value in answer.text


def test_fifteen_digits_are_kept_exactly(here: World, client: Client):
    terms = here.indicator()
    assert valued(client, here.opened(), terms, "9999999999999.99").status_code == 302
    assert str(terms.indicator.reports.get().value) == "9999999999999.99"


@pytest.mark.parametrize("value", ["100.01", "-1", "250"])
def test_percentages_lie_between_0_and_100(here: World, client: Client, value):
    terms = here.indicator(measure="percentage", baseline=None, target=80)
    assert "va de 0 a 100" in valued(client, here.opened(), terms, value, is_right="on").text


@pytest.mark.parametrize(
    ("ascending", "value", "asks"), [(True, "5", True), (True, "12", False), (False, "12", True), (False, "5", False)]
)
def test_a_value_that_goes_the_wrong_way_is_asked_about_not_refused(
    here: World, client: Client, ascending, value, asks
):
    terms = here.indicator(baseline=10, target=20 if ascending else 0, ascending=ascending)
    link = here.opened()
    answer = valued(client, link, terms, value)
    assert answer.status_code == (422 if asks else 302)
    if asks:
        assert "Antes era 10" in answer.text
        assert f'name="{key(terms)}-is_right"' in answer.text
        assert valued(client, link, terms, value, is_right="on").status_code == 302
    assert terms.indicator.reports.get().state == State.SUBMITTED


def test_one_that_counts_up_takes_what_the_quarter_adds(here: World, client: Client):
    terms = here.indicator(baseline=10, target=20, cumulative=True)
    link = here.opened()
    assert "se va sumando" in client.get(link).text.lower()
    assert valued(client, link, terms, "-1").status_code == 422
    assert valued(client, link, terms, "2").status_code == 302


def test_one_in_words_needs_words(here: World, client: Client):
    terms = here.indicator(measure="qualitative", baseline=None, target=None)
    link = here.opened()
    assert f"{key(terms)}-value" not in client.get(link).text
    assert send(client, link, **{key(terms): {"narrative": "Adoptado"}}).status_code == 302

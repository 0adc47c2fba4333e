"""The vocabulary and the demo records are data, so what the importer relies on is checked here, without Django."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOPICS_FILE = ROOT / "resources" / "vocabulary" / "topics.json"
ORGANISATIONS_FILE = ROOT / "portal" / "demo" / "organisations.json"
RESOURCES_FILE = ROOT / "portal" / "demo" / "resources.json"

Record = dict[str, Any]


def load(path: Path) -> list[Record]:
    return json.loads(path.read_text(encoding="utf-8"))


TOPICS = load(TOPICS_FILE)
ORGANISATIONS = load(ORGANISATIONS_FILE)
RESOURCES = load(RESOURCES_FILE)

AXES = {"subject", "population", "phase"}
SECTORS = {"government", "un", "civil-society", "academia", "partners", "private"}
REGION = {"BZ", "CR", "SV", "GT", "HN", "MX", "NI", "PA"}
AUDIENCES = {"public", "members", "committee"}
LICENCES = {"", "cc-by", "cc-by-nc-sa-igo", "cc-by-nc", "public-domain", "law", "copyright"}
TYPES = {
    *("report", "article", "book", "chapter", "thesis", "brief", "bulletin", "factsheet", "presentation"),
    *("law", "treaty", "policy", "protocol", "guideline"),
    *("training", "campaign", "dataset", "directory", "tool", "other"),
}

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")
MESH = re.compile(r"D\d{6}(?:\d{3})?")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
WEB = re.compile(r"https?://[^\s]+\.[^\s]+")


def title_of(resource: Record) -> str:
    return resource["title_es"] or resource["title_en"]


def folded(text: str) -> str:
    """Case and accents away, as the search compares words."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words_of(topic: Record) -> set[str]:
    names = [topic["name_es"], topic["name_en"], *topic["terms_es"], *topic["terms_en"]]
    return {folded(name) for name in names}


def is_isbn(text: str) -> bool:
    """ISBN-13 or ISBN-10 with a right check digit; hyphens and spaces are allowed."""
    digits = re.sub(r"[- ]", "", text)
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits)) % 11 == 0
    return False


@pytest.mark.parametrize("path", [TOPICS_FILE, ORGANISATIONS_FILE, RESOURCES_FILE], ids=lambda path: path.name)
def test_file_is_indented_utf8_without_escapes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("records", [TOPICS, ORGANISATIONS], ids=["topics", "organisations"])
def test_slugs_are_plain_and_unique(records: list[Record]) -> None:
    slugs = [record["slug"] for record in records]
    assert [slug for slug in slugs if not SLUG.fullmatch(slug)] == []
    assert [slug for slug, times in Counter(slugs).items() if times > 1] == []


# --- topics


def test_every_topic_speaks_both_languages() -> None:
    fields = ["name_es", "name_en", "note_es", "note_en", "terms_es", "terms_en"]
    assert [(topic["slug"], field) for topic in TOPICS for field in fields if not topic[field]] == []


def test_topic_parents_exist_on_the_same_axis_and_have_no_parent() -> None:
    by_slug = {topic["slug"]: topic for topic in TOPICS}
    assert {topic["axis"] for topic in TOPICS} == AXES
    for topic in TOPICS:
        if topic["parent"] is not None:
            parent = by_slug[topic["parent"]]
            assert (parent["parent"], parent["axis"]) == (None, topic["axis"]), topic["slug"]


def test_mesh_numbers_are_well_formed_and_used_once() -> None:
    numbers = [topic["mesh"] for topic in TOPICS if topic["mesh"]]
    assert [number for number in numbers if not MESH.fullmatch(number)] == []
    assert len(numbers) == len(set(numbers))


def test_no_entry_term_belongs_to_two_topics() -> None:
    owners = defaultdict(set)
    for topic in TOPICS:
        for word in words_of(topic):
            owners[word].add(topic["slug"])
    assert {word: sorted(slugs) for word, slugs in owners.items() if len(slugs) > 1} == {}


def test_entry_terms_say_something_new() -> None:
    for topic in TOPICS:
        for language in ("es", "en"):
            terms = topic[f"terms_{language}"]
            spoken = {folded(term.strip()) for term in terms}
            assert len(terms) == len(spoken), topic["slug"]
            assert folded(topic[f"name_{language}"]) not in spoken, topic["slug"]


@pytest.mark.parametrize(("spanish", "english"), [("tamizaje", "screening"), ("VIH", "HIV"), ("paludismo", "malaria")])
def test_words_of_the_region_meet_across_languages(spanish: str, english: str) -> None:
    assert any({folded(spanish), folded(english)} <= words_of(topic) for topic in TOPICS)


# --- organisations


def test_organisations_cover_the_six_sectors_and_the_eight_countries() -> None:
    assert len(ORGANISATIONS) >= 25
    assert {organisation["sector"] for organisation in ORGANISATIONS} == SECTORS
    ministries = [organisation for organisation in ORGANISATIONS if organisation["sector"] == "government"]
    assert {organisation["country"] for organisation in ministries} >= REGION


def test_the_technical_coordination_is_there() -> None:
    assert "oim" in {organisation["slug"] for organisation in ORGANISATIONS}


def test_organisations_are_complete() -> None:
    for organisation in ORGANISATIONS:
        for field in ("name_es", "name_en", "description_es", "description_en", "countries"):
            assert organisation[field], (organisation["slug"], field)
        assert not organisation["website"] or WEB.fullmatch(organisation["website"]), organisation["slug"]
        codes = [organisation["country"], *organisation["countries"]]
        assert all(COUNTRY.fullmatch(code) for code in codes), organisation["slug"]
        assert len(organisation["countries"]) == len(set(organisation["countries"])), organisation["slug"]


# --- resources


def test_there_are_enough_resources_of_every_country_and_many_types() -> None:
    assert len(RESOURCES) >= 60
    assert {country for resource in RESOURCES for country in resource["countries"]} >= REGION
    assert len({resource["type"] for resource in RESOURCES}) >= 15


def test_resources_are_told_apart_by_title_and_identifier() -> None:
    for key in ("doi", "isbn"):
        values = [resource[key] for resource in RESOURCES if resource[key]]
        assert len(values) == len(set(values)), key
    titles = Counter(folded(title_of(resource)) for resource in RESOURCES)
    assert [title for title, times in titles.items() if times > 1 or not title] == []


def test_resource_references_resolve() -> None:
    topics = {topic["slug"] for topic in TOPICS}
    organisations = {organisation["slug"] for organisation in ORGANISATIONS}
    for resource in RESOURCES:
        assert resource["topics"], title_of(resource)
        assert set(resource["topics"]) <= topics, (title_of(resource), set(resource["topics"]) - topics)
        assert len(resource["topics"]) == len(set(resource["topics"])), title_of(resource)
        assert resource["organisation"] in organisations, title_of(resource)


def test_resource_choices_are_known() -> None:
    for resource in RESOURCES:
        assert resource["type"] in TYPES, title_of(resource)
        assert resource["audience"] in AUDIENCES, title_of(resource)
        assert resource["licence"] in LICENCES, title_of(resource)
        assert resource["original_language"] in {"es", "en"}, title_of(resource)
        assert all(COUNTRY.fullmatch(code) for code in resource["countries"]), title_of(resource)
        assert resource["tags"] == [tag.strip().lower() for tag in resource["tags"]], title_of(resource)
        assert len(resource["tags"]) <= 4, title_of(resource)


def test_resource_dates_are_plausible() -> None:
    for resource in RESOURCES:
        assert 1951 <= resource["year"] <= 2025, title_of(resource)
        assert 1 <= resource.get("month", 1) <= 12, title_of(resource)
        assert 1 <= resource.get("day", 1) <= 31, title_of(resource)
        assert "day" not in resource or "month" in resource, title_of(resource)


def test_resource_identifiers_are_well_formed() -> None:
    for resource in RESOURCES:
        assert not resource["doi"] or DOI.fullmatch(resource["doi"]), resource["doi"]
        assert not resource["isbn"] or is_isbn(resource["isbn"]), resource["isbn"]
        assert not resource["source_url"] or WEB.fullmatch(resource["source_url"]), resource["source_url"]


@pytest.mark.parametrize("isbn", ["978-92-4-005446-2", "92 4 156253 6"])
def test_check_digit_accepts_a_right_isbn(isbn: str) -> None:
    assert is_isbn(isbn)


@pytest.mark.parametrize("isbn", ["978-92-4-005446-3", "92 4 156253 5", "978-92-4-005446"])
def test_check_digit_catches_a_slip(isbn: str) -> None:
    assert not is_isbn(isbn)


def test_original_title_is_given_and_one_abstract_at_least() -> None:
    for resource in RESOURCES:
        assert resource[f"title_{resource['original_language']}"], title_of(resource)
        assert resource["abstract_es"] or resource["abstract_en"], title_of(resource)


def test_both_languages_are_sometimes_missing() -> None:
    """Else nobody would see the mark "only in the other language"."""
    for field in ("title_es", "title_en", "abstract_es", "abstract_en"):
        assert any(not resource[field] for resource in RESOURCES), field


def test_persons_only_sign_articles_and_theses() -> None:
    for resource in RESOURCES:
        assert resource["authors"], title_of(resource)
        kinds = {author["kind"] for author in resource["authors"]}
        assert kinds <= {"body", "person"}
        assert all(author["name"] for author in resource["authors"])
        assert "person" not in kinds or resource["type"] in {"article", "thesis"}, title_of(resource)


def test_a_few_resources_are_not_public() -> None:
    audiences = Counter(resource["audience"] for resource in RESOURCES)
    assert (audiences["members"], audiences["committee"]) == (3, 1)

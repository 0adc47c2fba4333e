"""Topics a text speaks of, by their names and entry terms in its language, inflected."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log, log2
from typing import Self

from resources.models import EntryTerm, Topic
from resources.search import STEMS, fold
from resources.suggestions.names import Names
from resources.suggestions.reading import Evidence, Passage, Place, Words

MOST = 8
LEAST_SCORE = 0.3
LEAST_SHARE = 0.2
"""Of the best topic's weight: what a topic needs to be named beside it."""
HALF = 5.0
"""The weight at which a topic is as likely as not."""
MOST_EVIDENCE = 3
LONG = 7
"""Letters of a name that is looked for unstemmed in other languages: *xenofobia* is safe there, *trata* is not."""
SPOTS = 200
"""Places kept per topic and place."""
PAGES_AT_FULL_WEIGHT = 15
"""In a longer document a word must stand more often to say as much."""

WEIGHTS = {
    Place.TITLE: 8.0,
    Place.KEYWORDS: 6.0,
    Place.ABSTRACT: 3.0,
    Place.HEADING: 2.5,
    Place.FIRST: 1.5,
    Place.REST: 1.0,
}

JOINTS = {**dict.fromkeys(["y", "e", "o", "u", "and", "or", "&"], "&"), **dict.fromkeys(["no", "non", "not"], "no")}
"""Stop words that mean something in a name: *no transmisibles*, *estigma y discriminación*."""
WRITTEN_SMALL = {"vih", "hiv", "tb", "ltbi", "covid", "lgbt", "lgbti", "lgbtiq", "lgbtq"}
"""Acronyms people also write without capitals, and no words of either language."""
NOT_AFTER = {
    "trata": {"se", "que", "lo", "les", "le", "las", "los", "nos", "me", "quien", "cual", "no"},
    "trafficking": {"drug", "drugs", "arms", "wildlife", "weapons", "narcotics", "firearms", "organ"},
    "smuggling": {"drug", "drugs", "arms", "goods", "cigarette"},
    "shelter": {"tax"},
    "transit": {"public", "mass", "rapid"},
    "gender": {"grammatical"},
}
"""Words that, right before, make another word of a one-word name."""
MIGRATION = re.compile(r"(?<![^\W_])(?:in|e|trans)?m?migra|refugi|refuge|desplaza|displac|retorna|deport|asyl|asil")
"""A phase of migration is meant only where migration is spoken of: *origen* and *return* mean much else."""

GAP = re.compile(r"[\s,/()'&+·\-]{0,4}")
"""What may stand between two words of a name; a full stop may not, save in an acronym."""


@dataclass(frozen=True)
class Term:
    """One name of a topic."""

    topic: int
    text: str
    acronym: bool
    phase: bool
    weight: float


@dataclass(frozen=True)
class TopicSuggestion:
    """A topic, how sure we are (0 to 1), how often it is named, and where, the weightiest place first."""

    topic: int
    score: float
    count: int
    evidence: tuple[Evidence, ...]


@dataclass
class Found:
    """Where the words of a topic stand, by place."""

    counts: Counter[Place] = field(default_factory=Counter)
    weights: dict[Place, float] = field(default_factory=lambda: defaultdict(float))
    spots: dict[Place, list[tuple[Passage, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, passage: Passage, start: int, end: int, weight: float) -> None:
        place = passage.place_at(start)
        self.counts[place] += 1
        self.weights[place] = max(self.weights[place], weight)
        if len(self.spots[place]) < SPOTS:
            self.spots[place].append((passage, start, end))


class Vocabulary:
    """Every name of every topic, by language; "" holds for any other language what is the same in all of them."""

    def __init__(self, names: Iterable[tuple[int, bool, str, str]]) -> None:
        """`names`: (topic, is it a phase of migration, language, text)."""
        rows = list(names)
        rarity = _rarity(rows)
        self.names: dict[str, Names[Term]] = {language: Names() for language in ("es", "en", "")}
        for topic, phase, language, text in rows:
            acronym = is_acronym(text)
            for code in (language, ""):
                units = tuple(Units.of(Words.of(text), code).stems)
                term = Term(topic, text, acronym, phase and len(units) == 1, rarity.get((topic, text), 1.0))
                if code or acronym or len(text) >= LONG:
                    self.names[code].add(units, term)
        for known in self.names.values():
            known.sort()

    @classmethod
    def current(cls) -> Self:
        """What the library holds now, in two queries."""
        phase = Topic.Axis.PHASE
        rows = []
        for pk, axis, *names in Topic.objects.values_list("pk", "axis", "name_es", "name_en"):
            rows += [(pk, axis == phase, code, text) for code, text in zip(("es", "en"), names, strict=True) if text]
        terms = EntryTerm.objects.values_list("topic_id", "topic__axis", "language", "text")
        return cls(rows + [(pk, axis == phase, language, text) for pk, axis, language, text in terms])

    def hits(self, passage: Passage) -> Iterator[tuple[Term, int, int]]:
        """Each name in the passage, the longest at each place: (term, start, end)."""
        units = Units.of(passage.words, passage.language)
        names, at = self.names[passage.language], 0
        while at < len(units.stems):
            length = 1
            if units.stems[at] in names.by_first:
                for size, term in names.starting(units.stems, at):
                    start, end = units.starts[at], units.ends[at + size - 1]
                    if stands(term, passage, start, end):
                        yield term, start, end
                        length = max(length, size)
                    if length > size:
                        break
            at += length


@dataclass(frozen=True)
class Units:
    """The stems of a passage, each run of stop words as one empty stem."""

    stems: list[str]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, words: Words, language: str) -> Self:
        table = STEMS[language]
        stems: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for word, start, end in zip(words.folded, words.starts, words.ends, strict=True):
            stem = JOINTS.get(word) or table[word]
            if stem or not stems or stems[-1]:
                stems.append(stem)
                starts.append(start)
                ends.append(end)
        return cls(stems, starts, ends)


def _rarity(rows: list[tuple[int, bool, str, str]]) -> dict[tuple[int, str], float]:
    """How much each name tells: the rarest of its words across the topics, 0.35 to 1."""
    topics: dict[str, set[int]] = defaultdict(set)
    stems = {}
    for topic, _, language, text in rows:
        stems[topic, text] = [stem for stem in Units.of(Words.of(text), language).stems if len(stem) > 1]
        for stem in stems[topic, text]:
            topics[stem].add(topic)
    every = log(1 + len({topic for topic, *_ in rows}))
    return {
        name: max([1 - 0.65 * log(len(topics[stem])) / every for stem in found], default=1.0)
        for name, found in stems.items()
    }


def is_acronym(text: str) -> bool:
    """Two to eight letters, mostly capitals, in one word or parted by points, slashes or hyphens: VIH, DD. HH., VoT."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return 2 <= len(letters) <= 8 and capitals >= 2 and capitals > len(letters) / 2 and len(text.split()) <= 2


def stands(term: Term, passage: Passage, start: int, end: int) -> bool:
    """Does the text there mean this name, and not other words that share its stems?"""
    written = passage.text[start:end]
    if term.acronym:
        return _is_written_so(written, term.text, passage, start, end)
    if any(sign in written for sign in ".;:!?") or "\n\n" in written:
        return False
    if not any(sign in term.text for sign in " -/"):
        return _is_inflection(written, term.text) and _means_it(term, passage, start, end)
    return True


def _is_written_so(written: str, name: str, passage: Passage, start: int, end: int) -> bool:
    """Capital for capital (a plural s may follow), and not as a word of a line all in capitals."""
    bare, named = re.sub(r"[^\w]", "", written), re.sub(r"[^\w]", "", name)
    if fold(bare) in WRITTEN_SMALL:
        return True
    if bare != named and bare != named + "s":
        return False
    around = passage.text[max(0, start - 40) : start] + passage.text[end : end + 40]
    letters = [sign for sign in around if sign.isalpha()]
    return len(letters) < 8 or sum(sign.islower() for sign in letters) > 0.2 * len(letters)


ENDINGS = re.compile(r"(?:e?s)$")
PARTICIPLE = re.compile(r"(?<=[ai]d)[oa]$")


def _is_inflection(written: str, name: str) -> bool:
    """The same word in another number or gender, not one that only shares the stem: *tratado* is no *trata*."""
    if written[-1:] in "óÓéÉ" and fold(name)[-1:] == fold(written)[-1:] and name[-1:] not in "óé":
        return False  # *generó* is no *género*
    return _bare(written) == _bare(name)


def _bare(word: str) -> str:
    bare = PARTICIPLE.sub("", ENDINGS.sub("", fold(unicodedata.normalize("NFC", word)).removesuffix("'s")))
    return bare[:-1] if len(bare) > 4 and bare.endswith("e") else bare


def _means_it(term: Term, passage: Passage, start: int, end: int) -> bool:
    before = fold(passage.text[max(0, start - 25) : start]).split()
    if before and before[-1] in NOT_AFTER.get(fold(term.text), ()):
        return False
    if term.phase and passage.place not in (Place.TITLE, Place.KEYWORDS):
        return bool(MIGRATION.search(fold(passage.text[max(0, start - 120) : end + 120])))
    return True


def suggested(passages: Iterable[Passage], vocabulary: Vocabulary, pages: int) -> list[TopicSuggestion]:
    """The topics that weigh most in a document of this many pages, best first."""
    found: dict[int, Found] = defaultdict(Found)
    for passage in passages:
        for term, start, end in vocabulary.hits(passage):
            found[term.topic].add(passage, start, end, term.weight)
    weights = {topic: _weight(hits, pages) for topic, hits in found.items()}
    best = max(weights.values(), default=0.0)
    chosen = sorted(weights, key=lambda topic: (-weights[topic], topic))[:MOST]
    return [
        TopicSuggestion(topic, round(score, 3), found[topic].counts.total(), _evidence(found[topic]))
        for topic in chosen
        if (score := weights[topic] / (weights[topic] + HALF)) >= LEAST_SCORE and weights[topic] >= LEAST_SHARE * best
    ]


def _weight(hits: Found, pages: int) -> float:
    """The sum over the places; in each, the first time counts most."""
    dilution = max(1.0, pages / PAGES_AT_FULL_WEIGHT)
    total = 0.0
    for place, count in hits.counts.items():
        often = count / dilution if place in (Place.REST, Place.HEADING) else count
        total += WEIGHTS[place] * hits.weights[place] * min(log2(1 + often), 5.0)
    return total


def _evidence(hits: Found) -> tuple[Evidence, ...]:
    out: dict[str, Evidence] = {}
    for place in sorted(hits.spots, key=lambda place: -WEIGHTS[place]):
        for passage, start, end in hits.spots[place]:
            near = [(a, b) for other, a, b in hits.spots[place] if other is passage and a >= start]
            evidence = passage.evidence([(start, end), *near])
            out.setdefault(evidence.sentence, evidence)
            if len(out) >= MOST_EVIDENCE:
                return tuple(out.values())
    return tuple(out.values())

"""Countries a text is about, by their names and demonyms in both languages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log2
from typing import Self

from network.models import Country
from resources.suggestions.names import Names
from resources.suggestions.reading import Evidence, Passage, Place, Words

MOST = 6
LEAST_SHARE = 0.35
"""Of the best country's weight."""
LEAST_WEIGHT = 2.0
MOST_EVIDENCE = 3
SPOTS = 60
WEIGHTS = {
    Place.TITLE: 10.0,
    Place.KEYWORDS: 6.0,
    Place.ABSTRACT: 3.0,
    Place.HEADING: 2.0,
    Place.FIRST: 1.5,
    Place.REST: 1.0,
}
DEMONYM = 0.7
"""What a demonym weighs beside the name: *la población hondureña* may be in Mexico."""

OTHER_NAMES = {
    "MX": "Estados Unidos Mexicanos|República Mexicana|CDMX",
    "US": "EE. UU.|EE.UU.|EEUU|EUA|USA|U.S.|United States|United States of America|Estados Unidos de América",
    "GB": "UK|U.K.|Great Britain|Gran Bretaña|Inglaterra|England|Scotland|Escocia|Northern Ireland|Irlanda del Norte",
    "BZ": "Belize",
    "BR": "Brasil|Brazil",
    "DO": "República Dominicana|Dominican Republic",
    "KR": "Republic of Korea|República de Corea",
    "CZ": "República Checa|Czech Republic",
    "NL": "Holanda|Holland|the Netherlands",
    "RU": "Russian Federation|Federación de Rusia",
    "SY": "Syrian Arab Republic|República Árabe Siria",
    "CD": "Democratic Republic of the Congo|República Democrática del Congo|DRC",
    "TZ": "Tanzania",
    "VE": "República Bolivariana de Venezuela|Venezuela",
    "TR": "Türkiye|Turkey|Turquía",
    "CI": "Costa de Marfil|Ivory Coast|Côte d'Ivoire",
    "GE": "República de Georgia|Republic of Georgia",
    "JO": "Hashemite Kingdom of Jordan",
    "MU": "isla Mauricio|República de Mauricio",
    "MK": "North Macedonia|Macedonia del Norte",
    "PS": "Palestina|Palestine",
}
"""Beside the names of the table."""

NO_COUNTRY = (
    "Nuevo México|New Mexico|Golfo de México|Gulf of Mexico|Nueva Inglaterra|New England|British Columbia|"
    "Colombia Británica|Columbia Británica|Nueva Guinea|New Guinea|golfo de Guinea|Gulf of Guinea|New Jersey|"
    "Nueva Jersey|Nueva Granada|Atlanta, Georgia|Georgia Tech|Panama City Beach|Lebanon, Pennsylvania|"
    "San Salvador de Jujuy|Santiago de Cuba Street|Canal de Panamá|Cuenca del Congo|Congo Basin|mar de China|"
    "South China Sea|río Congo|Indian Ocean|Océano Índico|Guinea Pig|Peru, Indiana|Cuba, Missouri|"
    "Haitian Creole|criollo haitiano|creole haitiano"
)
"""Places with a country's name in theirs: found first, they keep it from being found."""

UNSAID = {"RE", "IM", "BV", "HM", "UM", "AQ"}
"""Names that are common words (Reunión), or of places without people."""

DOUBTFUL = {
    "GE": "tiflis tbilisi caucaso caucasus georgianos georgian abjasia abkhazia",
    "JO": "amman jordanian jordanians jordano jordanos jordana hachemita hashemite zaatari",
    "TD": "yamena djamena chadian chadianos lago",
    "GD": "granadinos grenadian grenada",
    "MU": "mauritian mauriciano",
    "LC": "castries caribe caribbean",
    "IL": "israeli israelis israelies jerusalen jerusalem palestina palestine gaza",
    "JE": "guernsey guernesey",
    "DM": "roseau caricom",
    "MC": "montecarlo monegasco monaco",
    "GG": "jersey",
    "MT": "maltese maltes valletta",
}
"""Names that also name a person, a city or a state: counted only where one of these words stands as well."""

DEMONYMS = {
    "MX": "mexicano mexicana|Mexican",
    "BZ": "beliceño beliceña|Belizean",
    "GT": "guatemalteco guatemalteca|Guatemalan",
    "SV": "salvadoreño salvadoreña|Salvadoran Salvadorean",
    "HN": "hondureño hondureña|Honduran",
    "NI": "nicaragüense|Nicaraguan",
    "CR": "costarricense|Costa-Rican",
    "PA": "panameño panameña|Panamanian",
    "CO": "colombiano colombiana|Colombian",
    "VE": "venezolano venezolana|Venezuelan",
    "EC": "ecuatoriano ecuatoriana|Ecuadorian Ecuadorean",
    "PE": "peruano peruana|Peruvian",
    "BO": "boliviano boliviana|Bolivian",
    "CL": "chileno chilena|Chilean",
    "AR": "argentino argentina|Argentinian Argentinean",
    "BR": "brasileño brasileña brasilero brasilera|Brazilian",
    "CU": "cubano cubana|Cuban",
    "HT": "haitiano haitiana|Haitian",
    "US": "estadounidense|",
    "CA": "canadiense|Canadian",
    "AU": "australiano australiana|Australian",
    "SY": "sirio siria|Syrian",
    "LB": "libanés libanesa libaneses|Lebanese",
    "JO": "jordano jordana|Jordanian",
    "AF": "afgano afgana|Afghan",
    "PK": "pakistaní|Pakistani",
    "ZM": "zambiano zambiana|Zambian",
    "ZA": "sudafricano sudafricana|South-African",
    "ET": "etíope|Ethiopian",
    "SO": "somalí|Somali",
}
"""Those that mean one country alone, in Spanish and in English; -s is added. *Español* is a language as well."""


@dataclass(frozen=True)
class Name:
    """One name of a country; "" as code stands for a place that is none."""

    code: str
    demonym: bool = False


@dataclass(frozen=True)
class CountrySuggestion:
    """An ISO 3166 alpha-2 code, how sure we are (0 to 1), how often it is named, and where."""

    code: str
    score: float
    count: int
    evidence: tuple[Evidence, ...]


class Gazetteer:
    """Every name of every country."""

    def __init__(self, countries: Iterable[tuple[str, str, str]]) -> None:
        """`countries`: (code, name in Spanish, name in English)."""
        self.names: Names[Name] = Names()
        seen: set[tuple[tuple[str, ...], str]] = set()
        for text in NO_COUNTRY.split("|"):
            self._add(text, Name(""), seen)
        for code, *names in countries:
            if code not in UNSAID:
                for text in [*names, *OTHER_NAMES.get(code, "").split("|")]:
                    self._add(text or "", Name(code), seen)
                for text in DEMONYMS.get(code, "").replace("|", " ").split():
                    for form in (text, text + "s"):
                        self._add(form, Name(code, demonym=True), seen)
        self.names.sort()

    @classmethod
    def current(cls) -> Self:
        """What the portal holds now, in one query."""
        return cls(Country.objects.values_list("code", "name_es", "name_en"))

    def _add(self, text: str, name: Name, seen: set[tuple[tuple[str, ...], str]]) -> None:
        units = tuple(Words.of(text).folded)
        if units and (units, name.code) not in seen:
            seen.add((units, name.code))
            self.names.add(units, name)

    def hits(self, passage: Passage) -> Iterator[tuple[Name, int, int]]:
        """Each name in the passage, the longest at each place: (name, start, end)."""
        words, at = passage.words, 0
        while at < len(words.folded):
            length = 1
            if words.folded[at] in self.names.by_first:
                for size, name in self.names.starting(words.folded, at):
                    start, end = words.starts[at], words.ends[at + size - 1]
                    if not _stands(name, passage, start, end):
                        continue
                    length = size
                    if name.code:
                        yield name, start, end
                    break
            at += length


def _stands(name: Name, passage: Passage, start: int, end: int) -> bool:
    """A country's name begins with a capital and keeps to one sentence; a demonym may be small in Spanish."""
    written = passage.text[start:end]
    if "\n\n" in written or any(sign in written for sign in ";:!?"):
        return False
    if name.demonym:
        return True
    if passage.text[end : end + 1] == ")" and passage.text[max(0, start - 2) : start] == ", ":
        return False  # where a maker sits: (Sigma, St. Louis, USA)
    letters = [sign for sign in written if sign.isalpha()]
    if len(letters) <= 3:
        return all(sign.isupper() for sign in letters) and written != "US"  # USA, U.S.; US may be *us* in a heading
    if name.code in DOUBTFUL and passage.text[end : end + 2].strip()[:1].isupper():
        return False  # a family name follows: Israel Hernández
    return written[0].isupper() or not name.code


@dataclass
class Found:
    """Where a country is named, by place."""

    counts: Counter[Place] = field(default_factory=Counter)
    pages: dict[Place, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    weight: float = 0.0
    named: bool = False
    spots: list[tuple[float, Passage, int, int]] = field(default_factory=list)


def suggested(passages: Iterable[Passage], gazetteer: Gazetteer) -> list[CountrySuggestion]:
    """The countries that weigh most, best first; a list of all the world's gives none."""
    found: dict[str, Found] = defaultdict(Found)
    said: set[str] = set()
    needed = {word for words in DOUBTFUL.values() for word in words.split()}
    for passage in passages:
        said |= needed.intersection(passage.words.folded)
        for name, start, end in gazetteer.hits(passage):
            _note(found[name.code], name, passage, start, end)
    sure = {code: hits for code, hits in found.items() if code not in DOUBTFUL or said & set(DOUBTFUL[code].split())}
    weights = {code: _weight(hits) for code, hits in sure.items()}
    best = max(weights.values(), default=0.0)
    chosen = [code for code in weights if weights[code] >= max(LEAST_WEIGHT, LEAST_SHARE * best)]
    if len(chosen) > 2 * MOST:
        chosen = [code for code in chosen if sure[code].counts[Place.TITLE]]
    chosen.sort(key=lambda code: (-weights[code], code))
    return [
        CountrySuggestion(
            code, round(weights[code] / (weights[code] + 4), 3), sure[code].counts.total(), _told(sure[code])
        )
        for code in chosen[:MOST]
    ]


def _note(hits: Found, name: Name, passage: Passage, start: int, end: int) -> None:
    place = passage.place_at(start)
    hits.counts[place] += 1
    hits.pages[place].add(passage.page)
    hits.weight = max(hits.weight, DEMONYM if name.demonym else 1.0)
    if len(hits.spots) < SPOTS:
        hits.spots.append((WEIGHTS[place] * (DEMONYM if name.demonym else 1.0), passage, start, end))


def _weight(hits: Found) -> float:
    """A page counts three times at most however often the country stands on it: tables repeat it."""
    return hits.weight * sum(
        WEIGHTS[place] * log2(1 + min(count, 3 * len(hits.pages[place]))) for place, count in hits.counts.items()
    )


def _told(hits: Found) -> tuple[Evidence, ...]:
    out: dict[str, Evidence] = {}
    for _, passage, start, end in sorted(hits.spots, key=lambda spot: -spot[0]):
        near = [(a, b) for _, other, a, b in hits.spots if other is passage]
        evidence = passage.evidence([(start, end), *near])
        out.setdefault(evidence.sentence, evidence)
        if len(out) >= MOST_EVIDENCE:
            break
    return tuple(out.values())

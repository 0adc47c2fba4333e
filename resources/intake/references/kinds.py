"""Types of publication and licences: the words of each format, as ours. Where the word says too little: ""."""

import re
from functools import lru_cache

from django.utils import translation

from resources.models import Resource

from .texts import fold

Type = Resource.Type

RIS = {
    **dict.fromkeys(("ABST", "EJOUR", "INPR", "JOUR", "MGZN"), Type.ARTICLE),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK", "CLSWK", "ANCIENT", "DICT", "ENCYC"), Type.BOOK),
    **dict.fromkeys(("CHAP", "ECHAP"), Type.CHAPTER),
    **dict.fromkeys(("GOVDOC", "RPRT"), Type.REPORT),
    **dict.fromkeys(("BILL", "LEGAL", "STAT", "UNBILL"), Type.LAW),
    **dict.fromkeys(("AGGR", "DATA", "DBASE"), Type.DATASET),
    **dict.fromkeys(("ADVS", "ART", "CASE", "CHART", "CONF", "CPAPER", "CTLG", "EQUA", "FIGURE", "GRANT"), Type.OTHER),
    **dict.fromkeys(("GRNT", "HEAR", "ICOMM", "INTV", "JFULL", "MAP", "MPCT", "MUSIC", "NEWS", "PAT"), Type.OTHER),
    **dict.fromkeys(("PCOMM", "POD", "PRESS", "SOUND", "VIDEO"), Type.OTHER),
    "THES": Type.THESIS,
    "SLIDE": Type.PRESENTATION,
    "COMP": Type.TOOL,
}
BIBTEX = {
    **dict.fromkeys(("article", "periodical", "suppperiodical"), Type.ARTICLE),
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "reference", "mvreference"), Type.BOOK),
    **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook", "inreference"), Type.CHAPTER),
    **dict.fromkeys(("report", "techreport"), Type.REPORT),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis", "bachelorsthesis"), Type.THESIS),
    **dict.fromkeys(("legislation", "legal"), Type.LAW),
    **dict.fromkeys(("inproceedings", "conference", "proceedings", "mvproceedings", "patent", "letter"), Type.OTHER),
    **dict.fromkeys(("artwork", "audio", "image", "jurisdiction", "movie", "music", "video"), Type.OTHER),
    "manual": Type.GUIDELINE,
    "dataset": Type.DATASET,
    "software": Type.TOOL,
}
CSL = {
    **dict.fromkeys(("article-journal", "article-magazine"), Type.ARTICLE),
    **dict.fromkeys(("book", "classic"), Type.BOOK),
    **dict.fromkeys(("chapter", "entry-encyclopedia", "entry-dictionary", "entry"), Type.CHAPTER),
    **dict.fromkeys(("legislation", "bill", "regulation"), Type.LAW),
    **dict.fromkeys(("paper-conference", "article-newspaper", "broadcast", "figure", "graphic", "hearing"), Type.OTHER),
    **dict.fromkeys(("interview", "legal_case", "map", "motion_picture", "musical_score", "patent"), Type.OTHER),
    **dict.fromkeys(("personal_communication", "song"), Type.OTHER),
    "report": Type.REPORT,
    "thesis": Type.THESIS,
    "treaty": Type.TREATY,
    "dataset": Type.DATASET,
    "speech": Type.PRESENTATION,
    "software": Type.TOOL,
}
CROSSREF = {
    **dict.fromkeys(("journal-article", "posted-content"), Type.ARTICLE),
    **dict.fromkeys(("book-chapter", "book-part", "book-section", "reference-entry"), Type.CHAPTER),
    **dict.fromkeys(("book-set", "edited-book", "monograph", "reference-book"), Type.BOOK),
    **dict.fromkeys(("report-component", "report-series"), Type.REPORT),
    "dissertation": Type.THESIS,
    "database": Type.DATASET,
    "proceedings-article": Type.OTHER,
}
"""Crossref's own words, which some of its CSL keeps."""
ZOTERO = {
    **dict.fromkeys(("journalarticle", "magazinearticle"), Type.ARTICLE),
    **dict.fromkeys(("booksection", "encyclopediaarticle", "dictionaryentry"), Type.CHAPTER),
    **dict.fromkeys(("statute", "bill"), Type.LAW),
    **dict.fromkeys(("conferencepaper", "newspaperarticle", "audiorecording", "videorecording", "film"), Type.OTHER),
    **dict.fromkeys(("podcast", "tvbroadcast", "radiobroadcast", "interview", "letter", "email"), Type.OTHER),
    **dict.fromkeys(("artwork", "case", "hearing", "map", "patent", "instantmessage"), Type.OTHER),
    "book": Type.BOOK,
    "report": Type.REPORT,
    "thesis": Type.THESIS,
    "dataset": Type.DATASET,
    "presentation": Type.PRESENTATION,
    "computerprogram": Type.TOOL,
}
ISI = {"J": Type.ARTICLE, "B": Type.BOOK}
# Names that PubMed, EndNote and people use, folded; our own names and labels come on top.
SPOKEN = {
    Type.REPORT: "informe; informe tecnico; technical report; government document; estudio; diagnostico",
    Type.ARTICLE: "articulo; article; articulo de revista; articulo cientifico; journal article; electronic article; "
    "magazine article",
    Type.LAW: "ley; law; decreto; reglamento; regulation; legislacion; legislation; statute; legal rule or regulation; "
    "bill; norma",
    Type.TREATY: "tratado; treaty; convenio; convencion; convention; declaracion; declaration; acuerdo",
    Type.POLICY: "politica; policy; plan; estrategia; strategy; politica publica",
    Type.PROTOCOL: "protocolo; protocol; mecanismo de referencia",
    Type.GUIDELINE: "guia; guide; guideline; guidelines; practice guideline; manual; lineamiento; lineamientos",
    Type.BRIEF: "brief; policy brief; resumen de politica; nota de politica",
    Type.FACTSHEET: "factsheet; fact sheet; hoja informativa; ficha informativa",
    Type.TRAINING: "curso; course; training; training material; material de capacitacion; capacitacion",
    Type.CAMPAIGN: "campana; campaign",
    Type.TOOL: "herramienta; tool; computer program; software; aplicacion",
    Type.DIRECTORY: "directorio; directory",
    Type.DATASET: "dataset; data set; datos; conjunto de datos; estadisticas; statistics; online database",
    Type.PRESENTATION: "presentacion; presentation; slides; diapositivas",
    Type.BULLETIN: "boletin; bulletin; newsletter",
    Type.BOOK: "libro; book; edited book; electronic book; monografia; monograph",
    Type.CHAPTER: "capitulo; chapter; capitulo de libro; book chapter; book section; electronic book section",
    Type.THESIS: "tesis; thesis; dissertation; phd thesis; academic dissertation; tesis de maestria; tesis doctoral",
    Type.OTHER: "otro; otra; other; conference paper; conference proceedings; newspaper article; film or broadcast",
}
LICENCE_ADDRESS = re.compile(r"creativecommons\.org/(licenses/(?P<terms>[a-z-]{2,8})/|publicdomain/)([\d.]{3}/igo)?")
LICENCE = re.compile(r"cc (?P<terms>by(?: nc)?(?: sa| nd)?)(?: \d 0)?(?P<igo> igo)?(?: international| deed)?")


def named(text: str) -> str:
    """The type people mean by a word in Spanish or English, or by a code of one of the formats; "" for none."""
    word = text.strip()[:80]
    return names().get(fold(word)) or ZOTERO.get(word.lower()) or RIS.get(word) or CSL.get(word.lower(), "")


def refined(general: str, spoken: str) -> str:
    """The format's own type, or what the record's free word for it says where the format has no finer one."""
    if general in ("", Type.REPORT, Type.OTHER, Type.LAW, Type.GUIDELINE):
        return names().get(fold(spoken[:80]), "") or general
    return general


@lru_cache
def names() -> dict[str, str]:
    found = {fold(name): str(kind) for kind, listed in SPOKEN.items() for name in listed.split(";")}
    for language in ("es", "en"):
        with translation.override(language):
            found |= {fold(str(label)): value for value, label in Type.choices}
    return found | {value: value for value in Type.values}


def licence(text: str) -> str:
    """One of `Resource.Licence`, "" where the words do not surely name one."""
    text = text.strip()[:300]
    address = LICENCE_ADDRESS.search(text.lower())
    if address and not address["terms"]:
        return Resource.Licence.PUBLIC_DOMAIN
    if address:
        return _offered(f"cc-{address['terms']}" + ("-igo" if address[3] else ""))
    words = fold(text)
    if found := LICENCE.fullmatch(words):
        return _offered("cc-" + found["terms"].replace(" ", "-") + ("-igo" if found["igo"] else ""))
    if words in ("all rights reserved", "todos los derechos reservados"):
        return Resource.Licence.COPYRIGHT
    if words in ("cc0", "cc0 1 0", "public domain", "dominio publico"):
        return Resource.Licence.PUBLIC_DOMAIN
    return _offered(text.lower())


def _offered(value: str) -> str:
    return value if value in Resource.Licence.values else ""

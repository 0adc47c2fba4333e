"""What sources call a kind of work and a licence, in our vocabulary. What is not sure stays empty."""

import re
from collections.abc import Iterable

from resources.models import Resource

from .words import folded

Type, Licence = Resource.Type, Resource.Licence

# Keys as `folded` gives them. One line holds a kind's words of info:eu-repo/semantics, of DataCite, of the COAR
# vocabulary of resource types (3.1, by its codes) and of people in Spanish, English and Portuguese.
_WORDS: dict[Type, str] = {
    Type.ARTICLE: "article, journalarticle, journal article, research article, review article, articulo, "
    "articulo de revista, articulo cientifico, articulo original, articulo de revision, artigo, artigo de periodico, "
    "contributiontoperiodical, c 6501, c 2df8fbb1, c dcae04bc, c 7bab",
    Type.REPORT: "report, technical report, research report, annual report, informe, informe tecnico, reporte, "
    "informe de investigacion, informe anual, relatorio, externalresearchreport, internalreport, workingpaper, "
    "working paper, documento de trabajo, technicaldocumentation, c 93fc, c 18gh, c 18ws, c 18ww, c 18hj, c 18wq, "
    "c 8042, c 71bd",
    Type.BOOK: "book, libro, livro, monograph, monografia, c 2f33",
    Type.CHAPTER: "bookpart, book part, bookchapter, book chapter, capitulo, capitulo de libro, capitulo de livro, "
    "c 3248",
    Type.THESIS: "thesis, dissertation, tesis, tese, dissertacao, bachelorthesis, masterthesis, doctoralthesis, "
    "studentthesis, tesis de grado, tesis de maestria, tesis doctoral, tesis de doctorado, trabajo de grado, "
    "trabajo de fin de master, master thesis, doctoral thesis, c 46ec, c 7a1f, c bdcc, c db06",
    Type.DATASET: "dataset, data set, conjunto de datos, datos, estadisticas, statistics, c ddb1",
    Type.PRESENTATION: "presentation, lecture, presentacion, ponencia, conferencia, slides, diapositivas, "
    "conferenceposter, conference poster, conferencepresentation, conference presentation, poster, cartel, c 8544, "
    "c 6670, r60j j5bd",
    Type.LAW: "law, ley, legislation, legislacion, decreto, decree, reglamento, regulation, lei, acuerdo ministerial, "
    "codigo",
    Type.TREATY: "treaty, tratado, convenio, convention, convencion, declaration, declaracion",
    Type.POLICY: "policy, politica, politica publica, plan, plan nacional, strategy, estrategia",
    Type.BRIEF: "policy brief, policybrief, resumen de politicas, nota de politica, c 186u",
    Type.PROTOCOL: "protocol, protocolo",
    Type.GUIDELINE: "guideline, guidelines, guide, guia, manual, handbook, toolkit, lineamientos",
    Type.FACTSHEET: "fact sheet, factsheet, hoja informativa, ficha informativa, infographic, infografia",
    Type.TRAINING: "course, curso, training material, material de capacitacion, learning object, learningobject, "
    "objeto de aprendizaje, modulo, c e059",
    Type.BULLETIN: "bulletin, boletin, newsletter, boletim",
    Type.DIRECTORY: "directory, directorio",
    Type.CAMPAIGN: "campaign, campana",
    Type.TOOL: "tool, herramienta, software, c 5ce6",
    Type.OTHER: "c 1843",
}
TYPES = {kind.value: kind for kind in Type if kind != Type.OTHER} | {
    word: kind for kind, words in _WORDS.items() for word in words.split(", ")
}
"""Our own names among them, which another portal like this one writes. The word "other" stands in many sources where
nobody said anything, so it says nothing; the concept of COAR is there because somebody chose it."""

COMMONS = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/[\d.]+)?(/igo)?", re.IGNORECASE)
BY_PARTS = {
    "by": Licence.CC_BY,
    "by-sa": Licence.CC_BY_SA,
    "by-nc": Licence.CC_BY_NC,
    "by-nc-sa": Licence.CC_BY_NC_SA,
    "by-nc-nd": Licence.CC_BY_NC_ND,
    "zero": Licence.PUBLIC_DOMAIN,
    "mark": Licence.PUBLIC_DOMAIN,
}
RESERVED = ("all rights reserved", "todos los derechos reservados", "todos os direitos reservados")
# Words of a licence's own name, in the order of its abbreviation.
PARTS = (
    ("nc", ("noncommercial", "non commercial", "nocomercial", "no comercial", "naocomercial", "nao comercial")),
    ("sa", ("sharealike", "share alike", "compartirigual", "compartir igual", "compartilhaigual")),
    ("nd", ("noderiv", "no deriv", "sinderivad", "sin derivad", "sinobraderivad", "sin obra derivad", "semderiv")),
)
NAMES_OF_BY = ("attribution", "atribucion", "reconocimiento", "atribuicao")


def type_of(texts: Iterable[str]) -> str:
    """
    The first kind that one of the words names, whole or as the end of an address; empty without one.

    That it is another kind than all of them counts where no word says which.
    """
    words = (word for text in texts for word in (text, text.rpartition("/")[2], text.rpartition(":")[2]))
    found = [kind for word in words if (kind := TYPES.get(folded(word)))]
    return next((kind.value for kind in found if kind != Type.OTHER), found[0].value if found else "")


def licence_of(texts: Iterable[str]) -> str:
    """The licence that an address or a sentence names; an address is surer. "Open access" alone is no licence."""
    texts = [text[:2_000] for text in texts]
    found = filter(None, [*map(_by_address, texts), *map(_by_name, texts)])
    return str(next(found, ""))


def _by_address(text: str) -> str:
    found = COMMONS.search(text)
    if not found:
        return ""
    parts = found[1].lower().replace("by-nd-nc", "by-nc-nd")
    if found[2] and parts == "by-nc-sa":
        return Licence.CC_BY_NC_SA_IGO
    return BY_PARTS.get(parts, "")


def _by_name(text: str) -> str:
    words = folded(text)
    if short := re.search(r"\bcc (by(?: nc)?(?: sa| nd)?)\b", words):
        return _with_igo(short[1].replace(" ", "-"), words)
    if "creative commons" in words and any(name in words for name in NAMES_OF_BY):
        parts = [short for short, names in PARTS if any(name in words for name in names)]
        return _with_igo("-".join(["by", *parts]), words)
    if "public domain" in words or "dominio publico" in words or re.search(r"\bcc ?(0|zero)\b", words):
        return Licence.PUBLIC_DOMAIN
    return Licence.COPYRIGHT if any(phrase in words for phrase in RESERVED) else ""


def _with_igo(parts: str, words: str) -> str:
    if parts == "by-nc-sa" and re.search(r"\bigo\b", words):
        return Licence.CC_BY_NC_SA_IGO
    return BY_PARTS.get(parts, "")

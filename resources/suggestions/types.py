"""What type of document it is, from the words of its title and its first page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from resources.models import Resource
from resources.search import fold
from resources.suggestions.reading import Evidence, Passage, Place

T = Resource.Type
FIRST_LINES = 40

TITLE_WORDS = {
    T.THESIS: "tesis|thesis|dissertation|trabajo de grado|trabajo de fin de master",
    T.BRIEF: "policy brief|nota de politica|resumen de politica|documento de posicion|evaluation brief",
    T.FACTSHEET: "hoja informativa|hoja de datos|ficha tecnica|ficha informativa|fact ?sheet|infografia|infographic",
    T.TRAINING: "curso|modulo|componente formativo|diplomado|actividad didactica|training|course|modules?|taller",
    T.PROTOCOL: "protocolos?|protocols?|mecanismos? de referencia|referral mechanisms?|rutas? de atencion",
    T.TREATY: "convencion|convention|convenio|tratado|treaty|declaracion|declaration|pacto|covenant|pacto mundial",
    T.LAW: (
        "ley|codigo|decretos?|reglamento|constitucion|acuerdo general|acuerdo gubernativo|acuerdo ministerial|"
        "norma oficial|normas?|act|law|decree|regulations?|bill"
    ),
    T.GUIDELINE: "guia|guias|manual|lineamientos|directrices|guidelines?|guide|handbook|toolkit|caja de herramientas",
    T.POLICY: "politica nacional|politica publica|politica|plan|programa nacional|estrategia nacional|policy|strategy",
    T.BULLETIN: "boletin|bulletin|newsletter|gaceta",
    T.DIRECTORY: "directorio|directory|mapeo de servicios|service mapping",
    T.DATASET: "base de datos|data ?set|data ?base|anuario estadistico|statistical yearbook|microdatos",
    T.CAMPAIGN: "campana|campaign|afiche|poster",
    T.PRESENTATION: "presentacion de|slides|diapositivas",
    T.REPORT: (
        "informes?|reports?|evaluacion|evaluation|diagnostico|estudio|study|perfil|profile|estadisticas|statistics|"
        "estimates|trends|memoria|encuesta|survey|analisis de situacion|situation analysis|population of"
    ),
}
"""Folded, as parts of a pattern. In a title the first of them to stand decides."""

PAGE_WORDS = {
    T.TRAINING: "componente formativo|actividad didactica|guia de aprendizaje|resultados? de aprendizaje",
    T.ARTICLE: "articulo original|original article|artigo original|research article|articulo de revision",
    T.THESIS: "tesis (?:para|que para|de grado)|thesis submitted|trabajo de grado",
    T.LAW: "diario oficial|el congreso de (?:la|los)|decreta|se expide la ley|iniciativa de ley",
    T.BRIEF: "policy brief|nota de politica",
    T.FACTSHEET: "hoja informativa|fact sheet",
    T.BULLETIN: "boletin",
    T.REPORT: "informe|report",
}
"""What says so on the first page, the strongest first."""

OPENING = 18
"""Characters at most before the word that opens a title: "Segundo ", "National "."""


@dataclass(frozen=True)
class TypeSuggestion:
    type: str
    score: float
    evidence: Evidence


def _compiled(words: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(kind, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")) for kind, pattern in words.items()]


TITLE = _compiled(TITLE_WORDS)
PAGE = _compiled(PAGE_WORDS)
JOURNAL = [
    re.compile(r"(?<![^\W_])(?:abstract|resumen|resumo)(?![^\W_])"),
    re.compile(r"(?<![^\W_])(?:key ?words|palabras?[ -]clave|palavras[ -]chave)"),
    re.compile(r"(?<![^\W_])(?:issn|doi|received|recibido|recebido)(?![^\W_])"),
]
"""An article has all three on its first pages."""


def suggested(titles: Iterable[Passage], first: list[Passage]) -> TypeSuggestion | None:
    """The type with the best reason: strong words of the first page, then the title, then weak words of the page."""
    found = [hit for title in titles if (hit := _in_title(title))]
    for passage in first[:FIRST_LINES]:
        if hit := _on_page(passage):
            found.append(hit)
    if journal := _in_journal(first):
        found.append(journal)
    return max(found, key=lambda hit: hit.score, default=None)


def _in_title(title: Passage) -> TypeSuggestion | None:
    folded = fold(title.text[:500])
    hits = [(hit.start(), -hit.end(), kind) for kind, pattern in TITLE if (hit := pattern.search(folded))]
    if not hits:
        return None
    start, end, kind = min(hits)
    return TypeSuggestion(kind, 0.9 if start <= OPENING else 0.5, title.evidence([(start, -end)]))


def _on_page(passage: Passage) -> TypeSuggestion | None:
    folded = fold(passage.text)
    for rank, (kind, pattern) in enumerate(PAGE):
        if hit := pattern.search(folded):
            strong = kind in (T.TRAINING, T.ARTICLE, T.THESIS)
            score = 0.95 if strong and passage.page == 1 else 0.55 if strong else 0.45 - rank / 100
            return TypeSuggestion(kind, score, passage.evidence([hit.span()]))
    return None


def _in_journal(first: list[Passage]) -> TypeSuggestion | None:
    hits = [
        next(((passage, hit) for passage in first if (hit := sign.search(fold(passage.text)))), None)
        for sign in JOURNAL
    ]
    if any(hit is None for hit in hits):
        return None
    passage, hit = hits[1]
    evidence = passage.evidence([hit.span()])
    return TypeSuggestion(T.ARTICLE, 0.92, Evidence(evidence.sentence, evidence.marks, Place.FIRST, passage.page))

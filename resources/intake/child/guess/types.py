"""What sort of work it is, where its title or its first pages say so in the usual words."""

import re

from .words import plain

COURSE = re.compile(
    r"\b(?:componente formativo|actividad didactica|programa de formacion|resultados? de aprendizaje|curso virtual"
    r"|training (?:course|module|manual)|learning objectives)\b"
)
# By the first words of the title.
NAMED = {
    "treaty": r"(?:(?:la|the) )?(?:convencion|convenio|pacto internacional|tratado|declaracion universal"
    r"|protocolo facultativo|convention|covenant|treaty|universal declaration|optional protocol)\b",
    "law": r"(?:ley|reglamento|codigo|decreto|acuerdo (?:general|gubernativo|ministerial|numero)|constitucion"
    r"|resolucion)\b|(?:\w+ ){0,4}(?:act|code|regulations?)(?: of)? (?:19|20)\d\d\b",
    "policy": r"(?:politica|plan|estrategia) (?:nacional|publica|regional|institucional)\b"
    r"|national (?:policy|plan|strategy)\b",
    "report": r"(?:informe|reporte|report|memoria anual|annual report|evaluation|evaluacion|estadisticas|estimates"
    r"|trends)\b",
    "bulletin": r"(?:boletin|bulletin|newsletter)\b",
    "guideline": r"(?:guia|manual|guidelines?|handbook|lineamientos)\b",
    "protocol": r"(?:protocolo|protocol)\b",
}
PATTERNS = {name: re.compile(pattern) for name, pattern in NAMED.items()}
ABSTRACT = re.compile(r"^\W*(?:abstract|resumen|resumo)\b", re.MULTILINE)
KEYWORDS = re.compile(r"^\W*(?:key ?words|palabras?[- ]clave|palavras[- ]chave|descriptores)\b", re.MULTILINE)


def find_type(title: str, pages: list[str], doi: str, kind: str) -> str:
    """A `Resource.Type`, or "" where nothing says so. `kind` is that of the file."""
    if kind == "pptx":
        return "presentation"
    head = plain("\n".join(pages[:2]))
    if COURSE.search(head):
        return "training"
    opening = plain(title)
    for name, pattern in PATTERNS.items():
        if pattern.match(opening):
            return name
    return "article" if KEYWORDS.search(head) and (ABSTRACT.search(head) or doi) else ""

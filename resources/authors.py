"""Who signs a document: telling a body from a person by its name."""

import re

from resources.models import Author

BODY = re.compile(
    r"\b(ministerios?|ministry|secretar[ií]as?|department|departamento|organi[sz]aci[oó]n|organi[sz]ation|"
    r"universidad|university|instituto|institute|comisi[oó]n|commission|comit[eé]|committee|congreso|congress|asamblea|assembly|"
    r"c[aá]mara|gobierno|government|fondo|fund|fundaci[oó]n|foundation|agencia|agency|oficina|office|red|network|"
    r"consejo|council|poder|programa|programme|naciones|nations|servicio|service|centro|center|centre|cruz|"
    r"asociaci[oó]n|association|presidencia|corte|tribunal|direcci[oó]n|equipo|team|grupo|group|unidad|banco|bank|conferencia)\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"[A-ZÁÉÍÓÚÑ]{2,}(?:[-/][A-ZÁÉÍÓÚÑ]{2,})*")


def kind_of(name: str) -> str:
    """Body for a name with a body's word in it and for an acronym, else person. A guess: the form lets correct it."""
    return Author.Kind.BODY if BODY.search(name) or ACRONYM.fullmatch(name.strip()) else Author.Kind.PERSON

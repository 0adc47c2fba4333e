"""A list brought in, and what its lines say."""

from network.models import Organisation, User
from resources import importing
from resources.models import Gathered, Gathering

Outcome, Decision, State = Gathered.Outcome, Gathered.Decision, Gathering.State

ONE = {"titles": {"es": "Salud en la ruta"}, "year": 2021, "key": "a", "language": "es", "authors": ("Paz, Ana",)}
TWO = {"titles": {"es": "Ley de migración"}, "year": 2019, "key": "b", "language": "es", "type": "law"}


def bring(data: bytes, organisation: Organisation, by: User | None = None, name: str = "lista.csv") -> Gathering:
    return importing.preview(data, name, organisation=organisation, by=by)


def outcomes(gathering: Gathering) -> list[str]:
    return [line.outcome for line in gathering.lines.all()]

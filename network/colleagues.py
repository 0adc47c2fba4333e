"""With whom somebody works: those with an account and a role, and those who are only recorded."""

from dataclasses import dataclass, field

from network import roles
from network.models import Affiliation, Invitation, Organisation, Role, User

SHOWN = 100


@dataclass
class Colleague:
    """A person and the roles they hold for an organisation."""

    name: str
    organisation: Organisation
    user: User | None = None
    roles: list[Role] = field(default_factory=list)
    affiliation: Affiliation | None = None


def of(user: User) -> list[Colleague]:
    """The others of this person's organisations, by name. In two queries."""
    mine = [*user.organisations, *user.resting_organisations]
    return [one for one in _in(mine) if one.user != user][:SHOWN]


def page(organisation: Organisation) -> dict[str, object]:
    """What the organisation's own page shows of its people."""
    people = _in([organisation])
    managers = [role for one in people for role in one.roles if role.kind == Role.Kind.MANAGER]
    invited = Invitation.objects.unanswered().filter(organisation=organisation, kind__in=roles.OF_AN_ORGANISATION)
    return {
        "organisation": organisation,
        "colleagues": people,
        "managers": len(managers),
        "invited": invited.select_related("invited_by")[:SHOWN],
    }


def _in(organisations: list[Organisation]) -> list[Colleague]:
    held = Role.objects.open().filter(organisation__in=organisations, kind__in=roles.OF_AN_ORGANISATION)
    found: dict[tuple[int, int], Colleague] = {}
    for role in held.filter(user__is_active=True).select_related("user", "organisation").order_by("user__name", "kind"):
        key = (role.user_id, role.organisation_id)
        found.setdefault(key, Colleague(role.user.name, role.organisation, user=role.user)).roles.append(role)
    recorded = Affiliation.objects.current().filter(organisation__in=organisations)
    others = []
    for row in recorded.select_related("person", "organisation").order_by("person__name"):
        known = found.get((row.person.user_id, row.organisation_id))
        if known:
            known.affiliation = row
        else:
            others.append(Colleague(str(row.person), row.organisation, affiliation=row))
    return sorted([*found.values(), *others], key=lambda one: one.name.casefold())

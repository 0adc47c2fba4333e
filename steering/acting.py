"""Who is written to for an organisation, and may answer for it by the link of a letter, without an account."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from network.models import Affiliation, Person, Role
from steering import outbox


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    language: str
    person: Person | None = None


def people_of(organisations: Collection[int]) -> dict[int, list[Recipient]]:
    """By organisation its focal points and managers of today; in two queries for any number of them."""
    found: dict[int, list[Recipient]] = defaultdict(list)
    posts = Affiliation.objects.current().filter(organisation__in=organisations, is_focal_point=True)
    for post in posts.select_related("person__user"):
        found[post.organisation_id].append(as_recipient(post.person))
    kind = Role.Kind.MANAGER
    managers = Role.objects.in_force().filter(organisation__in=organisations, kind=kind, user__is_active=True)
    for role in managers.select_related("user"):
        user = role.user
        found[role.organisation_id].append(Recipient(str(user), user.email.lower(), user.language))
    return found


def as_recipient(person: Person) -> Recipient:
    return Recipient(str(person), outbox.address_of(person), person.language, person)


def each_once(people: Collection[Recipient]) -> list[Recipient]:
    """One for each address, the first who has it; nobody without one."""
    return list({one.email: one for one in reversed([*people]) if one.email}.values())

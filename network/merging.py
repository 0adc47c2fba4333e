"""
One organisation becomes part of another: whatever names it names the other from then on.

The network knows no documents, seats or activities, yet nothing of them may be left behind. So every relation that
points to an organisation is found in the models themselves and moved; a room registers a rule of its own where moving
is not enough. A test goes through all relations and fails for one that needs a rule and has none.
"""

from collections.abc import Callable

from django.db import models, transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Invitation, Membership, Organisation, Role, User
from portal.core import audit

Rule = Callable[[Organisation, Organisation], None]
_rules: dict[str, Rule] = {}


@audit.register
class Verb(models.TextChoices):
    MERGED = "organisation_merged", gettext_lazy("Organisation merged into another")


class NotPossible(Exception):
    """These two can't be merged (any more); the text says why."""


def rule(relation: str) -> Callable[[Rule], Rule]:
    """Register what becomes of rows that name the old organisation by this relation: "room.Model.field"."""

    def register(follow: Rule) -> Rule:
        _rules[relation] = follow
        return follow

    return register


def relations() -> dict[str, ForeignObjectRel]:
    """Every relation to an organisation, of all rooms; that of organisations already merged is not among them."""
    every = Organisation._meta.get_fields(include_hidden=True)
    found = [field for field in every if field.auto_created and field.is_relation and not field.concrete]
    keys = [relation for relation in found if not relation.many_to_many]  # their tables are among the others
    named = {f"{one.related_model._meta.label}.{one.field.name}": one for one in keys}
    return {name: one for name, one in named.items() if one.related_model is not Organisation}


def has_rule(relation: str) -> bool:
    return relation in _rules


@transaction.atomic
def merge(organisation: Organisation, *, into: Organisation, by: User | None, reason: str) -> None:
    """
    Make this organisation part of another one, for good; its old address leads there. Raises `NotPossible`.

    Its name stays in the record and on the other's page. Two that press at once merge once.
    """
    held = Organisation.objects.select_for_update().order_by("pk").in_bulk([organisation.pk, into.pk])
    old, new = held[organisation.pk], held[into.pk]
    if old == new:
        raise NotPossible(_("An organisation can't become part of itself."))
    if old.merged_into_id or new.merged_into_id:
        raise NotPossible(_("One of the two has already become part of another organisation."))
    Organisation.objects.filter(merged_into=old).update(merged_into=new)
    old.merged_into = new
    old.save(update_fields=["merged_into"])  # before the rest: what is frozen otherwise lets this very change pass
    for name, relation in relations().items():
        follow = _rules.get(name) or _moving(relation)
        follow(old, new)
    organisation.refresh_from_db()
    audit.record(Verb.MERGED, old, by=by, reason=reason, after=new.slug)
    audit.record(Verb.MERGED, new, by=by, reason=reason, before=old.slug)


def _moving(relation: ForeignObjectRel) -> Rule:
    """The rule for all that is simply the other's from now on."""
    name = relation.field.name

    def move(old: Organisation, new: Organisation) -> None:
        relation.related_model._base_manager.filter(**{name: old}).update(**{name: new})

    return move


# --- What needs more than that ---------------------------------------------------------------------------------------


@rule("network.Membership.organisation")
def memberships(old: Organisation, new: Organisation) -> None:
    """Spans the other does not cover become its own; the others end and stay with the old name, as its history."""
    reason = _("Became part of %(name)s.") % {"name": new}
    for held in old.memberships.order_by("since"):
        moved = Membership(organisation=new, since=held.since, until=held.until, pk=held.pk)
        if not Membership.objects.overlapping(moved).exists():
            Membership.objects.filter(pk=held.pk).update(organisation=new)
        elif not held.is_over:
            last = max(held.since, timezone.localdate())
            ended = {"state": Membership.State.ENDED, "until": last, "state_reason": reason}
            Membership.objects.filter(pk=held.pk).update(**ended)


@rule("network.Role.organisation")
def roles(old: Organisation, new: Organisation) -> None:
    """Somebody who already has the same role there since the same day has it once, for the longer of the two."""
    for role in old.roles.all():
        same = Role.objects.filter(organisation=new, user=role.user_id, kind=role.kind, since=role.since)
        if not same.exists():
            Role.objects.filter(pk=role.pk).update(organisation=new)
            continue
        ends = [role.until, same.get().until]
        same.update(until=None if None in ends else max(ends))
        role.delete()


@rule("network.Organisation_countries.organisation")
def countries(old: Organisation, new: Organisation) -> None:
    new.countries.add(*old.countries.all())


@rule("network.Invitation.organisation")
def offers(old: Organisation, new: Organisation) -> None:
    """Whoever is invited to the same role in both keeps the other's invitation; that of the old one is withdrawn."""
    for offer in old.invitations.unanswered():
        if Invitation.objects.unanswered().filter(organisation=new, email=offer.email, kind=offer.kind).exists():
            Invitation.objects.filter(pk=offer.pk).update(revoked_at=timezone.now())
    old.invitations.update(organisation=new)

"""Who may do what, from when to when: given, changed and ended here alone, with an entry of the record for each."""

from datetime import date

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, Role, User
from portal.core import audit
from portal.core.refused import Refused

Kind = Role.Kind
OF_AN_ORGANISATION = [Kind.CONTRIBUTOR, Kind.MANAGER]
"""What managers give to their colleagues."""

audit.register_states(Kind)


@audit.register
class Verb(models.TextChoices):
    GIVEN = "role-given", gettext_lazy("Role given")
    CHANGED = "role-changed", gettext_lazy("Dates of a role changed")
    ENDED = "role-ended", gettext_lazy("Role ended")


class LastManager(Refused):
    """An organisation would be left without anybody who manages it."""


def may_decide(kind: str, organisation: Organisation | None, by: User | None) -> bool:
    """
    Administrators decide on every role, coordinators on all but an administrator's, managers within their organisation.

    Nobody (None) is the portal itself: commands, and whoever runs them.
    """
    if by is None or by.is_superuser:
        return True
    if by.is_coordinator:
        return kind != Kind.ADMINISTRATOR
    return kind in OF_AN_ORGANISATION and organisation is not None and organisation in managed_by(by)


def kinds_to_give(by: User) -> list[str]:
    """The kinds of role this person can give to somebody, of whichever organisation."""
    if by.is_superuser:
        return list(Kind)
    return [kind for kind in Kind if kind != Kind.ADMINISTRATOR] if by.is_coordinator else OF_AN_ORGANISATION


def managed_by(user: User) -> QuerySet[Organisation]:
    """Organisations whose profile and people this person looks after: a manager their own, a coordinator all."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    if user.is_coordinator:
        return Organisation.objects.all()
    own = [role.organisation_id for role in user.roles_in_force if role.kind == Kind.MANAGER]
    return Organisation.objects.filter(pk__in=own)


def managers_of(organisation: Organisation) -> QuerySet[Role]:
    """Today's roles of those who manage it; an account that is closed manages nothing."""
    return Role.objects.in_force().filter(organisation=organisation, kind=Kind.MANAGER, user__is_active=True)


# --- Giving ----------------------------------------------------------------------------------------------------------


def check(role: Role, *, by: User | None) -> None:
    """Raises `Refused` or Django's own ValidationError for a new role that can't be."""
    if not may_decide(role.kind, role.organisation, by):
        raise Refused(_("You can't give this role."))
    if not role.user.is_active:
        raise Refused(_("This account is closed: nobody can act with it."))
    if role.kind == Kind.ADMINISTRATOR and role.organisation:
        raise Refused(_("An administrator looks after the whole portal: leave the organisation empty."))
    if role.organisation and role.organisation.has_left:
        sentence = _("%(name)s no longer belongs to the network: nobody can begin to act for it.")
        raise Refused(sentence % {"name": role.organisation.short_name})
    role.full_clean(validate_unique=False, validate_constraints=False)
    role.validate_constraints(exclude=["user"])  # whether the person has it already is asked below, by what is open
    if _held(role).exists():
        raise Refused(_("This person already has this role."))


def _held(role: Role) -> QuerySet[Role]:
    """Open roles of the same person, of this kind and for the same organisation."""
    same = Role.objects.open().filter(user=role.user, kind=role.kind, organisation=role.organisation)
    return same.exclude(pk=role.pk)


@transaction.atomic
def give(
    user: User,
    kind: str,
    *,
    by: User | None,
    organisation: Organisation | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Role:
    """Let somebody act in this role. Raises `Refused` when `by` may not give it or the person has it already."""
    role = Role(user=user, kind=kind, organisation=organisation, since=since or timezone.localdate(), until=until)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two clicks, the second is told
    check(role, by=by)
    ended = Role.objects.filter(user=user, kind=kind, organisation=organisation, since=role.since).first()
    if ended:  # given, ended and given again on one day
        role.pk = ended.pk
    role.save(force_update=bool(ended))
    _record(Verb.GIVEN, role, by=by, after=kind)
    return role


def _record(verb: str, role: Role, *, by: User | None, **words: str) -> None:
    about = role.organisation or role.user
    audit.record(verb, about, by=by, whom=role.user, **words)
    role.user.__dict__.pop("roles_in_force", None)  # what this request read before


# --- Changing and ending ---------------------------------------------------------------------------------------------


def check_dates(role: Role, *, since: date, until: date | None, by: User | None) -> None:
    """Raises `Refused` or Django's own ValidationError for dates that a role can't have."""
    if not may_decide(role.kind, role.organisation, by):
        raise Refused(_("You can't change this role."))
    if until is not None and until <= timezone.localdate():
        _refuse_to_leave_nobody(role)
    dated = Role(user=role.user, kind=role.kind, organisation=role.organisation, since=since, until=until)
    dated.validate_constraints(exclude=["user"])


@transaction.atomic
def change_dates(role: Role, *, since: date, until: date | None, by: User | None) -> None:
    """Another first or last day. A last day that is over ends the role, with the same rules as `end`."""
    old = _locked(role)
    if old is None or (old.since, old.until) == (since, until):
        return
    check_dates(old, since=since, until=until, by=by)
    before, old.since, old.until = old.until, since, until
    old.save(update_fields=["since", "until"])
    _record(Verb.CHANGED, old, by=by, before=_last_day(before), after=_last_day(until))


def _last_day(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def end(role: Role, *, by: User | None, successor: User | None = None, reason: str = "") -> bool:
    """
    End a role now: one's own, or one that `by` decides on. False when it had ended already.

    The last manager of an organisation goes only when a `successor` becomes one; raises `LastManager` otherwise.
    """
    held = _locked(role)
    if held is None:
        return False
    is_own = by is not None and held.user_id == by.pk
    if not is_own and not may_decide(held.kind, held.organisation, by):
        raise Refused(_("You can't end this role."))
    if successor and held.kind == Kind.MANAGER:
        _succeed(held, successor, by=by)
    _refuse_to_leave_nobody(held)
    now, today = timezone.now(), timezone.localdate()
    Role.objects.filter(pk=held.pk).update(ended_at=now, until=max(held.since, min(held.until or today, today)))
    _record(Verb.ENDED, held, by=by, before=held.kind, reason=reason)
    role.user.__dict__.pop("roles_in_force", None)
    return True


def _locked(role: Role) -> Role | None:
    """The role as it stands, held with its organisation, so that two managers can't leave at once; None if it ended."""
    if role.organisation_id:
        Organisation.objects.select_for_update(no_key=True).get(pk=role.organisation_id)
    elif role.kind == Kind.ADMINISTRATOR:
        list(Role.objects.select_for_update(no_key=True).filter(kind=Kind.ADMINISTRATOR).order_by("pk"))
    return Role.objects.open().select_related("user", "organisation").filter(pk=role.pk).first()


def _refuse_to_leave_nobody(role: Role) -> None:
    if role.kind == Kind.MANAGER and is_last_manager(role):
        raise LastManager(
            _("%(name)s is the only one who manages %(organisation)s. Please name somebody else first.")
            % {"name": role.user, "organisation": role.organisation.short_name}
        )
    if role.kind == Kind.ADMINISTRATOR:
        others = Role.objects.in_force().filter(kind=Kind.ADMINISTRATOR, user__is_active=True)
        if not others.exclude(user=role.user).exists():
            raise Refused(_("The portal needs an administrator. Please give the role to somebody else first."))


def is_last_manager(role: Role) -> bool:
    """Is this the only manager of the organisation today?"""
    managers = managers_of(role.organisation)
    return managers.filter(pk=role.pk).exists() and not managers.exclude(user=role.user_id).exists()


def successors(role: Role, by: User) -> QuerySet[User]:
    """Who can take over: a colleague of the same organisation, and for a coordinator anybody with an account."""
    others = User.objects.filter(is_active=True).exclude(pk=role.user_id)
    if by.is_coordinator:
        return others
    colleagues = Role.objects.in_force().filter(organisation=role.organisation, kind__in=OF_AN_ORGANISATION)
    return others.filter(pk__in=colleagues.values("user"))


def _succeed(role: Role, successor: User, *, by: User | None) -> None:
    if by is not None and not successors(role, by).filter(pk=successor.pk).exists():
        raise Refused(_("Please choose a colleague of the same organisation."))
    if not managers_of(role.organisation).filter(user=successor).exists():
        give(successor, Kind.MANAGER, organisation=role.organisation, by=by)

"""What the portal holds about somebody: shown to them, given to them, and emptied when they ask for it."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import roles
from network.models import Absence, Affiliation, Duty, Invitation, Person, Role, User
from portal.core import audit
from portal.core.models import AuditEntry

Row = tuple[object, ...]


@audit.register
class Verb(models.TextChoices):
    ERASED = "account-erased", gettext_lazy("Account and contacts erased")
    CONTACTS_ERASED = "contacts-erased", gettext_lazy("Contacts erased")
    TAKEN_HOME = "data-downloaded", gettext_lazy("Own data downloaded")


@dataclass(frozen=True)
class Part:
    """One kind of thing that is held about somebody, as rows under these columns."""

    code: str
    label: str | Promise
    columns: dict[str, str | Promise]
    rows: Callable[[User], list[Row]]

    def held(self, user: User) -> list[dict[str, object]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows(user)]


PARTS: list[Part] = []


def part(
    code: str, label: str | Promise, **columns: str | Promise
) -> Callable[[Callable[[User], list[Row]]], Callable[[User], list[Row]]]:
    """Register what a room holds about people. Rows never name anybody else."""

    def register(rows: Callable[[User], list[Row]]) -> Callable[[User], list[Row]]:
        PARTS.append(Part(code, label, columns, rows))
        return rows

    return register


# --- What this room holds --------------------------------------------------------------------------------------------


@part(
    "account",
    gettext_lazy("Account"),
    name=gettext_lazy("name"),
    email=gettext_lazy("e-mail"),
    language=gettext_lazy("language"),
    since=gettext_lazy("since"),
    last_sign_in=gettext_lazy("last sign-in"),
)
def _account(user: User) -> list[Row]:
    return [(user.name, user.email, user.language, user.date_joined, user.last_login)]


@part(
    "contacts",
    gettext_lazy("Contacts"),
    title=gettext_lazy("form of address"),
    name=gettext_lazy("name"),
    email=gettext_lazy("e-mail"),
    phone=gettext_lazy("telephone"),
    public_since=gettext_lazy("public since"),
)
def _contacts(user: User) -> list[Row]:
    return list(Person.objects.filter(user=user).values_list("title", "name", "email", "phone", "consent_public"))


@part(
    "roles",
    gettext_lazy("Roles"),
    role=gettext_lazy("role"),
    organisation=gettext_lazy("organisation"),
    since=gettext_lazy("since"),
    until=gettext_lazy("until"),
)
def _roles(user: User) -> list[Row]:
    held = Role.objects.filter(user=user).select_related("organisation").order_by("since", "pk")
    return [(r.get_kind_display(), str(r.organisation or _("the whole portal")), r.since, r.until) for r in held]


@part(
    "affiliations",
    gettext_lazy("Organisations"),
    organisation=gettext_lazy("organisation"),
    job_title=gettext_lazy("position held"),
    since=gettext_lazy("since"),
    until=gettext_lazy("until"),
)
def _affiliations(user: User) -> list[Row]:
    held = Affiliation.objects.filter(person__user=user).select_related("organisation")
    return [(str(a.organisation), a.job_title, a.since, a.until) for a in held]


@part("absences", gettext_lazy("Absences"), since=gettext_lazy("from"), until=gettext_lazy("to"))
def _absences(user: User) -> list[Row]:
    return list(Absence.objects.filter(user=user).values_list("since", "until"))


@part(
    "duties",
    gettext_lazy("Work at the shared desk"),
    what=gettext_lazy("what"),
    about=gettext_lazy("about"),
    done=gettext_lazy("done"),
)
def _duties(user: User) -> list[Row]:
    mine = Duty.objects.filter(Q(taken_by=user) | Q(done_by=user))
    return [(duty.label, duty.about_name, duty.done_at) for duty in mine]


@part(
    "invitations",
    gettext_lazy("Invitations"),
    role=gettext_lazy("role"),
    organisation=gettext_lazy("organisation"),
    email=gettext_lazy("e-mail"),
    sent=gettext_lazy("last sent"),
    state=gettext_lazy("state"),
)
def _invitations(user: User) -> list[Row]:
    theirs = Invitation.objects.filter(Q(email=user.email) | Q(accepted_by=user)).select_related("organisation")
    return [(i.kind_label, str(i.organisation or _("the whole portal")), i.email, i.sent_at, i.state) for i in theirs]


@part(
    "sessions",
    gettext_lazy("Signed in"),
    device=gettext_lazy("device"),
    address=gettext_lazy("network address"),
    since=gettext_lazy("since"),
    last_seen=gettext_lazy("last seen"),
)
def _sessions(user: User) -> list[Row]:
    return list(UserSession.objects.filter(user=user).values_list("user_agent", "ip", "created_at", "last_seen_at"))


@part(
    "second_factors",
    gettext_lazy("Second factor"),
    kind=gettext_lazy("kind"),
    since=gettext_lazy("since"),
    last_used=gettext_lazy("last used"),
)
def _second_factors(user: User) -> list[Row]:
    """That there is one, not its secret."""
    return [
        (one.get_type_display(), one.created_at, one.last_used_at) for one in Authenticator.objects.filter(user=user)
    ]


ABOUT_PEOPLE = [model._meta.label_lower for model in (User, Person, Role, Affiliation)]


@part(
    "record",
    gettext_lazy("Record of changes"),
    at=gettext_lazy("at"),
    what=gettext_lazy("what"),
    yours=gettext_lazy("your part"),
    about=gettext_lazy("about"),
    reason=gettext_lazy("reason"),
)
def _entries(user: User) -> list[Row]:
    return [_entry(entry, user) for entry in _mine(user)]


def _mine(user: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(Q(by=user) | Q(whom=user))


def _entry(entry: AuditEntry, user: User) -> Row:
    """Who else took part stays out, and so does what was written to or about them."""
    yours = _("done by you") if entry.by_id == user.pk else _("concerns you")
    names_another = entry.about_type in ABOUT_PEOPLE and entry.about_key != str(user.pk)
    concerns_another = entry.whom_id not in (None, user.pk)
    about = "" if names_another else entry.about_name
    reason = "" if names_another or concerns_another else entry.reason
    return (entry.at, audit.label(entry.verb), yours, about, reason)


# --- Taking it home, and having it erased ----------------------------------------------------------------------------


def everything(user: User) -> dict[str, object]:
    """All of it, for a machine to read: {part: [row, …]}."""
    audit.record(Verb.TAKEN_HOME, user, by=user, whom=user)
    return {one.code: one.held(user) for one in PARTS}


@transaction.atomic
def erase(user: User, *, by: User, reason: str = "") -> None:
    """
    Empty the account and the contacts for good: nobody can sign in, nothing leads to the person any more.

    The name remains in records, and what was handed in stays where it is. Raises `roles.Refused` for somebody else's
    account unless `by` is an administrator, and while the person is the last who manages an organisation.
    """
    if user.pk != by.pk and not by.is_superuser:
        raise roles.Refused(_("Only an administrator can erase somebody else's account."))
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not held.is_active and held.email.endswith(NOWHERE):
        return
    for role in Role.objects.open().filter(user=held).select_related("organisation", "user"):
        roles.end(role, by=by, reason=reason)
    audit.record(Verb.ERASED, held, by=by, whom=held, reason=reason)
    for person in Person.objects.filter(user=held):
        _empty(person)
    Duty.objects.open().filter(taken_by=held).update(taken_by=None)
    Absence.objects.filter(user=held).delete()
    _close(held)
    held.email, held.is_active, held.last_login = f"{held.pk}{NOWHERE}", False, None
    held.set_unusable_password()
    held.save()


NOWHERE = "@erased.invalid"
"""Where no letter arrives (RFC 2606)."""


@transaction.atomic
def erase_contacts(person: Person, *, by: User, reason: str) -> None:
    """The same for somebody without an account. Raises `roles.Refused`; a second click finds it done."""
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if held.user_id:
        raise roles.Refused(_("This person has an account: erase it there."))
    if held.is_emptied:
        return
    _empty(held)
    audit.record(Verb.CONTACTS_ERASED, held, by=by, reason=reason)


def _empty(person: Person) -> None:
    person.email = person.phone = ""
    person.consent_public = None
    person.archived_at = person.archived_at or timezone.now()
    person.save()
    today = timezone.localdate()
    for affiliation in Affiliation.objects.filter(person=person, until__isnull=True):
        affiliation.until = max(today, affiliation.since or today)
        affiliation.save(update_fields=["until"])


def _close(user: User) -> None:
    """Nobody is signed in any more, on any device; addresses, second factors and invitations of theirs are gone."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for rows in (EmailAddress, Authenticator):
        rows.objects.filter(user=user).delete()
    theirs = Invitation.objects.filter(Q(email=user.email) | Q(accepted_by=user))
    theirs.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())
    theirs.update(email=f"{user.pk}{NOWHERE}")

"""Persons and what they let be known about them."""

from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Affiliation, Organisation, Person, Role, User
from network.roles import OF_AN_ORGANISATION
from portal.core import audit


@audit.register
class Verb(models.TextChoices):
    RECORDED = "person-recorded", _("Person recorded")
    LEFT = "person-left", _("Person no longer with the organisation")
    CONSENTED = "contacts-public", _("Contacts made public")
    WITHDREW = "contacts-private", _("Contacts made private")


def person_of(user: User) -> Person:
    """Who stands behind an account; not saved yet as long as nobody has written anything down."""
    return Person.objects.filter(user=user).first() or Person(user=user, name=user.name, language=user.language)


def follow(user: User) -> None:
    """The account has another name or language now: so has the person."""
    Person.objects.filter(user=user).update(name=user.name, language=user.language)


def link(user: User) -> None:
    """Somebody who was recorded without an account has one now: the same address, nobody else's."""
    if not Person.objects.filter(user=user).exists():
        known = Person.objects.active().filter(user__isnull=True, email__iexact=user.email).order_by("pk")
        Person.objects.filter(pk__in=known.values("pk")[:1]).update(user=user)


def public_contacts(organisation: Organisation) -> list[Person]:
    """Whom everybody may write to there, each with the current `posts`: with the person's consent, nobody else."""
    posts = Affiliation.objects.current().filter(organisation=organisation)
    acting = Role.objects.in_force().filter(organisation=organisation, kind__in=OF_AN_ORGANISATION)
    people = Person.objects.consenting().filter(Q(pk__in=posts.values("person")) | Q(user__in=acting.values("user")))
    return list(people.prefetch_related(Prefetch("affiliations", posts, to_attr="posts")).order_by("name"))


@transaction.atomic
def keep_contacts(user: User, *, title: str, email: str, phone: str, public: bool) -> Person:
    """What somebody writes about themselves; consent to publish counts from the day it was given."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person = person_of(user)
    had_consented = person.consent_public is not None
    person.title, person.email, person.phone = title, email, phone
    if public != had_consented:
        person.consent_public = timezone.localdate() if public else None
        audit.record(Verb.CONSENTED if public else Verb.WITHDREW, user, by=user, whom=user)
    person.save()
    return person


@transaction.atomic
def record(
    name: str,
    *,
    organisation: Organisation,
    by: User,
    job_title: str = "",
    is_focal_point: bool = False,
    **contacts: str,
) -> Affiliation:
    """Somebody of the organisation who has no account. A second click finds them recorded already."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    same = Affiliation.objects.current().filter(organisation=organisation, person__name=name, job_title=job_title)
    if known := same.filter(person__user__isnull=True).first():
        return known
    affiliation = Affiliation.objects.create(
        person=Person.objects.create(name=name, **contacts),
        organisation=organisation,
        job_title=job_title,
        is_focal_point=is_focal_point,
    )
    audit.record(Verb.RECORDED, affiliation, by=by)
    return affiliation


@transaction.atomic
def leaves(affiliation: Affiliation, *, by: User) -> None:
    """Today is the person's last day with the organisation. Their name stays wherever it stands."""
    today = timezone.localdate()
    last = max(today, affiliation.since) if affiliation.since else today
    open_ = Affiliation.objects.filter(pk=affiliation.pk).exclude(until__lte=last)
    if open_.update(until=last):
        audit.record(Verb.LEFT, affiliation, by=by)

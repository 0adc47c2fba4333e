"""The moment an applicant becomes a member: organisation, membership and invitation at once, or none of them."""

from datetime import date
from itertools import count

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from network import invitations, joining, membership
from network.models import Application, Membership, Organisation, Role, User
from network.models.organisation import NO_SLUGS

SLUG_LENGTH = 50


@transaction.atomic
def admit(
    application: Application,
    *,
    by: User,
    decision: str,
    decided_on: date,
    category: str,
    organisation: Organisation | None = None,
) -> Organisation:
    """
    Record that the committee admitted the applicant, who is a member from today on.

    `organisation` is one the portal knows already; without it a new one is made of the application. Raises
    `joining.WrongState` (also for the second of two at once), `joining.Conflicted` or `membership.Overlap`.
    """
    admitted = organisation or _organisation_of(application)
    joining.record_outcome(
        application,
        joining.Verb.ADMITTED,
        by=by,
        reason=_("Decision %(number)s") % {"number": decision},
        to=Application.State.ADMITTED,
        decision=decision,
        decided_on=decided_on,
        organisation=admitted,
    )
    since = timezone.localdate()
    begun = Membership(organisation=admitted, category=category, since=since, decision=decision, decided_on=decided_on)
    membership.begin(begun, by=by)
    invitations.invite(
        by=by,
        email=application.contact_email,
        name=application.contact_name,
        kind=Role.Kind.MANAGER,
        organisation=admitted,
        language=application.language,
    )
    return admitted


def _organisation_of(application: Application) -> Organisation:
    """The application's public part as an organisation, under a short name nobody has yet."""
    copied = ["name_es", "name_en", "acronym", "sector", "country", "website", "description_es", "description_en"]
    given = {field: getattr(application, field) for field in copied}
    base = slugify(application.acronym or application.name)[:SLUG_LENGTH].strip("-") or "organizacion"
    for number in count(1):
        slug = base if number == 1 else f"{base[: SLUG_LENGTH - 5]}-{number}"
        if slug in NO_SLUGS or Organisation.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                made = Organisation.objects.create(slug=slug, **given)
        except IntegrityError:
            if Organisation.objects.filter(slug=slug).exists():  # taken at this very moment
                continue
            raise
        made.countries.set(application.countries.all())
        return made

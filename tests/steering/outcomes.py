"""Policy outcomes for tests, and what shows them."""

from datetime import date

from django.utils import timezone

from network.models import Organisation
from resources.models import Resource
from steering.models import Decision, Evidence, Meeting, Period, PolicyOutcome, ProgressReport
from tests.steering import plans, room


def outcome(reported_by: Organisation | None = None, state: str = "reported", **fields: object) -> PolicyOutcome:
    given = {
        "actor_es": "Ministerio de Salud",
        "change_es": "La ley reconoce la atención de urgencia a toda persona migrante.",
        "contribution_es": "La Iniciativa presentó la evidencia y acompañó la redacción.",
        "kind": "law",
        "happened_on": date(2026, 5, 4),
        **fields,
    }
    row = PolicyOutcome(reported_by=reported_by or room.organisation(), state=state, **given)
    row.save()
    return row


def evidence(of: PolicyOutcome, verifier: Organisation | None = None, **fields: object) -> Evidence:
    """At an archived address, unless a document is given."""
    given = {"url": "" if "document" in fields else "https://web.archive.org/web/2026/https://example.org/ley"}
    verified = {"verifier": verifier, "verified_on": timezone.localdate(), "verifier_name": "Rosa"} if verifier else {}
    return Evidence.objects.create(outcome=of, **given | verified | fields)


def report(*documents: Resource, state: str = "approved", **fields: object) -> ProgressReport:
    """On the only activity of a plan in force."""
    version = plans.draft()
    terms = plans.activity(version, **fields)
    version = plans.in_force(version)
    given = {"period": Period.objects.filter(plan=version.plan).first(), "activity": terms.activity, "version": version}
    row = ProgressReport.objects.create(**given, organisation=terms.lead, state=state, narrative="Hecho")
    row.documents.set(documents)
    return row


def meeting(visibility: str = "public") -> Meeting:
    """Held, its item for these readers."""
    body = plans.committee()
    if not body.seats.exists():
        room.filled(body)
    held = room.held(room.convened(body, day="2026-03-03"), 1)
    held.items.update(visibility=visibility)
    return held


def decision(of: Meeting | None = None, visibility: str = "public", **fields: object) -> Decision:
    """In force."""
    made = room.decision(of or meeting(visibility), visibility=visibility, **fields)
    Decision.objects.filter(pk=made.pk).update(state=Decision.State.IN_FORCE, ad_referendum=False)
    return Decision.objects.select_related("meeting__body", "item").get(pk=made.pk)

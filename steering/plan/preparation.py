"""The version of a plan that may be written into, held against everybody else."""

from django.utils.translation import gettext as _

from portal.core.refused import Refused
from steering.models import Plan, PlanVersion


def in_preparation(version: PlanVersion) -> PlanVersion:
    """
    The version as it stands, held until the transaction ends: nobody else writes into it or brings it on meanwhile.

    Raises `Refused` for one that is before the committee, in force or superseded.
    """
    Plan.objects.select_for_update().get(pk=version.plan_id)  # before its version, as everywhere: no two wait crosswise
    held = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__body").get(pk=version.pk)
    if held.state == PlanVersion.State.BEFORE_COMMITTEE:
        raise Refused(_("This version is before the committee. Take it back to change it."))
    if held.state != PlanVersion.State.DRAFT:
        raise Refused(_("This version was adopted: what it says is changed by the next version only."))
    return held

"""What this room puts on the shared desk of the coordination."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network import duty_kinds
from network.duty_kinds import DutyKind

ACCREDIT = duty_kinds.register(
    DutyKind(
        code="accredit",
        label=_("Look at somebody proposed for a seat"),
        address=lambda key: reverse("admin:steering_designation_change", args=[key]),
        days=3,
        for_coordinators=False,
    )
)

QUESTION = duty_kinds.register(
    DutyKind(
        code="action-question",
        label=_("Answer a question about an action item"),
        address=lambda key: reverse("admin:steering_actionitem_change", args=[key]),
        days=3,
        for_coordinators=False,
        by_hand=True,
    )
)

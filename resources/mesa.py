"""What the library gives to the first page of the admin. Documents to review are work of the shared desk already."""

from django.urls import reverse
from django.utils.translation import ngettext

from network.models import User
from portal.core.mesa import List, Row, lends
from resources.models import Gathered


@lends(List.WAITING)
def proposals(user: User) -> list[Row] | None:
    """Changes at harvested sources, as one row."""
    if not user.is_coordinator:
        return None
    number = Gathered.objects.decidable_by(user).count()
    said = ngettext(
        "%(n)d change at a source waits for a decision", "%(n)d changes at sources wait for a decision", number
    )
    return [Row(said % {"n": number}, reverse("admin:resources_source_proposals"))] if number else []

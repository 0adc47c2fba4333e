"""What the committee's pages say of its letters: whom a step will write to, and what has become of those written."""

from collections.abc import Callable, Iterable

from django.db.models import Model
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.steps import Step
from steering import invitations, rounds
from steering.models import Letter, Meeting
from steering.outbox import Reach

BY_STEP: dict[str, Callable[[Model], Reach]] = {
    "convene": invitations.reach,
    "move": invitations.reach_of_moving,
    "cancel": invitations.reach_of_cancelling,
    "call": invitations.reach_of_those_who_lack_one,
    "circulate": lambda record: rounds.reach(record.meeting),
    "send_again": rounds.reach_of_those_who_lack_one,
}


def reaches(step: Step, row: Model) -> str:
    """How many people a step writes to, and who can't be reached because no address is known."""
    reach_of = BY_STEP.get(step.name)
    if reach_of is None:
        return ""
    reach = reach_of(row)
    n = len(reach.written)
    said = ngettext("%(n)d person will be written to.", "%(n)d people will be written to.", n) % {"n": n}
    if not reach.silent:
        return said
    names = ", ".join(str(person) for person in reach.silent)
    return " ".join([said, _("No e-mail address is known of: %(names)s.") % {"names": names}])


def somebody_lacks_one(meeting: Meeting) -> bool:
    """Is somebody called to a convened meeting who can be written to and has no invitation?"""
    return meeting.state == Meeting.State.CONVENED and bool(invitations.reach_of_those_who_lack_one(meeting).written)


def in_words(letter: Letter) -> str:
    """What has become of it."""
    if letter.is_broken_off:
        return _("Broken off: nobody knows whether it left")
    if letter.sent_at:
        return f"{letter.get_state_display()} · {localize(localtime(letter.sent_at))}"
    return letter.get_state_display()


def listed(letters: Iterable[Letter]) -> SafeString:
    lines = ((letter.name, letter.get_kind_display(), in_words(letter)) for letter in letters)
    return format_html_join("", "{} · {} · {}<br>", lines)

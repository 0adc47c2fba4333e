"""What people look for again and again and nobody finds: work for the shared desk."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network import duties, duty_kinds
from network.duty_kinds import DutyKind
from network.models import Duty
from resources.models import Sought

TIMES = 3
"""As often within a month as makes it worth an answer."""

MOST = 50
"""No more at once: the most frequent come first, the others another night."""

RESTS = timedelta(days=180)
"""What somebody has answered is not asked again before."""

TYPE = Sought._meta.label_lower


def _search(key: str) -> str:
    return f"{reverse('resources:list')}?{urlencode({'q': key.partition(':')[2]})}"


ANSWER = duty_kinds.register(
    DutyKind(
        code="answer",
        label=_("Answer a search nobody found anything with"),
        address=_search,
        days=30,
        for_coordinators=False,
        by_hand=True,
    )
)


def put_on_the_desk() -> int:
    """Open what is new, close what finds something by now; returns how many were opened."""
    recent = Sought.objects.of_the_last(30)
    wanted = {
        f"{row['language']}:{row['words']}": row["words"]
        for row in recent.in_vain().by_words().filter(total__gte=TIMES)[:MOST]
    }
    waiting = set(Duty.objects.open().filter(kind=ANSWER.code).values_list("about_key", flat=True))
    found = _found_now({*wanted, *waiting})
    duties.close_about(ANSWER, TYPE, waiting & found, by=None)
    answered = Duty.objects.filter(kind=ANSWER.code, done_by__isnull=False, done_at__gt=timezone.now() - RESTS)
    settled = found | waiting | set(answered.values_list("about_key", flat=True))
    new = [(TYPE, key, f"“{words}”") for key, words in wanted.items() if key not in settled]
    duties.open_about(ANSWER, new)
    return len(new)


def _found_now(keys: set[str]) -> set[str]:
    """Those whose last search found something."""
    words = {key.partition(":")[2] for key in keys}
    last = {}
    for row in Sought.objects.of_the_last(30).filter(words__in=words).order_by("day"):
        last[f"{row.language}:{row.words}"] = row.results
    return {key for key in keys if last.get(key, 0)}

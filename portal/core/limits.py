"""How often somebody may try something. Kept in the cache for that long, and never in the clear."""

import time
from datetime import timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def allow(what: str, who: str, *, times: int, within: timedelta) -> bool:
    """
    Count one more try of `who` (an address of the network, an e-mail); True while it is one of the first `times`.

    Counted by fixed spans, so at the turn of one somebody may get twice as many: enough against robots.
    """
    seconds = int(within.total_seconds())
    value = f"{what}:{who.strip().lower()}:{int(time.time()) // seconds}"
    key = salted_hmac("limits", value, algorithm="sha256").hexdigest()
    tries = cache.get(key, 0) + 1
    cache.set(key, tries, seconds)
    return tries <= times

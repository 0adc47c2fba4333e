"""
Signed links: what somebody may do from an e-mail without an account.

A link names one purpose and one row; it opens nothing else. That it works once, or no longer, is for the row to say.
"""

from datetime import timedelta

from django.core import signing


class BrokenLink(Exception):
    """Not a link of ours, or one for another purpose: cut off by a mail program, or forged."""


class OldLink(BrokenLink):
    """A link of ours whose time is over."""


def token(purpose: str, key: int | str, *also: str) -> str:
    """A token for addresses (letters, digits, `-`, `_`, `:`). `also` binds it to a state, so that it dies with it."""
    return signing.dumps([str(key), *also], salt=f"link:{purpose}")


def read(purpose: str, token: str, *, valid: timedelta) -> list[str]:
    """The key and what else the token was made with. Raises `OldLink` or `BrokenLink`."""
    try:
        parts = signing.loads(token, salt=f"link:{purpose}", max_age=valid)
    except signing.SignatureExpired as error:
        raise OldLink from error
    except (signing.BadSignature, ValueError) as error:
        raise BrokenLink from error
    return parts

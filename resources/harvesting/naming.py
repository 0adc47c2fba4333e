"""A repository that somebody names on the desk: it becomes a source, and its harvest begins."""

from urllib.parse import urlsplit

from django.utils.text import slugify

from network.models import Organisation, User
from portal.core import outgoing
from resources import tasks
from resources.harvesting.running import begun, configured
from resources.intake import oai
from resources.models import Gathering, Source

QUICK = outgoing.Limits(size=4 * 1024 * 1024, seconds=5, read_seconds=5, retries=0)
"""Somebody waits for the page."""


def name(url: str, *, set: str, organisation: Organisation, by: User) -> Gathering:
    """
    What the harvest of this address fills from now on; the worker does it.

    An address that is a source already is harvested as that source, for its organisation. Raises `oai.Stopped` where
    no repository answers.
    """
    source = Source.objects.filter(url=url, set=set).first() or _new(url, set, organisation)
    gathering = begun(source, by=by)
    tasks.harvest_source.enqueue(source.pk, by.pk)
    return gathering


def _new(url: str, set: str, organisation: Organisation) -> Source:
    """Called what it calls itself."""
    host = urlsplit(url).hostname or url
    title = oai.identify(url, limits=QUICK).name.strip() or host
    source = Source(name=title[:200], slug=_free(slugify(title) or slugify(host)), url=url, set=set)
    source.organisation = organisation
    configured(source, [])
    return source


def _free(slug: str) -> str:
    taken = {*Source.objects.filter(slug__startswith=slug[:40]).values_list("slug", flat=True)}
    tries = [slug[:40], *(f"{slug[:40]}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)

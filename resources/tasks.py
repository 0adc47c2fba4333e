"""Slow work, done by the worker. Each task may run twice without harm."""

import logging

from django.conf import settings
from django.tasks import task

from resources import asked_in_vain, checking, duplicates, scratch, search, texts, tidying, use
from resources.models import File, Source

log = logging.getLogger(__name__)


@task
def read_file(file_pk: int) -> str:
    """Take the text out of every page of a file; returns how it went."""
    file = File.objects.select_related("resource").filter(pk=file_pk).first()
    if file is None:
        return "gone"  # taken off the work while it waited
    found = texts.read(file)
    texts.record(file, found)
    search.keep_up()
    return found.state.value


@task
def check_file(file_pk: int) -> int:
    """Find out what a file carries that readers should not get; returns how many findings."""
    file = File.objects.filter(pk=file_pk, findings__isnull=True).first()
    return len(checking.check(file)) if file else 0


@task
def index_works(pks: list[int]) -> int:
    """Let search see these works as they now stand; returns how many."""
    search.index(pks)
    search.keep_up()
    return len(pks)


@task
def keep_search_up() -> int:
    """What the index needs now and then, or all of it anew after an update of the portal; returns the works handled.

    And the sketches by which works are compared, of those that came in many at once.
    """
    return search.keep_up() + duplicates.remember_all()


@task
def harvest_source(source_pk: int, by_pk: int | None = None) -> str:
    """Take in what a source has new; returns how it went."""
    from network.models import User
    from resources import harvesting  # its actions enqueue the tasks above

    source = Source.objects.filter(pk=source_pk).first()
    if source is None:
        return "gone"
    try:
        gathering = harvesting.harvest(source, by=User.objects.filter(pk=by_pk).first())
    except harvesting.Busy:
        return "busy"
    search.keep_up()
    return gathering.state


@task
def harvest_sources() -> int:
    """Every source that is harvested by itself, one task each; returns how many. The settings say when."""
    pks = list(Source.objects.active().values_list("pk", flat=True))
    for pk in pks:
        harvest_source.enqueue(pk)
    return len(pks)


@task
def remind_asked() -> int:
    """Recall requests for consent that have waited long, once each; returns how many. The settings say when."""
    from resources import consent  # its actions enqueue the tasks above

    return consent.remind()


@task
def forget_asked() -> int:
    """Forget the addresses of requests for consent that are over; returns how many. The settings say when."""
    from resources import consent  # its actions enqueue the tasks above

    return consent.forget()


@task
def answer_searches() -> int:
    """Put what people look for and nobody finds on the shared desk; returns how much. The settings say when."""
    return asked_in_vain.put_on_the_desk()


@task
def fetch_mail() -> str:
    """Take in what members sent by e-mail; returns how it went. The settings say when, where there is a mailbox."""
    from resources.mailbox import fetching  # its actions enqueue the tasks above

    try:
        done = fetching.fetch(settings.MAIL_IN_URL)
    except fetching.NotReached as problem:
        log.error("The mailbox could not be read. %s", problem)
        return "not reached"
    except fetching.Busy:
        return "busy"
    return ", ".join(f"{number} {outcome.value}" for outcome, number in sorted(done.items()))


@task
def tidy_the_store() -> int:
    """Take away what kills left: stored bytes without a row, files of the moment; returns how many. The settings say
    when."""
    return tidying.sweep() + scratch.sweep()


@task
def fold_use() -> int:
    """Keep the numbers of readers small: a row a month of what is long over; returns the rows spared."""
    return use.fold()

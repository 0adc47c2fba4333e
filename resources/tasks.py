"""Slow work, done by the worker. Each task may run twice without harm."""

from django.tasks import task

from resources import checking, search, texts
from resources.models import File


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
    """What the index needs now and then, or all of it anew after an update of the portal; returns the works handled."""
    return search.keep_up()

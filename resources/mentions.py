"""Where a work is used outside the library, which knows no agendas and plans: other rooms say what they know."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from network.models import User
from portal.core.languages import Worded
from resources.models import Resource
from resources.models.resource import Reader


@dataclass(frozen=True)
class Mention:
    """One place: `row` has the page it leads to, where it has one; `words` say what it is about."""

    label: str
    row: Model
    words: Worded


@dataclass(frozen=True)
class Group:
    """Places of one kind."""

    title: str
    mentions: list[Mention]


Tell = Callable[[Resource, Reader], list[Group]]
_telling: list[Tell] = []


@dataclass(frozen=True)
class Page:
    """A page of another room on which somebody says something about a work."""

    label: str | Promise
    address: Callable[[Resource], str]
    offered: Callable[[User], bool]


_pages: list[Page] = []


def told_by(tell: Tell) -> Tell:
    """Register what tells where a work is used, as far as a reader may see, in a fixed number of queries."""
    _telling.append(tell)
    return tell


def offer(page: Page) -> None:
    _pages.append(page)


def of(resource: Resource, reader: Reader) -> list[Group]:
    """Every kind of place there is. One query for a work that nothing rests on, as most."""
    if not Resource.objects.filter(pk=resource.pk).cited().exists():
        return []
    return [group for tell in _telling for group in tell(resource, reader) if group.mentions]


def pages_for(resource: Resource, user: User) -> list[tuple[str, str]]:
    """Label and address of what other rooms offer to whoever looks after this work."""
    return [(str(page.label), page.address(resource)) for page in _pages if page.offered(user)]

"""What harvesters are told of the works that everybody may read, also after they are gone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from resources.models.resource import Resource
from resources.models.topic import Topic


class OfferedQuerySet(models.QuerySet["Offered"]):
    def told(self) -> Self:
        """In the order in which harvesters learn of them."""
        return self.filter(stamp__isnull=False).order_by("stamp", "number")

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """Both ends included."""
        rows = self.filter(stamp__gte=since) if since else self
        return rows.filter(stamp__lte=until) if until else rows

    def beyond(self, stamp: datetime, number: int) -> Self:
        """What follows this one; by a range first, which the index knows."""
        return self.filter(stamp__gte=stamp).filter(Q(stamp__gt=stamp) | Q(number__gt=number))

    def in_set(self, spec: str) -> Self:
        return self.filter(sets__spec=spec)

    def tell(self) -> None:
        """
        Give what has changed since somebody last asked its stamp: now.

        Not in the transaction of the change, whose moment lies before its end: a harvester that asks in between would
        never hear of it. Waits for nobody: what is being changed at this moment is told next time.
        """
        news = self.filter(stamp__isnull=True)
        if not news.exists():
            return
        with transaction.atomic():
            free = news.select_for_update(skip_locked=True).values("number")
            self.filter(number__in=free).update(stamp=timezone.now().replace(microsecond=0))

    def note(self, pks: Iterable[int]) -> None:
        """These works may have changed for everybody. Belongs into the transaction of the change."""
        pks = set(pks)
        shelf = Resource.objects.on_the_shelf_for(AnonymousUser()).select_related("organisation")
        works = list(shelf.filter(pk__in=pks).prefetch_related("countries", "topics"))
        self.filter(number__in=pks.difference(work.pk for work in works), gone=False).update(gone=True, stamp=None)
        if works:
            self._offer(works)

    def _offer(self, works: list[Resource]) -> None:
        numbers = sorted(work.pk for work in works)
        rows = [Offered(number=number, stamp=None, gone=False) for number in numbers]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["number"], update_fields=["stamp", "gone"])
        paths = paths_of_topics()
        OfferedIn.objects.filter(offered__in=numbers).delete()
        OfferedIn.objects.bulk_create(
            OfferedIn(offered_id=work.pk, spec=spec) for work in works for spec in sorted(set(specs_of(work, paths)))
        )


class Offered(models.Model):
    """
    A work that everybody may read, or could once. Rows are never deleted: harvesters have to hear what is gone.

    `number` is the work's, whether it still exists or not. `stamp`, in whole seconds, is when harvesters could first
    hear of its last change; None until one asks.
    """

    number = models.BigIntegerField(primary_key=True)
    stamp = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)

    objects = OfferedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["stamp", "number"], name="offered_in_order")]

    def __str__(self) -> str:
        return f"{self.number} · {self.stamp or ''}"


class OfferedIn(models.Model):
    """A set that an offered work is in; one that is gone stays where it was."""

    pk = models.CompositePrimaryKey("spec", "offered_id")
    spec = models.CharField(max_length=250)
    offered = models.ForeignKey(Offered, models.CASCADE, related_name="sets")

    def __str__(self) -> str:
        return self.spec


# --- Sets: by organisation, country and topic; a colon leads from the broader to the narrower ------------------------


def specs_of(work: Resource, paths: dict[int, str]) -> Iterator[str]:
    """Every set the work is in, the broader ones too."""
    own = [
        f"organisation:{work.organisation.slug}",
        *(f"country:{country.code}" for country in work.countries.all()),
        *(paths[topic.pk] for topic in work.topics.all() if topic.pk in paths),
    ]
    for spec in own:
        parts = spec.split(":")
        yield from (":".join(parts[: end + 1]) for end in range(len(parts)))


def paths_of_topics() -> dict[int, str]:
    """The set of each topic, which names the topics above it."""
    topics = {pk: (slug, parent) for pk, slug, parent in Topic.objects.values_list("pk", "slug", "parent_id")}

    def path(pk: int, below: frozenset[int] = frozenset()) -> str:
        slug, parent = topics[pk]
        above = path(parent, below | {pk}) if parent in topics and parent not in below else "topic"
        return f"{above}:{slug}"

    return {pk: path(pk) for pk in topics}

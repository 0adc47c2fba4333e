"""What works are compared by: a few numbers of each, that works which say the same have in common."""

from django.db import models

from resources.models.resource import Resource


class Likeness(models.Model):
    """One number of a work's sketch, computed from its titles or from the text of its files.

    The share of numbers two works have in common is the share of what they say in common (`duplicates.sketches`). All
    are computed again at will; nothing else hangs on them.
    """

    class Of(models.TextChoices):
        """What was sketched. The numbers of one are not those of another."""

        TEXT = "t"  # runs of words
        FIGURES = "f"  # runs of figures, the same in every language
        TITLE = "n"  # pairs of words of a title

    pk = models.CompositePrimaryKey("key", "resource_id")
    key = models.BigIntegerField()
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="+")
    of = models.CharField(max_length=1, choices=Of)

    def __str__(self) -> str:
        return f"{self.key} in {self.resource_id}"

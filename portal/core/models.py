from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mark(models.Model):
    """A fact about this very database, by name: for example that it holds the demo."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class NeverChanged(Exception):
    """A row of the record is neither changed nor deleted; the database refuses it too."""


class RecordQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **fields: object) -> int:
        raise NeverChanged

    def delete(self) -> tuple[int, dict[str, int]]:
        raise NeverChanged

    def about(self, row: models.Model) -> "RecordQuerySet":
        """What was done to this row."""
        return self.filter(about_type=row._meta.label_lower, about_key=str(row.pk))


class AuditEntry(models.Model):
    """One line of the record. Names stand as they were on the day, whatever becomes of the rows they name."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    verb = models.CharField(_("what"), max_length=60)
    about_type = models.CharField(_("kind of thing"), max_length=60)
    about_key = models.CharField(max_length=40)
    about_name = models.CharField(_("about"), max_length=200)
    # Without a constraint: the record does not hold an account back, and losing one does not rewrite the record.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("by"),
    )
    by_name = models.CharField(_("by"), max_length=200, blank=True)
    whom = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("whom"),
    )
    whom_name = models.CharField(_("whom"), max_length=200, blank=True)
    before = models.CharField(_("before"), max_length=60, blank=True)
    after = models.CharField(_("after"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("entry of the record")
        verbose_name_plural = _("record of changes")
        indexes = [models.Index(fields=["about_type", "about_key"], name="audit_about")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} · {self.verb} · {self.about_name}"

    def save(self, **options: object) -> None:
        if self.pk:
            raise NeverChanged
        super().save(**options)

    def delete(self, **options: object) -> tuple[int, dict[str, int]]:
        raise NeverChanged


class CachedValue(models.Model):
    """
    A row of the cache (`CACHES`), which every process of the portal shares without a further service.

    Here so that `migrate` makes the table and a test's rows end with the test; only Django's cache reads or writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cache"

    def __str__(self) -> str:
        return self.cache_key

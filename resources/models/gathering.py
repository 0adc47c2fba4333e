"""What was brought in together, line by line, and where each field of a work came from."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from resources.models.resource import Reader, Resource


class SourceQuerySet(models.QuerySet["Source"]):
    def active(self) -> Self:
        """Sources that are harvested by themselves."""
        return self.filter(active=True)


class Source(models.Model):
    """A repository that is harvested by OAI-PMH 2.0, and how far the last harvest came."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), unique=True)
    url = models.URLField(_("address of its OAI-PMH interface"), max_length=500)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="sources", verbose_name=_("its documents are contributed by")
    )
    prefix = models.CharField(_("metadata format"), max_length=50, default="oai_dc")
    set = models.CharField(_("set"), max_length=200, blank=True, help_text=_("Empty for everything it offers."))
    mapping = models.JSONField(
        _("its words for our types and topics"),
        default=dict,
        blank=True,
        help_text=_("For example {“type”: {“Informe técnico”: “report”}, “topic”: {“Migración”: “migracion”}}."),
    )
    active = models.BooleanField(_("harvested by itself"), default=True)
    harvested_until = models.CharField(max_length=30, blank=True, editable=False)
    token = models.TextField(blank=True, editable=False)
    token_since = models.CharField(max_length=30, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: Reader) -> Self:
        """A coordinator sees all, others what was brought in for their organisations."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_coordinator else self.filter(organisation__in=user.organisation_ids)


class Gathering(models.Model):
    """Documents brought in together: files, a list of references, a spreadsheet, a harvest."""

    class Kind(models.TextChoices):
        FILES = "files", _("Files")
        REFERENCES = "references", _("References or a spreadsheet")
        PASTED = "pasted", _("A pasted list")
        HARVEST = "harvest", _("A harvest")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEW = "preview", _("Waits for your yes")
        DONE = "done", _("In the library")
        UNDONE = "undone", _("Taken back out")
        STOPPED = "stopped", _("Stopped")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="gatherings", verbose_name=_("on behalf of")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State)
    name = models.CharField(_("name"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="gatherings", verbose_name=_("source")
    )
    reason = models.TextField(_("why it stopped"), blank=True, help_text=_("A message of the catalogues."))
    words = models.JSONField(_("what that names"), default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")

    def __str__(self) -> str:
        return self.name or self.get_kind_display()

    @property
    def why(self) -> str:
        """Why it stopped, in the language of whoever reads it."""
        sentence = gettext(self.reason) if self.reason else ""
        return sentence.format(**self.words) if self.words else sentence


class GatheredQuerySet(models.QuerySet["Gathered"]):
    def of_source(self, source: Source) -> Self:
        """What this source has said of its records so far, and still counts."""
        taken_back = Gathering.State.UNDONE
        every = self.filter(gathering__source=source).exclude(gathering__state=taken_back)
        return every.exclude(outcome=Gathered.Outcome.REFUSED)

    def proposals(self) -> Self:
        """Changes at a source that wait for a decision, the oldest first."""
        waiting = self.filter(decision=Gathered.Decision.WAITING, resource__isnull=False)
        return waiting.filter(gathering__kind=Gathering.Kind.HARVEST).order_by("pk")

    def decidable_by(self, user: Reader) -> Self:
        """Proposals this person may accept or leave: they touch published works of every organisation."""
        return self.proposals() if user.is_authenticated and user.is_coordinator else self.none()


class Gathered(models.Model):
    """
    One line of a gathering: a file or a record, and what came of it.

    `found` is what a look-up of it brought besides its values: what was `asked`, the `origins` of the values, the
    `file` that is kept until the line is taken in, and the `words` its reason needs.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changes a document")
        SAME = "same", _("Nothing new")
        GONE = "gone", _("Withdrawn at its source")
        REFUSED = "refused", _("Not taken")

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waits for a decision")
        TAKEN = "taken", _("Taken")
        LEFT = "left", _("Left as it was")

    class LookUp(models.TextChoices):
        WAITING = "waiting", _("To be looked up")
        FOUND = "found", _("Looked up")
        FAILED = "failed", _("Not found")

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="lines", verbose_name=_("gathering"))
    position = models.PositiveIntegerField(_("position"))
    where = models.CharField(_("place"), max_length=200, blank=True)
    column = models.CharField(_("column"), max_length=100, blank=True)
    key = models.CharField(_("name at its source"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.WAITING)
    reason = models.TextField(_("reason"), blank=True, help_text=_("A message of the catalogues."))
    values = models.JSONField(_("what it says"), default=dict, blank=True)
    before = models.JSONField(_("what stood there before"), null=True, blank=True)
    look_up = models.CharField(_("look-up"), max_length=10, choices=LookUp, blank=True)
    found = models.JSONField(_("what the look-up brought"), default=dict, blank=True)
    resource = models.ForeignKey(
        Resource, models.SET_NULL, null=True, blank=True, related_name="gathered", verbose_name=_("document")
    )

    objects = GatheredQuerySet.as_manager()

    class Meta:
        ordering = ["gathering", "position"]
        verbose_name = _("gathered line")
        verbose_name_plural = _("gathered lines")
        indexes = [models.Index(fields=["key"])]
        constraints = [models.UniqueConstraint(fields=["gathering", "position"], name="gathered_place_once")]

    def __str__(self) -> str:
        return self.where or self.key or str(self.position)


class FieldOrigin(models.Model):
    """Where a field of a work has its value from, and how sure that is. What a person wrote is theirs."""

    class Origin(models.TextChoices):
        TEXT = "text", _("Read from the first pages")
        PROPERTIES = "properties", _("Properties of the file")
        NAME = "name", _("Name of the file")
        REFERENCE = "reference", _("A list of references")
        SOURCE = "source", _("A harvested source")
        REGISTER = "register", _("The register of DOIs")
        PAGE = "page", _("The page at its address")
        SUGGESTED = "suggested", _("Suggested from the text")
        MAIL = "mail", _("The letter it came with")
        PERSON = "person", _("Written by a person")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="origins", verbose_name=_("document"))
    field = models.CharField(_("field"), max_length=40)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin)
    certainty = models.PositiveSmallIntegerField(
        _("certainty"), default=100, validators=[MaxValueValidator(100)], help_text=_("In hundredths.")
    )
    detail = models.CharField(_("more exactly"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        ordering = ["resource", "field"]
        verbose_name = _("origin of a field")
        verbose_name_plural = _("origins of fields")
        constraints = [
            models.UniqueConstraint(fields=["resource", "field"], name="field_has_one_origin"),
            models.CheckConstraint(condition=Q(certainty__lte=100), name="certainty_in_hundredths"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.get_origin_display()}"

    @property
    def is_unsure(self) -> bool:
        """Should a person look at it before it counts?"""
        return self.certainty < 70

    @property
    def where(self) -> str:
        """Where the value came from, in words: the page where it was read on one, the list or source by its name."""
        if self.origin == self.Origin.TEXT and self.detail.isdigit():
            return gettext("page %(n)s of the file") % {"n": self.detail}
        named = self.detail if self.origin in (self.Origin.REFERENCE, self.Origin.SOURCE) else ""
        return " · ".join(filter(None, [str(self.get_origin_display()), named]))

    @property
    def sure(self) -> str:
        """How sure that is, in words; nothing to say of what a person wrote."""
        if self.origin == self.Origin.PERSON:
            return ""
        if self.is_unsure:
            return gettext("unsure")
        return gettext("fairly sure") if self.certainty < 90 else gettext("sure")

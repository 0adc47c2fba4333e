from collections.abc import Container
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from network.models import Country, Organisation, User
from portal.core import languages
from resources.identifiers import clean_doi, validate_doi, validate_isbn
from resources.models.shown import ShownWork
from resources.models.topic import Topic

Reader = User | AnonymousUser


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members of the network")
    COMMITTEE = "committee", _("Steering Committee")


def audiences_of(user: Reader) -> list[str]:
    """The audiences this reader belongs to. The only place that knows the audience rules."""
    if not user.is_authenticated or not user.is_member:
        return [Audience.PUBLIC]
    return [Audience.PUBLIC, Audience.MEMBERS] + ([Audience.COMMITTEE] if user.is_committee_member else [])


def _keeping() -> dict[str, Exists]:
    """Relations of other rooms that rest on works, as `room.Model.field`, and the works each of them rests on."""
    found = {}
    for relation in Resource._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if relation.many_to_many:  # its table would give way without a word
            rows, name = relation.through._base_manager, relation.field.m2m_reverse_field_name()
        elif relation.on_delete is models.PROTECT:
            rows, name = relation.related_model._base_manager, relation.field.name
        else:
            continue
        found[f"{relation.related_model._meta.label}.{relation.field.name}"] = Exists(
            rows.filter(**{name: OuterRef("pk")})
        )
    return found


class ResourceQuerySet(models.QuerySet["Resource"]):
    def published(self) -> Self:
        return self.filter(status=Resource.Status.PUBLISHED)

    def submitted(self) -> Self:
        """Waiting for a coordinator, the longest wait first."""
        return self.filter(status=Resource.Status.SUBMITTED).order_by("updated_at")

    def on_the_shelf_for(self, user: Reader) -> Self:
        """Published works this reader may open: what lists, counts and the search show."""
        return self.published().filter(audience__in=audiences_of(user))

    def visible_to(self, user: Reader) -> Self:
        """Rows this reader may open: the shelf, and what the reader looks after whatever its status."""
        if user.is_authenticated and user.is_coordinator:
            return self.all()
        own = Q(organisation__in=user.own_organisation_ids) if user.is_authenticated else Q(pk__in=[])
        own &= ~Q(status=Resource.Status.REFUSED)
        shelf = Q(status=Resource.Status.PUBLISHED, audience__in=audiences_of(user))
        return self.filter(shelf | own)

    def editable_by(self, user: Reader) -> Self:
        """Rows this person may change: a coordinator all, a contributor their organisation's unpublished ones."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.all()
        mine = self.filter(organisation__in=user.organisation_ids)
        return mine.filter(status__in=[Resource.Status.DRAFT, Resource.Status.SUBMITTED])

    def placed_by(self, user: Reader) -> Self:
        """Works of which this person may say where they come from, published or not: those of their organisations."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.all()
        return self.filter(organisation__in=user.organisation_ids).exclude(status=Resource.Status.REFUSED)

    def discardable_by(self, user: Reader) -> Self:
        """Drafts that never went to anybody: a contributor deletes their own ones, a coordinator any."""
        moved_on = StateChange.objects.filter(resource=OuterRef("pk")).exclude(to=Resource.Status.DRAFT)
        never_seen = self.editable_by(user).filter(~Exists(moved_on), status=Resource.Status.DRAFT)
        return never_seen if user.is_authenticated and user.is_coordinator else never_seen.filter(created_by=user.pk)

    def cited(self, *, besides: Container[str] = ()) -> Self:
        """
        Works that a record of another room rests on, such as an agenda: it keeps them.

        `besides` names relations, as `room.Model.field`, that do not count.
        """
        named = [rests for relation, rests in _keeping().items() if relation not in besides]
        return self.filter(Q.create(named, connector=Q.OR)) if named else self.none()

    def reviewable_by(self, user: Reader) -> Self:
        """Rows on which this person decides: publish, give back, take off the shelf."""
        return self.all() if user.is_authenticated and user.is_coordinator else self.none()

    def to_ask_about(self, organisation: Organisation) -> Self:
        """Drafts that were gathered for this organisation, with what a list of them prints."""
        drafts = self.filter(organisation=organisation, status=Resource.Status.DRAFT)
        return drafts.prefetch_related("files", "origins", "countries").order_by("pk")

    def refused(self) -> Self:
        """Works an organisation said are not its own; they wait for a coordinator."""
        return self.filter(status=Resource.Status.REFUSED)

    def for_cards(self) -> Self:
        """What a card or a row prints of the work itself; `shelf.cards` adds its countries and topics."""
        return self.select_related("organisation").prefetch_related("files", "authors")

    def for_desk(self) -> Self:
        """What a row of a desk prints: the work, its files, and why it was last moved."""
        return self.select_related("organisation").prefetch_related("files").with_reasons()

    def with_reasons(self) -> Self:
        """Rows with `reason`: what was written at their last change of status, in the same query."""
        changes = StateChange.objects.filter(resource=OuterRef("pk")).order_by("-at", "-pk")
        return self.annotate(reason=Subquery(changes.values("reason")[:1]))

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


class Resource(ShownWork, models.Model):
    """A work: described once in both languages, whatever the number and the languages of its files."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REFUSED = "refused", _("Not of this organisation")

    class Type(models.TextChoices):
        REPORT = "report", _("Report")
        ARTICLE = "article", _("Journal article")
        LAW = "law", _("Law or regulation")
        TREATY = "treaty", _("Treaty or declaration")
        POLICY = "policy", _("Policy or plan")
        PROTOCOL = "protocol", _("Protocol or referral mechanism")
        GUIDELINE = "guideline", _("Guide or manual")
        BRIEF = "brief", _("Policy brief")
        FACTSHEET = "factsheet", _("Fact sheet")
        TRAINING = "training", _("Course or training material")
        CAMPAIGN = "campaign", _("Information campaign")
        TOOL = "tool", _("Tool or application")
        DIRECTORY = "directory", _("Directory of services")
        DATASET = "dataset", _("Data set or statistics")
        PRESENTATION = "presentation", _("Presentation")
        BULLETIN = "bulletin", _("Bulletin")
        BOOK = "book", _("Book")
        CHAPTER = "chapter", _("Book chapter")
        THESIS = "thesis", _("Thesis")
        OTHER = "other", _("Other")

    class Licence(models.TextChoices):
        CC_BY = "cc-by", "CC BY"
        CC_BY_SA = "cc-by-sa", "CC BY-SA"
        CC_BY_NC = "cc-by-nc", "CC BY-NC"
        CC_BY_NC_SA = "cc-by-nc-sa", "CC BY-NC-SA"
        CC_BY_NC_SA_IGO = "cc-by-nc-sa-igo", "CC BY-NC-SA 3.0 IGO"
        CC_BY_NC_ND = "cc-by-nc-nd", "CC BY-NC-ND"
        PUBLIC_DOMAIN = "public-domain", _("Public domain")
        LAW = "law", _("Official text of a law, free to use")
        COPYRIGHT = "copyright", _("All rights reserved")

    title = models.CharField(_("title"), max_length=500, blank=True)
    abstract = models.TextField(_("abstract"), blank=True, max_length=10_000)
    original_language = models.CharField(_("original language"), max_length=3, choices=languages.choices, default="es")
    original_title = models.CharField(
        _("title in the original language"),
        max_length=500,
        blank=True,
        help_text=_("Only where the original is neither Spanish nor English."),
    )
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.REPORT)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="resources", verbose_name=_("contributed by")
    )
    countries = models.ManyToManyField(
        Country, related_name="resources", blank=True, verbose_name=_("countries it is about")
    )
    topics = models.ManyToManyField(Topic, related_name="resources", blank=True, verbose_name=_("topics"))
    tags = TaggableManager(
        _("free keywords"), blank=True, help_text=_("Separated by commas."), related_name="tagged_resources"
    )
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[validate_doi])
    isbn = models.CharField("ISBN", max_length=17, blank=True, validators=[validate_isbn])
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    audience = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.PUBLIC)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="created_resources",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    published_at = models.DateTimeField(_("published on the portal"), null=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        indexes = [
            models.Index(fields=["status", "audience", "-published_at"]),
            models.Index(fields=["organisation", "status"]),
            models.Index(fields=["status", "updated_at"]),
            models.Index(fields=["doi"]),
            models.Index(fields=["isbn"]),
            models.Index(fields=["source_url"]),
            models.Index(fields=["year"]),
        ]
        constraints = [
            models.CheckConstraint(
                # Written out for NULL, which an empty translation is: a comparison with it would let the row pass.
                condition=Q(title_es__isnull=False, title_es__gt="")
                | Q(title_en__isnull=False, title_en__gt="")
                | Q(original_title__gt=""),
                name="resource_has_a_title",
                violation_error_message=_("Give a title in at least one language."),
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1500, 2200)),
                name="resource_year_plausible",
                violation_error_message=_("The year must lie between 1500 and 2200."),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12), year__isnull=False),
                name="resource_month_of_a_year",
                violation_error_message=_("A month needs its year and lies between 1 and 12."),
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__range=(1, 31), month__isnull=False),
                name="resource_day_of_a_month",
                violation_error_message=_("A day needs its month and lies between 1 and 31."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="resource_published_when",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title.text

    def clean(self) -> None:
        """What no constraint can say: the day exists, and a DOI is kept bare however it was typed."""
        super().clean()
        self.doi = clean_doi(self.doi)
        if self.day and self.publication_date is None:
            raise ValidationError({"day": _("There is no such day in the calendar.")})

    @property
    def author_names(self) -> list[str]:
        """In the order of the title page; uses prefetched authors."""
        return [author.name for author in self.authors.all()]

    @property
    def contributed_by(self) -> str:
        return self.organisation.short_name

    @property
    def type_label(self) -> str:
        """The type in words. Django's own `get_type_display` goes through every type for each work."""
        return str(TYPE_LABELS.get(self.type, self.type))

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def publication_date(self) -> date | None:
        """The date as far as it is known, its missing parts at their first; `date_precision` says how far that is."""
        try:
            return date(self.year, self.month or 1, self.day or 1) if self.year else None
        except ValueError:  # 31 February: no constraint of a database knows the calendar
            return None

    @property
    def date_precision(self) -> str:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def last_reason(self) -> str:
        """Why it was sent back or taken off the shelf, if that was the last thing that happened to it."""
        last = self.state_changes.last()
        return last.reason if last else ""

    @cached_property
    def file_languages(self) -> list[str]:
        """Languages of its files, each once; uses the prefetched files."""
        return list(dict.fromkeys(file.language for file in self.files.all() if file.language))


TYPE_LABELS = dict(Resource.Type.choices)


class Author(models.Model):
    """One author of a work, in the order of the title page: a person, or a body that signs as author."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        BODY = "body", _("Body")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="authors", verbose_name=_("resource"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=300)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="authorships",
        verbose_name=_("organisation of the network"),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name


class StateChange(models.Model):
    """One step in a work's life: who moved it where, when and why. Rows are only ever added."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="state_changes", verbose_name=_("resource"))
    to = models.CharField(_("new status"), max_length=12, choices=Resource.Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")

    def __str__(self) -> str:
        return f"{self.get_to_display()} · {self.at:%Y-%m-%d}"

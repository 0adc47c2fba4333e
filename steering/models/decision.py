from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, Person, User
from portal.core import audit, languages
from portal.core.languages import Worded
from resources.models import Resource
from resources.models.resource import Audience, Reader, audiences_of
from steering.models.body import Body
from steering.models.meeting import AgendaItem, Meeting, is_wider


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        """All but those annulled before the minutes went round."""
        return self.exclude(state=Decision.State.ANNULLED)

    def visible_to(self, user: Reader) -> Self:
        """Decisions in force or once in force that this reader may see; the committee sees recorded ones as well."""
        seen = self.standing().filter(visibility__in=audiences_of(user))
        if user.is_authenticated and user.is_committee_member:
            return seen
        return seen.exclude(state=Decision.State.RECORDED)


class Decision(models.Model):
    """
    What a body decided, under a number that is never used again. It is in force once the minutes are approved;
    taken without a quorum (ad referendum), once a later meeting has confirmed it as well.
    """

    class Method(models.TextChoices):
        CONSENSUS = "consensus", _("By consensus")
        VOTE = "vote", _("By vote")
        NO_OBJECTION = "no_objection", _("Without objection")

    @audit.register_states
    class State(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        ANNULLED = "annulled", _("Annulled")
        IN_FORCE = "in_force", _("In force")
        FULFILLED = "fulfilled", _("Fulfilled")
        SUPERSEDED = "superseded", _("Superseded")
        LAPSED = "lapsed", _("Lapsed")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, editable=False, related_name="decisions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions", verbose_name=_("agenda item"))
    number = models.PositiveIntegerField(_("number"), editable=False)
    code = models.CharField(_("number"), max_length=40, editable=False)
    text = models.TextField(_("what was decided"), max_length=4000)
    method = models.CharField(_("how"), max_length=12, choices=Method, default=Method.CONSENSUS)
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    dissent = models.TextField(_("dissent"), blank=True, help_text=_("Who disagreed and why, if they ask for it."))
    visibility = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.COMMITTEE)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("replaces")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECORDED, editable=False)
    ad_referendum = models.BooleanField(_("without a quorum (ad referendum)"), default=False, editable=False)
    confirmed_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, editable=False, related_name="confirmed_decisions",
        verbose_name=_("confirmed in"),
    )  # fmt: skip
    words = models.TextField(blank=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "number"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=~Q(method="vote")
                | Q(votes_for__isnull=False, votes_against__isnull=False, abstentions__isnull=False),
                name="decision_vote_is_counted",
                violation_error_message=_("Give the votes for, against and the abstentions."),
            ),
            models.CheckConstraint(
                condition=Q(ad_referendum=False)
                | Q(confirmed_in__isnull=False)
                | Q(state__in=["recorded", "annulled"]),
                name="decision_in_force_had_a_quorum",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("steering:decision", args=self.code.rsplit("/", 1))

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")

    @property
    def is_one_language(self) -> bool:
        """Does one of the two texts still lack?"""
        return not (self.text_es and self.text_en)

    def clean(self) -> None:
        super().clean()
        if self.item_id and is_wider(self.visibility, self.item.visibility):
            sentence = _("The agenda item is for fewer readers: the decision can't be for more.")
            raise ValidationError({"visibility": sentence})
        if self.supersedes_id and self.item_id and self.supersedes.meeting.body_id != self.item.meeting.body_id:
            raise ValidationError({"supersedes": _("A body replaces its own decisions only.")})


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def open(self) -> Self:
        return self.filter(state__in=[ActionItem.State.OPEN, ActionItem.State.IN_PROGRESS])

    def of(self, body: Body) -> Self:
        return self.filter(meeting__body=body)

    def of_the_desk_of(self, user: User) -> list["ActionItem"]:
        """What this person's organisations still have to do, the most urgent first."""
        own = user.own_organisation_ids
        found = self.open().filter(organisation__in=own).select_related("decision", "organisation")
        return list(found.order_by("due", "pk")[:20]) if own else []

    def overdue(self) -> Self:
        """Open past their day: worked out, never stored."""
        return self.open().filter(due__lt=timezone.localdate())


class ActionItem(models.Model):
    """What an organisation is to do after a meeting, by a day, and what shows that it is done."""

    @audit.register_states
    class State(models.TextChoices):
        OPEN = "open", _("Pending")
        IN_PROGRESS = "in_progress", _("Under way")
        DONE = "done", _("Carried out")
        CANCELLED = "cancelled", _("Cancelled")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, editable=False, related_name="action_items", verbose_name=_("meeting")
    )
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="action_items", verbose_name=_("agenda item"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name=_("follows from")
    )
    number = models.PositiveIntegerField(_("number"), editable=False)
    code = models.CharField(_("number"), max_length=40, editable=False)
    text = models.TextField(_("what is to be done"), max_length=2000)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="action_items", verbose_name=_("organisation in charge")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name=_("person in charge")
    )
    due = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN, editable=False)
    evidence = models.ForeignKey(
        Resource, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("document that shows it")
    )
    evidence_url = models.URLField(_("address that shows it"), blank=True, editable=False)
    note = models.TextField(_("note"), blank=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(evidence__isnull=False, done_on__isnull=False)
                | Q(~Q(evidence_url="") | ~Q(note=""), done_on__isnull=False),
                name="action_done_is_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.IN_PROGRESS)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due < timezone.localdate()

    def clean(self) -> None:
        super().clean()
        if self.decision_id and self.item_id and self.decision.meeting_id != self.item.meeting_id:
            raise ValidationError({"decision": _("That decision was taken in another meeting.")})

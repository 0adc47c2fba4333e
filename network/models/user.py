from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network.models.membership import Membership
from network.models.organisation import Organisation


class UserManager(BaseUserManager["User"]):
    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """
        A person who signs in with this address; without a password nobody can sign in until one is set.

        Whoever calls this has made sure that the address is theirs: from then on only a code sent to it changes it.
        """
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Somebody with an administrator's role, from today and without end."""
        user = self.create_user(email, password, **fields)
        Role.objects.create(user=user, kind=Role.Kind.ADMINISTRATOR)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. What they may do follows from the roles in force today, not from flags."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="es")
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_in_small_letters",
                violation_error_message=_("Write the e-mail address in small letters."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def roles_in_force(self) -> list["Role"]:
        """Today's roles, read once per request."""
        return list(self.roles.in_force().with_standing().select_related("organisation"))

    def has_role(self, *kinds: str) -> bool:
        """Does one of these kinds of role hold today? An administrator holds every role."""
        wanted = {*kinds, Role.Kind.ADMINISTRATOR}
        return self.is_active and any(role.kind in wanted for role in self.roles_in_force)

    @property
    def is_superuser(self) -> bool:
        """Is this an administrator today? (Django's name for it; no column, so that it ends with the role.)"""
        return self.has_role(Role.Kind.ADMINISTRATOR)

    @property
    def is_coordinator(self) -> bool:
        return self.has_role(Role.Kind.COORDINATOR)

    @property
    def is_committee_member(self) -> bool:
        """May this person read what is meant for the Steering Committee?"""
        return self.has_role(Role.Kind.COMMITTEE, Role.Kind.SECRETARIAT, Role.Kind.COORDINATOR)

    @property
    def is_secretariat(self) -> bool:
        return self.has_role(Role.Kind.SECRETARIAT)

    @property
    def shares_the_desk(self) -> bool:
        """Does this person take part in the recurring work of the coordination?"""
        return self.has_role(Role.Kind.COORDINATOR, Role.Kind.SECRETARIAT)

    @property
    def is_member(self) -> bool:
        """Does this person act for the network in any way, or for an organisation that belongs to it today?"""
        return self.is_staff or bool(self.is_active and self.organisations)

    @property
    def is_staff(self) -> bool:
        """May this person enter the admin? (Django's name for it.)"""
        return self.has_role(Role.Kind.COORDINATOR, Role.Kind.COMMITTEE, Role.Kind.SECRETARIAT)

    @property
    def organisations(self) -> list[Organisation]:
        """The organisations this person contributes for today, each once: those with an active membership."""
        return list({r.organisation_id: r.organisation for r in self._own_roles if r.is_contributing}.values())

    @property
    def organisation_ids(self) -> Iterable[int]:
        return [organisation.pk for organisation in self.organisations]

    @property
    def resting_organisations(self) -> list[Organisation]:
        """Their organisations whose membership is suspended or over: for them this person may only read."""
        return list({r.organisation_id: r.organisation for r in self._own_roles if not r.is_contributing}.values())

    @property
    def own_organisation_ids(self) -> Iterable[int]:
        """The organisations whose documents this person reads, whatever has become of their membership."""
        return {role.organisation_id for role in self._own_roles}

    @property
    def _own_roles(self) -> list["Role"]:
        return [role for role in self.roles_in_force if role.kind in (Role.Kind.CONTRIBUTOR, Role.Kind.MANAGER)]


class RoleQuerySet(models.QuerySet["Role"]):
    def in_force(self, on: date | None = None) -> Self:
        """Roles that hold on that day, today by default; the last day counts, unless somebody ended the role on it."""
        day = on or timezone.localdate()
        return self.open(on).filter(since__lte=day)

    def open(self, on: date | None = None) -> Self:
        """Roles that hold on that day or will from a later one."""
        day = on or timezone.localdate()
        next_day = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day), Q(ended_at__isnull=True) | Q(ended_at__gte=next_day)
        )

    def with_standing(self) -> Self:
        """Rows with `is_contributing`: has the organisation an active membership today?"""
        active = Membership.objects.active().filter(organisation=OuterRef("organisation"))
        return self.annotate(is_contributing=Exists(active))


class Role(models.Model):
    """What somebody may do, for which organisation, from when to when. It ends by itself."""

    class Kind(models.TextChoices):
        CONTRIBUTOR = "contributor", _("Contributor")
        MANAGER = "manager", _("Organisation manager")
        COORDINATOR = "coordinator", _("Coordinator")
        COMMITTEE = "committee", _("Committee member")
        SECRETARIAT = "secretariat", _("Secretariat")
        ADMINISTRATOR = "administrator", _("Administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name=_("user"))
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="roles", verbose_name=_("organisation")
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty while it is open."))
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "kind"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(kind__in=["coordinator", "secretariat", "administrator"]),
                name="role_names_its_organisation",
                violation_error_message=_("Say for which organisation this person acts."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="role_ends_after_it_begins",
                violation_error_message=_("A role can't end before it begins."),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "organisation", "since"],
                name="role_once",
                violation_error_message=_("This person already has this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"

"""What people fill in about themselves, their colleagues and their organisation."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network import duties, roles
from network.models import Absence, Country, Duty, Organisation, Person, Role, User
from portal.core import audit
from portal.core.versions import VersionedForm

IN_OUR_TIME = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def _calendar() -> forms.DateInput:
    """A day chosen in the browser's own calendar, which wants it this way whatever the language."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why: for the record."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


class EndRoleForm(forms.Form):
    """Ending a role: why, and who takes over where nobody else manages the organisation."""

    successor = forms.ModelChoiceField(User.objects.none(), label=_("Who takes over"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: object, role: Role, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if role.kind == Role.Kind.MANAGER and roles.is_last_manager(role):
            self.fields["successor"].queryset = roles.successors(role, by)
        else:
            del self.fields["successor"]


class ContactsForm(forms.ModelForm):
    """What somebody lets be known about themselves."""

    public = forms.BooleanField(
        label=_("Show my name, e-mail and telephone on the public page of my organisation"),
        required=False,
        help_text=_("You can take this back at any time. Without it only the coordination sees them."),
    )

    class Meta:
        model = Person
        fields = ["title", "email", "phone"]
        labels = {"email": _("E-mail for contact")}
        help_texts = {"email": _("It may be another one than the one you sign in with.")}

    def __init__(self, *args: object, instance: Person, **kwargs: object) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["public"].initial = instance.consent_public is not None

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("public") and not (said.get("email") or said.get("phone")):
            self.add_error("public", _("Write an e-mail address or a telephone number to be shown."))
        return said


class InviteForm(forms.Form):
    """Whom to invite to the organisation, and as what."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    kind = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=_calendar(),
        validators=IN_OUR_TIME,
        help_text=_("Empty while it is open. The role ends by itself after this day."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, Role.Kind(kind).label) for kind in roles.OF_AN_ORGANISATION]


class PersonForm(forms.ModelForm):
    """Somebody of the organisation who needs no account."""

    job_title = forms.CharField(label=_("Position held"), max_length=150, required=False)
    is_focal_point = forms.BooleanField(
        label=_("Focal point"), required=False, help_text=_("Whom the Initiative writes to first.")
    )

    class Meta:
        model = Person
        fields = ["name", "title", "language", "email", "phone"]
        help_texts = {"email": _("E-mail and telephone stay private.")}

    field_order = ["name", "title", "job_title", "email", "phone", "language", "is_focal_point"]


MOST_WORDS = 5_000


class ProfileForm(VersionedForm):
    """What everybody reads about an organisation, in both languages."""

    description_es = forms.CharField(
        label=_("Description in Spanish"), max_length=MOST_WORDS, required=False, widget=forms.Textarea({"rows": 5})
    )
    description_en = forms.CharField(
        label=_("Description in English"), max_length=MOST_WORDS, required=False, widget=forms.Textarea({"rows": 5})
    )

    class Meta:
        model = Organisation
        fields = ["name_es", "name_en", "acronym", "website", "description_es", "description_en", "countries"]
        labels = {"name_es": _("Name in Spanish"), "name_en": _("Name in English")}
        widgets = {"countries": forms.CheckboxSelectMultiple}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_es"].required = True
        for name, field in self.fields.items():
            if name.endswith(("_es", "_en")):
                field.widget.attrs["lang"] = name[-2:]
        nearby = Country.objects.filter(Q(position__gt=0) | Q(organisations=self.instance)).distinct()
        beyond = Case(When(position=0, then=1), default=0)  # those of the region first, from north to south
        self.fields["countries"].queryset = nearby.order_by(beyond, "position", "name")


class AbsenceForm(forms.ModelForm):
    """From when to when somebody is away; days that are over need no cover."""

    class Meta:
        model = Absence
        fields = ["since", "until"]
        widgets = {"since": _calendar(), "until": _calendar()}

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError(_("These days are over."))
        return until


class HandOverForm(forms.Form):
    """To whom a piece of work goes."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("To whom"), empty_label=None)

    def __init__(self, *args: object, duty: Duty, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = duties.hands(coordinators_only=duty.what.for_coordinators)


class FinishForm(forms.Form):
    """What came of a piece of work that no step of the portal closes."""

    note = forms.CharField(label=_("What came of it"), max_length=500, widget=forms.Textarea({"rows": 2}))


class EraseForm(forms.Form):
    """Twice asked: whoever erases their account writes its address."""

    email = forms.EmailField(label=_("Your e-mail address, to confirm"))

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        if self.cleaned_data["email"].strip().lower() != self.user.email:
            raise forms.ValidationError(_("This is not the address of your account."))
        return self.user.email


class RecordFilterForm(forms.Form):
    """What to show of the record."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    since = forms.DateField(label=_("From"), required=False, widget=_calendar(), validators=IN_OUR_TIME)
    until = forms.DateField(label=_("Until"), required=False, widget=_calendar(), validators=IN_OUR_TIME)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(((code, str(label)) for code, label in audit.LABELS.items()), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("Everything")), *known]

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", _("The last day can't lie before the first."))
        return said

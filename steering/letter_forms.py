"""What the pages behind the links of letters ask."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resources.models import Resource
from steering import answering, observing
from steering.forms import DoneForm
from steering.models import AgendaItem, Designation, Invitation

Answer = Invitation.Answer
INSTEAD, PROPOSE = "instead", "propose"


class AnswerForm(forms.Form):
    """Does somebody come, and if not, who does?"""

    answer = forms.ChoiceField(label=gettext_lazy("Will you come?"), widget=forms.RadioSelect)
    instead = forms.ModelChoiceField(
        Designation.objects.none(), label=gettext_lazy("Who comes instead"), required=False
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    job_title = forms.CharField(label=gettext_lazy("Position held"), max_length=150, required=False)

    def __init__(self, data: object, *, opened: answering.Opened) -> None:
        invitation = opened.invitation
        said = INSTEAD if invitation.instead_id else invitation.answer
        initial = {"answer": "" if said == Answer.NONE else said, "instead": invitation.instead_id}
        super().__init__(data, initial=initial)
        self.opened = opened
        self.fields["instead"].queryset = answering.substitutes(invitation)
        self.fields["instead"].label_from_instance = lambda row: f"{row.person} ({row.capacity})"
        self.fields["answer"].choices = self._choices()

    def _choices(self) -> list[tuple[str, str]]:
        choices = [
            (Answer.YES, _("Yes, I will come")),
            (Answer.MAYBE, _("Perhaps")),
            (Answer.NO, _("No, I can't come")),
        ]
        if self.can_send:
            choices.append((INSTEAD, _("An alternate comes instead of me")))
        if self.can_propose:
            choices.append((PROPOSE, _("I propose somebody else of my organisation")))
        return choices

    @property
    def can_send(self) -> bool:
        return self.fields["instead"].queryset.exists()

    @property
    def can_propose(self) -> bool:
        return answering.may_propose(self.opened.invitation)

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("answer") == INSTEAD and not said.get("instead") and "instead" not in self.errors:
            self.add_error("instead", _("Say who comes instead of you."))
        if said.get("answer") == PROPOSE:
            for name in ("name", "email"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed to propose somebody."))
        return said

    def act(self) -> None:
        """Raises `Refused`."""
        said = self.cleaned_data
        if said["answer"] == INSTEAD:
            answering.send(self.opened, said["instead"])
        elif said["answer"] == PROPOSE:
            answering.propose(self.opened, **{name: said[name] for name in ("name", "email", "job_title")})
        else:
            answering.answer(self.opened, reply=said["answer"])


class ReportForm(DoneForm):
    """It is done, and what shows it."""

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if not self.errors and not (said.get("evidence") or said.get("url") or said.get("note", "").strip()):
            raise forms.ValidationError(_("Say what shows that it is done: a document, an address or a note."))
        return said

    @property
    def shown(self) -> dict[str, Resource | str | None]:
        return {name: self.cleaned_data[name] for name in ("evidence", "url", "note")}


class QuestionForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Your question"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class ObservationForm(forms.Form):
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=gettext_lazy("About"), required=False,
        empty_label=gettext_lazy("The minutes as a whole"),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Observation"), max_length=4000, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Say what is wrong and how it should read."),
    )  # fmt: skip

    def __init__(self, data: object, *, opened: observing.Opened) -> None:
        super().__init__(data)
        self.fields["item"].queryset = observing.items_of(opened)
        self.fields["item"].label_from_instance = lambda item: f"{item.position}. {item.shown_title}"

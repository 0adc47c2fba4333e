"""The small form that codes one marker, alone or as a cell of a table."""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.refused import Refused
from resources.models import MarkerKind, MarkerScale
from resources.models.marker import Marker


class MarkerForm(forms.Form):
    """
    Code and justification of one marker. It knows what it was shown with: whatever another person coded meanwhile is
    not undone by a form that was opened before, nor by one that nobody touched.
    """

    code = forms.TypedChoiceField(
        label=gettext_lazy("Code"), required=False, coerce=int, empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("The scale has no such code.")},
    )  # fmt: skip
    justification = forms.CharField(
        label=gettext_lazy("Justification"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: object, scale: MarkerScale, kind: MarkerKind, marker: Marker | None, name: str = "", **kw: object
    ) -> None:
        code, words = (marker.code, marker.justification) if marker else (None, "")
        initial = {"code": code, "justification": words, "seen": _as_seen(code, words)}
        super().__init__(*args, initial=initial, **kw)
        self.scale, self.kind = scale, kind
        levels = [(level.code, f"{level.code} · {level.shown_label}") for level in scale.levels.all()]
        self.fields["code"].choices = [("", _("Not screened")), *levels]
        if name:  # in a table the label is the head of the column
            for field in ("code", "justification"):
                label = f"{name}, {kind.label}: {self.fields[field].label}"
                self.fields[field].widget.attrs["aria-label"] = label
            self.fields["justification"].widget.attrs["placeholder"] = self.fields["justification"].label

    def save(self, act: Callable[[int | None, str], object]) -> bool:
        """
        Let `act` save code and justification if somebody touched them here: True. What is wrong stands in the form,
        with everything typed.
        """
        if not self.is_valid():
            return False
        said, now = self.cleaned_data, self.initial["seen"]
        typed = _as_seen(said["code"], said["justification"])
        if _same(typed, said["seen"]) or _same(typed, now):
            return False
        if not _same(said["seen"], now):
            self.add_error(None, self._told_meanwhile())
            self._shown_with(now)  # whoever has read the sentence may save over it
            return False
        try:
            act(said["code"], said["justification"])
        except Refused as refused:
            self.add_error(None, refused)
            return False
        self._shown_with(typed)
        return True

    def _told_meanwhile(self) -> str:
        code, words = self.initial["code"], self.initial["justification"]
        now = {"code": _("Not screened") if code is None else code, "words": words}
        return _("Another person has coded this meanwhile: %(code)s. %(words)s Save again to keep yours.") % now

    def _shown_with(self, seen: str) -> None:
        """If the page is shown again, this is what it stands on."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = seen


def _as_seen(code: int | None, justification: str) -> str:
    return f"{'' if code is None else code}|{justification}"


def _same(one: str, other: str) -> bool:
    """Browsers write line ends their own way."""
    return one.split() == other.split()

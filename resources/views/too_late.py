"""Somebody may no longer change a work that lies open before them: what they typed is shown to them, to be kept."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from resources import actions
from resources.forms import DescriptionForms
from resources.models import Resource


def keep_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """
    For steps on a work by its `pk`. Instead of "not there": that it has moved on, or that nobody of their organisation
    contributes at present, and everything they sent.
    """

    @wraps(view)
    def inner(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk=pk)
        except (Http404, actions.WrongState):
            if request.method != "POST" or not DescriptionForms.was_sent(request.POST):
                raise
            return _told(request, pk)

    return inner


def _told(request: HttpRequest, pk: int) -> HttpResponse:
    own = Q(organisation__in=request.user.own_organisation_ids) | Q(created_by=request.user)
    work = get_object_or_404(Resource.objects.filter(own), pk=pk)
    typed = DescriptionForms(work, request.POST)
    names = [row["name"].value() for row in typed.authors]
    context = {
        "resource": work,
        "may_read": Resource.objects.visible_to(request.user).filter(pk=pk).exists(),
        "typed": [(field.label, text) for field in typed.description if (text := _text(field))],
        "authors": "; ".join(name for name in names if name),
    }
    return render(request, "resources/work_too_late.html", context, status=409)


def _text(field: forms.BoundField) -> str:
    """What was typed or chosen, in words."""
    value = field.value()
    values = value if isinstance(value, list | tuple) else [value]
    words = {str(key): str(label) for key, label in getattr(field.field, "choices", [])}
    return ", ".join(words.get(str(one), str(one)) for one in values if one not in (None, ""))

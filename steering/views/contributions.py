"""What is given to a plan, as far as its reader may know, and the form by which an organisation offers something."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.refused import Refused
from resources.models.resource import Reader
from steering.giving_forms import OfferForm, currency_choices
from steering.models import Body, Contribution, Movement, Plan
from steering.plan import giving, money


def plan_of(first_year: int, reader: Reader) -> Plan:
    """The committee's plan of these two years. Raises Http404 where this reader may see none."""
    seen = Plan.objects.visible_to(reader).filter(body__kind=Body.Kind.COMMITTEE)
    plan = seen.select_related("body").filter(first_year=first_year).order_by("body").first()
    if plan is None:
        raise Http404
    return plan


@require_safe
def contributions(request: HttpRequest, first_year: int) -> HttpResponse:
    """By activity and by giver, each amount in its own currency; for the committee with all that others don't see."""
    plan = plan_of(first_year, request.user)
    own = request.user.organisation_ids if request.user.is_authenticated else []
    waiting = Contribution.objects.offered().filter(plan=plan, organisation__in=own)
    context = {
        "plan": plan,
        "giving": money.giving(plan, request.user),
        "stages": Movement.Stage.labels,
        "waiting": waiting.select_related("organisation", "activity") if own else [],
        "may_offer": bool(own) and plan.state == Plan.State.IN_FORCE,
        "sees_all": request.user.is_authenticated and request.user.is_committee_member,
    }
    return render(request, "steering/contributions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contribution_offer(request: HttpRequest, first_year: int) -> HttpResponse:
    """An organisation of the network offers something: a pledge, once the secretariat has confirmed it."""
    plan = plan_of(first_year, request.user)
    if plan.state != Plan.State.IN_FORCE or not request.user.organisation_ids:
        raise Http404
    form = OfferForm(request.POST or None, user=request.user, plan=plan)
    if request.method == "POST" and form.is_valid():
        amounts = {name: form.cleaned_data[name] for name in ("amount", "days")}
        try:
            giving.offer(form.contribution(get_language()), by=request.user, **amounts)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Thank you. The secretariat looks at your offer and will write to you."))
            return redirect("steering:contributions", first_year=first_year)
    context = {"plan": plan, "form": form, "currencies": currency_choices()}
    return render(request, "steering/contribution_offer.html", context, status=422 if form.errors else 200)

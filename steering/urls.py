from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from steering.views import (
    by_letter,
    closing,
    committee,
    contributions,
    frameworks,
    minutes,
    origins,
    outcomes,
    plan,
    record,
    reporting,
)

app_name = "steering"

of_a_plan = [
    path("", plan.plan, name="plan"),
    path(_("matrix/"), plan.matrix, name="matrix"),
    path(_("timeline/"), plan.timeline, name="timeline"),
    path(_("progress/"), plan.progress, name="progress"),
    path(_("activities/<str:code>/"), plan.activity, name="activity"),
    path("plan.<str:format>", plan.plan_file, name="plan_file"),
]
"""Of the version in force, and of any other one."""

urlpatterns = [
    path(_("plan/"), plan.plan_now, name="plan_now"),
    path(_("plan/<int:first_year>/"), include(of_a_plan)),
    path(_("plan/<int:first_year>/version/<int:number>/"), include(of_a_plan)),
    path(_("plan/outcomes/"), outcomes.outcomes, name="outcomes"),
    path(_("plan/outcomes/report/"), outcomes.outcome_report, name="outcome_report"),
    path(_("plan/outcomes/<int:pk>/"), outcomes.outcome, name="outcome"),
    path(_("plan/outcomes/<int:pk>/correct/"), outcomes.outcome_edit, name="outcome_edit"),
    path(_("plan/outcomes/<int:pk>/evidence/"), outcomes.outcome_evidence, name="outcome_evidence"),
    path(_("plan/outcomes/evidence/<int:pk>/verify/"), outcomes.evidence_verify, name="evidence_verify"),
    path(_("frameworks/"), frameworks.frameworks, name="frameworks"),
    path(_("my-desk/<int:pk>/origin/"), origins.origin, name="origin"),
    path(_("my-desk/<int:pk>/origin/<int:said>/take-away/"), origins.origin_take, name="origin_take"),
    path(_("committee/"), committee.committee, name="committee"),
    path(_("committee/record/"), record.record, name="record"),
    path(_("committee/decisions/<str:meeting>/<str:number>/"), record.decision, name="decision"),
    path(_("committee/verify/"), minutes.verify, name="verify"),
    path(_("committee/files/<int:pk>/<str:name>"), minutes.minutes_file, name="minutes_file"),
    path(_("committee/minutes/<str:code>/<int:revision>/"), minutes.minutes, name="minutes"),
    path(_("committee/invitation/<str:token>/"), by_letter.invitation, name="invitation"),
    path(_("committee/action-item/<str:token>/"), by_letter.action, name="action"),
    path(_("committee/minutes-to-read/<str:token>/"), by_letter.round, name="round"),
    path(_("plan/<int:first_year>/contributions/"), contributions.contributions, name="contributions"),
    path(_("plan/<int:first_year>/contributions/offer/"), contributions.contribution_offer, name="contribution_offer"),
    path(_("plan/<int:first_year>/closing/"), closing.closing, name="closing"),
    path(_("plan/<int:first_year>/closing/<str:format>/"), closing.closing_file, name="closing_file"),
    path(_("plan/report/<str:token>/"), reporting.report_by_letter, name="report_by_letter"),
    path(_("my-desk/plan/<int:pk>/<slug:slug>/"), reporting.report, name="report"),
]

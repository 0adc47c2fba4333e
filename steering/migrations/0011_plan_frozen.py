from django.db import migrations, models

from portal.core import triggers

SENTENCE = "What a plan in force says is changed by the next version only"
OF = {
    "planversion": "steering_planversion v WHERE v.id = {row}.id",
    "version": "steering_planversion v WHERE v.id = {row}.version_id",
    "objective": (
        "steering_planversion v JOIN steering_objective o ON o.version_id = v.id WHERE o.id = {row}.objective_id"
    ),
    "activityterms": (
        "steering_planversion v JOIN steering_activityterms t ON t.version_id = v.id WHERE t.id = {row}.activityterms_id"
    ),
    "marked": "steering_planversion v JOIN steering_activityterms t ON t.version_id = v.id WHERE t.id = {row}.terms_id",
    "indicatorterms": (
        "steering_planversion v JOIN steering_indicatorterms t ON t.version_id = v.id WHERE t.id = {row}.terms_id"
    ),
    "activity": "steering_planversion v JOIN steering_activityterms t ON t.version_id = v.id WHERE t.activity_id = {row}.id",
    "indicator": "steering_planversion v JOIN steering_indicatorterms t ON t.version_id = v.id WHERE t.indicator_id = {row}.id",
}
"""From a row to the version it belongs to."""


def frozen(way, row):
    return f"EXISTS (SELECT 1 FROM {OF[way].format(row=row)} AND v.state IN ('in_force', 'superseded'))"


def changed(*columns):
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def became(column):
    """Another organisation, which the one that stood there has not become part of."""
    merged = f"EXISTS (SELECT 1 FROM network_organisation g WHERE g.id = OLD.{column} AND g.merged_into_id = NEW.{column})"
    return f"(OLD.{column} <> NEW.{column} AND NOT {merged})"


def both(field):
    return field, f"{field}_es", f"{field}_en"


def freeze(table, way, *, update=""):
    """Nothing is added, taken away, or (where `update` holds, otherwise in anything) changed."""
    name = table.removeprefix("steering_")
    condition = f"({frozen(way, 'OLD')} OR {frozen(way, 'NEW')})" + (f" AND ({update})" if update else "")
    yield triggers.refuse_if(
        f"{name}_added", table, events=("INSERT",), condition=frozen(way, "NEW"), sentence=SENTENCE
    )
    yield triggers.refuse_if(f"{name}_changed", table, events=("UPDATE",), condition=condition, sentence=SENTENCE)
    yield triggers.refuse_if(
        f"{name}_removed", table, events=("DELETE",), condition=frozen(way, "OLD"), sentence=SENTENCE
    )


TERMS = changed(
    "version_id", "activity_id", "result_id", "position", *both("text"), "first_quarter", "last_quarter",
    *both("deliverable"), "budget", "currency", "origin_id", "audience",
)
MARKER = changed("terms_id", "kind", "scale_id", "code", "justification")
INDICATOR = changed(
    "version_id", "indicator_id", "result_id", *both("text"), "measure", *both("unit"), "ascending", "cumulative",
    "baseline", "baseline_year", "baseline_source", "target", *both("target_words"), *both("means"),
    *both("disaggregation"),
)
PARTNER_GONE = (
    f"{frozen('activityterms', 'OLD')} AND NOT EXISTS"
    " (SELECT 1 FROM network_organisation g WHERE g.id = OLD.organisation_id AND g.merged_into_id IS NOT NULL)"
)
VERSION = (
    "OLD.state IN ('in_force', 'superseded') AND ("
    + changed("plan_id", "number", "reason", "decision_id", "in_force_since")
    + " OR (OLD.state <> NEW.state AND NEW.state <> 'superseded'))"
)
PLAN = (
    "OLD.state IN ('in_force', 'closed') AND ("
    + changed("body_id", "first_year", *both("title"), *both("introduction"))
    + " OR NEW.state NOT IN ('in_force', 'closed') OR (OLD.state = 'closed' AND NEW.state <> 'closed'))"
)


class Migration(migrations.Migration):
    """
    What a version in force or superseded says can't be changed by any path; a merged organisation still moves on.

    A later migration that makes one of these tables anew on SQLite must drop these triggers first and add them again.
    """

    dependencies = [
        ("network", "0003_membership"),
        ("steering", "0010_plan"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=["decision"],
                name="plan_version_decision_once",
                violation_error_message="Another version of a plan rests on this decision.",
            ),
        ),
        triggers.refuse("steering_planversion", "UPDATE", when=VERSION, sentence=SENTENCE),
        triggers.refuse(
            "steering_planversion", "DELETE", when="OLD.state IN ('in_force', 'superseded')", sentence=SENTENCE
        ),
        triggers.refuse("steering_plan", "UPDATE", when=PLAN, sentence=SENTENCE),
        triggers.refuse("steering_plan", "DELETE", when="OLD.state IN ('in_force', 'closed')", sentence=SENTENCE),
        *freeze("steering_objective", "version"),
        *freeze("steering_expectedresult", "objective"),
        *freeze("steering_activityterms", "version", update=f"{TERMS} OR {became('lead_id')}"),
        *freeze("steering_activityterms_countries", "activityterms"),
        *freeze("steering_activitymarker", "marked", update=MARKER),
        *freeze("steering_indicatorterms", "version", update=f"{INDICATOR} OR {became('responsible_id')}"),
        *freeze("steering_indicatortarget", "indicatorterms"),
        triggers.refuse_if(
            "activityterms_partners_added", "steering_activityterms_partners", events=("INSERT",),
            condition=frozen("activityterms", "NEW"), sentence=SENTENCE,
        ),
        triggers.refuse_if(
            "activityterms_partners_changed", "steering_activityterms_partners", events=("UPDATE",),
            condition=(
                f"({frozen('activityterms', 'OLD')} OR {frozen('activityterms', 'NEW')})"
                f" AND ({changed('activityterms_id')} OR {became('organisation_id')})"
            ),
            sentence=SENTENCE,
        ),
        triggers.refuse_if(
            "activityterms_partners_removed", "steering_activityterms_partners", events=("DELETE",),
            condition=PARTNER_GONE, sentence=SENTENCE,
        ),
        triggers.refuse_if(
            "activity_recoded", "steering_activity", events=("UPDATE",),
            condition=f"({changed('code', 'plan_id')}) AND {frozen('activity', 'OLD')}",
            sentence="An activity keeps its code",
        ),
        triggers.refuse_if(
            "indicator_recoded", "steering_indicator", events=("UPDATE",),
            condition=f"({changed('code', 'plan_id')}) AND {frozen('indicator', 'OLD')}",
            sentence="An indicator keeps its code",
        ),
    ]

from modeltranslation.translator import TranslationOptions, register

from steering.models import (
    ActionItem,
    ActivityTerms,
    AgendaItem,
    Body,
    Contribution,
    Decision,
    ExpectedResult,
    IndicatorTerms,
    Meeting,
    Objective,
    Plan,
    PolicyOutcome,
    Seat,
    Section,
)


@register(Body)
class BodyTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = ("es",)


@register(Seat)
class SeatTranslation(TranslationOptions):
    fields = ["label", "requirement"]
    required_languages = {"es": ("label",)}


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ["title"]
    required_languages = ("es",)


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ["title"]
    required_languages = ("es",)


@register(Decision)
class DecisionTranslation(TranslationOptions):
    fields = ["text"]
    required_languages = ("es",)


@register(ActionItem)
class ActionItemTranslation(TranslationOptions):
    fields = ["text"]
    required_languages = ("es",)


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ["text"]


@register(Plan)
class PlanTranslation(TranslationOptions):
    fields = ["title", "introduction", "closing_words"]
    required_languages = {"es": ("title",)}


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ["text", "short"]
    required_languages = ("es",)


@register(ExpectedResult)
class ExpectedResultTranslation(TranslationOptions):
    fields = ["text"]
    required_languages = ("es",)


@register(ActivityTerms)
class ActivityTermsTranslation(TranslationOptions):
    fields = ["text", "deliverable"]
    required_languages = {"es": ("text",)}


@register(IndicatorTerms)
class IndicatorTermsTranslation(TranslationOptions):
    fields = ["text", "unit", "target_words", "means", "disaggregation"]
    required_languages = {"es": ("text",)}


@register(Contribution)
class ContributionTranslation(TranslationOptions):
    fields = ["what"]


@register(PolicyOutcome)
class PolicyOutcomeTranslation(TranslationOptions):
    fields = ["actor", "change", "instrument", "covers", "significance", "contribution"]
    required_languages = {"es": ("actor", "change", "contribution")}

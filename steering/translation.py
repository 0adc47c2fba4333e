from modeltranslation.translator import TranslationOptions, register

from steering.models import ActionItem, AgendaItem, Body, Decision, Meeting, Seat, Section


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

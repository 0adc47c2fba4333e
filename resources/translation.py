from modeltranslation.translator import TranslationOptions, register

from resources.models import MarkerLevel, MarkerScale, Resource, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ["name", "note"]


@register(Resource)
class ResourceTranslation(TranslationOptions):
    fields = ["title", "abstract"]


@register(MarkerScale)
class MarkerScaleTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = ("es",)


@register(MarkerLevel)
class MarkerLevelTranslation(TranslationOptions):
    fields = ["label", "meaning"]
    required_languages = {"es": ("label",)}

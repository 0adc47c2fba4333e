from modeltranslation.translator import TranslationOptions, register

from resources.models import Resource, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ["name", "note"]


@register(Resource)
class ResourceTranslation(TranslationOptions):
    fields = ["title", "abstract"]

from modeltranslation.translator import TranslationOptions, register

from steering.models import Body, Seat


@register(Body)
class BodyTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = ("es",)


@register(Seat)
class SeatTranslation(TranslationOptions):
    fields = ["label", "requirement"]
    required_languages = {"es": ("label",)}

from modeltranslation.translator import TranslationOptions, register

from network.models import Application, Country, Organisation, Sector


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ["name"]


@register(Sector)
class SectorTranslation(TranslationOptions):
    fields = ["name"]


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(Application)
class ApplicationTranslation(TranslationOptions):
    fields = ["name", "description"]

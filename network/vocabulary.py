"""The lists the network stands on: countries of the world and the six sectors."""

from babel import Locale

from network.models import Country, Sector

REGION = ["MX", "BZ", "GT", "SV", "HN", "NI", "CR", "PA"]
"""From north to south. A further country joins by being given its place in the admin."""

NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
"""Two-letter codes of the CLDR that ISO 3166-1 does not hold as officially assigned."""

SECTORS = [
    ("government", "Gobierno", "Government"),
    ("un", "Naciones Unidas e intergubernamental", "United Nations and intergovernmental"),
    ("civil-society", "Sociedad civil", "Civil society"),
    ("academia", "Academia", "Academia"),
    ("partners", "Socios del desarrollo y donantes", "Development partners and donors"),
    ("private", "Sector privado", "Private sector"),
]


def load() -> None:
    """Write countries and sectors. Safe to repeat: names somebody corrected stay as they are."""
    spanish, english = Locale("es").territories, Locale("en").territories
    codes = [code for code in english if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES]
    Country.objects.bulk_create(
        [
            Country(
                code=code,
                name=spanish[code],
                name_es=spanish[code],
                name_en=english[code],
                position=REGION.index(code) + 1 if code in REGION else 0,
            )
            for code in codes
        ],
        ignore_conflicts=True,
    )
    for position, (slug, name_es, name_en) in enumerate(SECTORS):
        Sector.objects.get_or_create(slug=slug, defaults={"name_es": name_es, "name_en": name_en, "position": position})

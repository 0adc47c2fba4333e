"""Who belongs to the network of the demo, and who would like to."""

from dataclasses import dataclass, field
from datetime import date

from django.test.utils import override_settings

from network import joining, membership
from network.models import Application, Country, Membership, Organisation, Sector, User

FOUNDED = date(2016, 5, 12)
CATEGORIES = {
    "civil-society": Membership.Category.ALLIED,
    "academia": Membership.Category.OBSERVER,
    "private": Membership.Category.OBSERVER,
}
"""What members of a sector are in the demo; the others are full members."""


@dataclass(frozen=True)
class Applicant:
    """A made-up organisation that applies; addresses and names can't exist (RFC 2606)."""

    name: str
    email: str
    language: str
    sector: str
    country: str
    category: str
    website: str
    description: str
    motivation: str
    state: str
    countries: tuple[str, ...] = ()
    contact: str = "Persona de contacto"
    acronym: str = ""
    question: str = ""
    more: dict[str, str] = field(default_factory=dict)


APPLICANTS = [
    Applicant(
        name="Casa de Paso La Ceiba",
        email="contacto@casa-la-ceiba.example",
        language="es",
        sector="civil-society",
        country="HN",
        countries=("HN", "GT"),
        category="allied",
        website="https://casa-la-ceiba.example",
        description="Albergue que ofrece primeros auxilios, apoyo psicosocial y orientación legal en la ruta.",
        motivation="Queremos compartir lo que registramos cada mes y aprender de los protocolos de otros albergues.",
        state=Application.State.SUBMITTED,
    ),
    Applicant(
        name="Belize Border Health Forum",
        acronym="BBHF",
        email="office@border-health-forum.example",
        language="en",
        sector="academia",
        country="BZ",
        countries=("BZ", "MX", "GT"),
        category="observer",
        website="https://border-health-forum.example",
        description="A group of lecturers and nurses who study access to care on the northern border of Belize.",
        motivation="We would like to bring English-language evidence on the border and to translate what others share.",
        contact="Contact person",
        state=Application.State.NEEDS_INFO,
        question="Which of your studies could be published in the library, and under which licence?",
    ),
    Applicant(
        name="Red de Parteras del Corredor Seco",
        email="red@parteras-corredor-seco.example",
        language="es",
        sector="civil-society",
        country="GT",
        countries=("GT", "SV", "HN"),
        category="allied",
        website="https://parteras-corredor-seco.example",
        description="Parteras comunitarias que atienden a mujeres migrantes embarazadas y a sus recién nacidos.",
        motivation="Nuestras guías de atención en idiomas mayas pueden servir a los puestos de salud de toda la ruta.",
        state=Application.State.BEFORE_COMMITTEE,
        more={"endorsers": "INCEDES"},
    ),
]


def write_memberships() -> None:
    """Every organisation of the demo that is in the network by nothing else is a founding member."""
    for organisation in Organisation.objects.filter(memberships=None).select_related("sector"):
        category = CATEGORIES.get(organisation.sector.slug, Membership.Category.FULL)
        founding = Membership(
            organisation=organisation,
            category=category,
            since=FOUNDED,
            exception="Participó en la primera reunión del Comité Directivo, antes de toda decisión de ingreso.",
        )
        membership.begin(founding, by=None)


def write_applications() -> None:
    """Without letters: the applicants' addresses can't exist."""
    coordinator = User.objects.get(email="coordina@demo.example")
    with override_settings(TASKS={"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}):
        for applicant in APPLICANTS:
            _apply(applicant, coordinator)


def _apply(applicant: Applicant, coordinator: User) -> None:
    application = joining.begin(
        name=applicant.name,
        contact_name=applicant.contact,
        contact_email=applicant.email,
        language=applicant.language,
    )
    values = {
        "acronym": applicant.acronym,
        "sector": Sector.objects.get(slug=applicant.sector),
        "country": Country.objects.get(code=applicant.country),
        "category": applicant.category,
        "website": applicant.website,
        f"description_{applicant.language}": applicant.description,
        "motivation": applicant.motivation,
        **applicant.more,
    }
    joining.save(application, values, countries=Country.objects.filter(code__in=applicant.countries))
    joining.confirm_email(application)
    joining.hand_in(application)
    if applicant.state == Application.State.SUBMITTED:
        return
    joining.screen(application, by=coordinator)
    if applicant.question:
        joining.ask(application, by=coordinator, question=applicant.question)
    else:
        joining.bring_before_committee(application, by=coordinator)

"""Personal data in the text: each number by its own rule, and figures, laws and offices left alone."""

import pytest

from resources.intake.child.safety.notes import Notes, masked
from resources.intake.child.safety.people import look


def found(*lines: str) -> dict[str, int]:
    notes = Notes()
    look("\n".join(lines), "page", 1, notes)
    return {note.what: note.count for note in notes.found.values()}


@pytest.mark.parametrize(
    "line",
    [
        "HEGG560427MVZRRL04",  # CURP
        "RFC GODE561231GR8",
        "CUI 1234 56789 0101",  # Guatemala
        "0801-1990-12345",  # Honduras
        "Identidad 0801199012345",
        "DUI: 00016297-5",  # El Salvador
        "001-010180-0001A",  # Nicaragua
        "cédula 1-1234-0567",  # Costa Rica
        "Cédula: 8-123-4567",  # Panama
        "cédula PE-12-345",
        "001-1391820-5",  # Dominican Republic
        "A 123-456-789",  # United States
        "A-Number A123456789",
        "Pasaporte núm. G12345678",
        "Passport No: 123456789",
        "cédula de ciudadanía No. 12.345.678",  # Colombia
    ],
)
def test_identity_numbers(line: str) -> None:
    assert found("Ana Paz Robles, " + line) == {"identity_number": 1}


@pytest.mark.parametrize(
    "line",
    [
        "HEGG560427MVZRRL05",  # check digits wrong
        "GODE561231GR9",
        "1234 56788 0101",
        "DUI: 00016297-6",
        "001-1391820-6",
        "0899-1990-12345",  # no such municipality, no such year
        "0801-1790-12345",
        "00016297-5",  # no word beside it
        "8-123-4567",
        "1-1234-0567",
        "ISBN 9789992249765",
        "la cédula se expide según el artículo 12345",
        "el pasaporte vence en 2026; expediente 12345678",
        "Cédula 8-12-2020",
        "doi:10.1590/S0034-8910.2014048004941",
    ],
)
def test_other_numbers(line: str) -> None:
    assert found(line) == {}


def test_bank_accounts() -> None:
    assert found("IBAN CR05 0152 0200 1026 2840 66") == {"bank_account": 1}
    assert found("IBAN CR06 0152 0200 1026 2840 66") == {}
    assert found("CLABE 032180000118359719") == {"bank_account": 1}
    assert found("Cuenta bancaria 001-234567-8") == {"bank_account": 1}


def test_telephone_numbers_of_persons() -> None:
    people = ("Ana Paz López 5512-3456", "Luis Mejía Cruz 4478-1290", "María Robles Díaz +502 3344 5566")
    assert found(*people) == {"phones": 3}
    assert found("Nombre\tTeléfono", "Ana Paz López\t55123456", "Luis Mejía\t44781290", "Rosa Díaz\t33445566") == {
        "phones": 3
    }
    assert found(*people[:2]) == {}


@pytest.mark.parametrize(
    "lines",
    [
        ("Ministerio de Salud, tel. 2444-7474", "Hospital Roosevelt 2321-7400", "Albergue San José 2230-0000"),
        ("Albergue Ana Paz López 2444-7474", "Ext. Luis Mejía Cruz 2321-7400", "Calle Rosa Díaz 2230-0000"),
        ("recepción 2444-7474", "archivo 2321-7400", "caja 2230-0000"),
        ("Tel: +41 22 739 8111", "Fax: +41 22 739 7377", "Conmutador 5000 2222 ext. 12"),
        ("Honduras 12 345 678 910", "El Salvador 1 234 567 890", "Costa Rica 80 445 120 330"),
        (
            "Employer Sponsored 5 280 260 123 45",
            "Family Stream 19 260 123 54 112 64.7",
            "Skill Stream 28 123 110 26 99",
        ),
        ("Gómez Paz A. Salud migrante. 2014;48(2):1357-1365", "Ruiz Mora B. 2015-2018", "Díaz Luna C. 2019-2024"),
    ],
)
def test_offices_and_figures(lines: tuple[str, ...]) -> None:
    assert found(*lines) == {}


def test_mailboxes() -> None:
    private = [f"persona{n}@gmail.com" for n in range(3)]
    assert found(*private) == {"emails": 3}
    assert found(*private[:2], "info@oim.int") == {}
    assert found(*[f"autor{n}@universidad.edu" for n in range(12)]) == {}
    assert found(*[f"autor{n}@universidad.edu" for n in range(15)]) == {"emails": 15}


def test_dates_of_birth() -> None:
    assert found("Fecha de nacimiento: 12/03/1990") == {"births": 1}
    rows = ("Ana Paz López\t12/03/1990", "Luis Mejía\t01/11/1984", "Rosa Díaz\t1999-05-30")
    assert found("Nombre\tFecha de nacimiento", *rows) == {"births": 3}
    assert found("Nombre\tIngreso", *rows) == {}
    assert found("La fecha de nacimiento se acredita con el acta. Reforma DOF 04/12/2014.") == {}


def test_the_sensitive_part_is_masked() -> None:
    notes = Notes()
    look("Ana Paz, CURP HEGG560427MVZRRL04, Tapachula", "page", 3, notes)
    (note,) = notes.found.values()
    assert note.excerpt == "Ana Paz, CURP HE••••••••••••••04, Tapachula"
    assert masked("5512-3456") == "55••-••56"


def test_a_long_line_takes_no_long_time() -> None:
    assert found("1-" * 100_000, "a@" * 100_000, "Ana " * 50_000, "1 " * 100_000) == {}

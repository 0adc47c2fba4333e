"""Identity numbers of the region: their shape, their check digit and, where the shape is common, a word beside them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

NEAR = 60  # characters before a number in which its name stands
ALPHABET = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
RFC_ALPHABET = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
MUNICIPALITIES_GT = (17, 8, 16, 16, 13, 14, 19, 8, 24, 21, 9, 30, 32, 21, 8, 17, 14, 5, 11, 11, 7, 17)
DEPARTMENTS_HN = 18
IBAN_LENGTHS = {
    "CR": 22, "DO": 28, "GT": 28, "SV": 28, "NI": 28, "HN": 28, "ES": 24, "DE": 22, "FR": 27, "GB": 22, "IT": 27,
    "NL": 18, "PT": 25, "CH": 21, "BE": 16, "BR": 29,
}  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """One kind of number. `word` has to stand near before it, or, where `on_page`, anywhere on its page."""

    what: str
    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool] = lambda _value: True
    word: re.Pattern[str] | None = None
    on_page: bool = False


def find(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """(code of the note, match whose first group is the number) for each number on a page, each place once."""
    taken: set[int] = set()
    for scheme in SCHEMES:
        if scheme.word and scheme.on_page and not scheme.word.search(text):
            continue
        for match in scheme.pattern.finditer(text):
            if match.start(1) in taken or not scheme.is_valid(bare(match[1])):
                continue
            before = text[max(0, match.start(1) - NEAR) : match.start(1)]
            if scheme.word and not scheme.on_page and not scheme.word.search(before):
                continue
            taken.add(match.start(1))
            yield scheme.what, match


def bare(value: str) -> str:
    return re.sub(r"[\s.-]", "", value).upper()


def is_day(year: str, month: str, day: str) -> bool:
    """Whether two-digit year, month and day are one in the calendar."""
    try:
        date(2000 + int(year) if int(year) % 4 == 0 else 1900 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def is_curp(value: str) -> bool:
    """Check digit of the Mexican population register (RENAPO)."""
    total = sum(ALPHABET.index(sign) * (18 - place) for place, sign in enumerate(value[:17]))
    return is_day(value[4:6], value[6:8], value[8:10]) and int(value[17]) == -total % 10


def is_rfc(value: str) -> bool:
    """Check digit of the Mexican tax register for persons, modulo 11 (SAT)."""
    total = sum(RFC_ALPHABET.index(sign) * (13 - place) for place, sign in enumerate(value[:12]))
    check = -total % 11
    return is_day(value[4:6], value[6:8], value[8:10]) and value[12] == ("A" if check == 10 else str(check))


def is_cui(value: str) -> bool:
    """Guatemalan CUI: eight digits, their check digit modulo 11, department and municipality of birth (RENAP)."""
    total = sum(int(digit) * weight for weight, digit in enumerate(value[:8], 2))
    department, municipality = int(value[9:11]), int(value[11:13])
    is_place = 1 <= department <= len(MUNICIPALITIES_GT) and 1 <= municipality <= MUNICIPALITIES_GT[department - 1]
    return is_place and total % 11 == int(value[8]) and total > 0


def is_dni_hn(value: str) -> bool:
    """Honduran DNI: department, municipality, year of birth, serial number."""
    is_place = 1 <= int(value[:2]) <= DEPARTMENTS_HN and 1 <= int(value[2:4]) <= 28
    return is_place and 1900 <= int(value[4:8]) <= date.today().year


def is_dui(value: str) -> bool:
    """Salvadoran DUI: check digit modulo 10 with weights 9 to 2."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(value[:8]))
    return total > 0 and int(value[8]) == -total % 10


def is_cedula_ni(value: str) -> bool:
    """Nicaraguan cédula: the middle is the day of birth."""
    return is_day(value[7:9], value[5:7], value[3:5])


def is_luhn(value: str) -> bool:
    """Check digit modulo 10 (ISO/IEC 7812-1), as on Dominican cédulas."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(value)))
    return len(set(value)) > 2 and sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_iban(value: str) -> bool:
    """Modulo 97 (ISO 13616)."""
    digits = "".join(str(int(sign, 36)) for sign in value[4:] + value[:4])
    return IBAN_LENGTHS.get(value[:2]) == len(value) and int(digits) % 97 == 1


def is_clabe(value: str) -> bool:
    """Mexican bank account: check digit with weights 3, 7, 1."""
    total = sum(int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(value[:17]))
    return total > 0 and int(value[17]) == -total % 10


def scheme(pattern: str, **more: object) -> Scheme:
    return Scheme("identity_number", re.compile(rf"(?<![\w.,/-])({pattern})(?![\w/-]|[.,]\d)"), **more)


def near(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


STATE_MX = "AS|BC|BS|CC|CL|CM|CS|CH|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE"
CARD = r"c[eé]dula|identidad|identificaci[oó]n|\bDIMEX\b|\bID (?:card|number)"

SCHEMES = (
    scheme(rf"[A-ZÑ][AEIOUX][A-ZÑ]{{2}}\d{{6}}[HMX](?:{STATE_MX})[B-DF-HJ-NÑP-TV-Z]{{3}}[A-Z\d]\d", is_valid=is_curp),
    scheme(r"[A-ZÑ&]{4}[ -]?\d{6}[ -]?[A-Z\d]{2}[A\d]", is_valid=is_rfc),
    scheme(r"\d{4}[ -]?\d{5}[ -]?\d{4}", is_valid=is_cui),
    scheme(r"\d{4}-\d{4}-\d{5}", is_valid=is_dni_hn),
    scheme(r"\d{13}|\d{4} \d{4} \d{5}", is_valid=is_dni_hn, word=near(r"\bDNI\b|identidad|c[eé]dula"), on_page=True),
    scheme(r"\d{8}-\d", is_valid=is_dui, word=near(r"\bDUI\b|documento [uú]nico de identidad"), on_page=True),
    scheme(r"\d{3}-?\d{6}-?\d{4}[A-Z]", is_valid=is_cedula_ni),
    scheme(r"\d{3}-\d{7}-\d", is_valid=is_luhn),
    scheme(r"\d{11}", is_valid=is_luhn, word=near(r"c[eé]dula"), on_page=True),
    scheme(r"[1-9]-\d{4}-\d{4}|[1-9]\d{8}", word=near(CARD)),
    scheme(r"1\d{10,11}", word=near(r"\bDIMEX\b"), on_page=True),
    scheme(r"(?!\d{1,2}-\d{1,2}-(?:19|20)\d\d\b)(?:PE|E|N|1[0-3]|\d)(?:-?(?:AV|PI))?-\d{1,4}-\d{1,6}", word=near(CARD)),
    scheme(r"A#? ?-?\d{3}[ -]\d{3}[ -]\d{3}"),
    scheme(
        r"A#? ?\d{8,9}", word=near(r"\bA-?number|\balien\b|\bUSCIS\b|n[uú]mero A\b|registration number"), on_page=True
    ),
    scheme(r"[A-Z]{0,3} ?\d{6,9}", word=near(r"(?:pasaporte|passport)[^\n;]{0,30}$")),
    scheme(
        r"\d{1,3}(?:\.\d{3}){2,3}|\d{6,13}", word=near(r"(?:c[eé]dula|\bDNI\b|documento de identidad)[^\n;]{0,30}$")
    ),
    Scheme("bank_account", re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,6}(?: ?[A-Z\d]{1,3})?)\b"), is_iban),
    Scheme("bank_account", re.compile(r"\b(\d{18})\b"), is_clabe, near(r"\bCLABE\b|cuenta|banco|bank"), on_page=True),
    Scheme(
        "bank_account",
        re.compile(r"(?<![\w.,/-])(\d[\d-]{6,18}\d)(?![\w/-])"),
        word=near(
            r"(?:cuenta bancaria|cuenta de ahorros?|n[uú]mero de cuenta|cuenta (?:n[oº°]|n[uú]m)"
            r"|account n(?:umber|o\b))[^\n;]{0,30}$"
        ),
    ),
)

"""A harvester that asks by hand."""

from datetime import datetime

from django.test import Client
from lxml import etree

from resources.models import Offered, Resource

NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "d": "http://datacite.org/schema/kernel-4",
    "r": "http://namespace.openaire.eu/schema/oaire/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def ask(**arguments: str) -> etree._Element:
    """The answer, which is always XML with status 200."""
    given = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = Client().get("/oai", given)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def code(**arguments: str) -> str:
    root = ask(**arguments)
    return root.find("o:error", NS).get("code")


def all_of(root: etree._Element, path: str) -> list[str]:
    return [each.text for each in root.findall(f".//{path}", NS)]


def listed(**arguments: str) -> dict[int, str]:
    """{number: status} over every page of a list."""
    found: dict[int, str] = {}
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **arguments}
    while True:
        root = ask(**asked)
        for header in root.findall(".//o:header", NS):
            number = int(header.findtext("o:identifier", namespaces=NS).rpartition(":")[2])
            assert number not in found
            found[number] = header.get("status", "")
        token = root.findtext(".//o:resumptionToken", namespaces=NS)
        if not token:
            return found
        asked = {"verb": asked["verb"], "resumptionToken": token}


def identifier(work: Resource) -> str:
    return f"oai:portal.example.org:{work.pk}"


def at(work: Resource, moment: datetime) -> None:
    """As if harvesters had been told of its last change then."""
    Offered.objects.tell()
    Offered.objects.filter(number=work.pk).update(stamp=moment)

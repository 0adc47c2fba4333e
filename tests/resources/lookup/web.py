"""A web for the tests: a register of DOIs and some pages on one server of this machine."""

import json
from dataclasses import dataclass, field

from tests.answering import Asked
from tests.resources import documents

ARTICLE = {
    "type": "journal-article",
    "DOI": "10.1234/ABC",
    "title": "The health of <i>migrants</i> in transit",
    "author": [{"family": "Paz", "given": "Ana"}, {"literal": "Red de Salud"}],
    "issued": {"date-parts": [[2021, 5, 3]]},
    "publisher": "Revista Panamericana",
    "language": "en",
    "abstract": "<jats:p>What we know.</jats:p>",
    "license": [{"URL": "http://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}],
    "URL": "https://doi.org/10.1234/abc",
}
PAGE = """<!doctype html><html lang="es"><head><meta charset="utf-8">
<title>Repositorio | Salud en la ruta</title>
<meta name="citation_title" content="Salud en la ruta migratoria">
<meta name="citation_author" content="Paz, Ana"><meta name="citation_author" content="Ministerio de Salud">
<meta name="citation_publication_date" content="2020/11">
<meta name="citation_language" content="es">
<meta name="citation_technical_report_institution" content="OPS">
<meta name="DC.description" xml:lang="es" content="Lo que se sabe.">
<meta name="DC.description" xml:lang="en" content="What is known.">
<meta name="citation_keywords" content="albergues; vacunas">
{more}</head><body><h1>Otra cosa</h1></body></html>"""


@dataclass
class Web:
    """What lies at which path; each path that was asked for, in order. A callable answers by itself."""

    at: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def __call__(self, asked: Asked) -> None:
        self.asked.append(asked.path)
        self.headers.append(dict(asked.headers))
        found = self.at.get(asked.path)
        if found is None:
            return asked.reply(b"<html><title>404</title></html>", 404, Content_Type="text/html")
        if callable(found):
            return found(asked)
        return asked.reply(*found[:1], **found[1])

    def doi(self, doi: str, **changes: object) -> None:
        self.put(f"/doi/{doi}", json.dumps(ARTICLE | {"DOI": doi} | changes).encode(), "application/json")

    def page(self, path: str, more: str = "", html: str = PAGE) -> str:
        return self.put(path, html.replace("{more}", more).encode(), "text/html; charset=utf-8")

    def pdf(self, path: str, title: str = "Salud en la frontera sur", **headers: str) -> str:
        return self.put(path, documents.pdf(title), "application/pdf", **headers)

    def put(self, path: str, content: bytes, media_type: str, **headers: str) -> str:
        self.at[path] = (content, {"Content_Type": media_type, **headers})
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        self.at[path] = lambda asked: asked.reply(status=302, Location=to)
        return self.url + path

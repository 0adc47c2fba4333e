"""What a register, a page or a file says of a work, and everything else that may answer."""

import time

import pytest
from django.utils.translation import gettext

from resources.intake.lookup import Fetched, NotFound, fetched, registered, webpage
from tests.resources import documents
from tests.resources.lookup.web import Web


def look(url: str) -> Fetched:
    with fetched(url, "line 1") as found:
        if found.file:
            found.file = found.file.read(8)
        return found


def refused(call: object, *arguments: object) -> str:
    with pytest.raises(NotFound) as caught:
        call(*arguments)
    return gettext(caught.value.message).format(**caught.value.words)


# --- DOIs -------------------------------------------------------------------------------------------------------------


def test_a_doi_is_described_by_its_register(web: Web, settings) -> None:
    settings.ADMINS = ["portal@example.org"]
    web.doi("10.1234/abc")
    said, origin = registered("10.1234/abc", "line 3")
    record = said.record
    assert (origin, said.where, record.where) == ("register", "10.1234/abc", "line 3")
    assert record.titles == {"en": "The health of migrants in transit"}
    assert record.abstracts == {"en": "What we know."}
    assert record.authors == ("Paz, Ana", "Red de Salud")
    assert (record.year, record.month, record.day) == (2021, 5, 3)
    assert (record.type, record.licence, record.publisher) == ("article", "cc-by", "Revista Panamericana")
    assert record.identifiers == {"doi": "10.1234/abc"}
    [headers] = web.headers
    assert headers["Accept"] == "application/vnd.citationstyles.csl+json"
    assert "mailto:portal@example.org" in headers["User-Agent"]


def test_what_datacite_says_of_a_data_set(web: Web) -> None:
    said = {"type": "dataset", "title": "Encuesta", "categories": ["Migración", 7], "license": None, "language": "es"}
    web.doi("10.5281/zenodo.1", **said)
    record = registered("10.5281/zenodo.1", "")[0].record
    assert (record.type, record.subjects, record.titles) == ("dataset", ("Migración",), {"es": "Encuesta"})


def test_a_doi_keeps_the_name_it_was_asked_by_and_its_signs(web: Web) -> None:
    web.doi("10.1234/s(9)<1:ab>2.0")
    web.at["/doi/10.1234/s(9)%3C1:ab%3E2.0"] = web.at.pop("/doi/10.1234/s(9)<1:ab>2.0")
    assert registered("10.1234/s(9)<1:ab>2.0", "")[0].record.identifiers == {"doi": "10.1234/s(9)<1:ab>2.0"}


def test_a_register_that_leads_to_a_page_is_followed(web: Web) -> None:
    web.page("/landing")
    web.redirect("/doi/10.1234/abc", "/landing")
    said, origin = registered("10.1234/abc", "")
    assert (origin, said.where) == ("page", "127.0.0.1")
    assert said.record.titles == {"es": "Salud en la ruta migratoria"}


BAD_ANSWERS = [b"", b"{", b"[]", b"null", b"7", b'{"title": ""}', b"\xff\xfe\x00", b"{}" * 9]
DEEP = b'{"title":' * 50_000


@pytest.mark.parametrize("answer", [*BAD_ANSWERS, DEEP])
def test_broken_answers_of_a_register(web: Web, answer: bytes) -> None:
    web.put("/doi/10.1/x", answer, "application/json")
    assert "No se puede leer" in refused(registered, "10.1/x", "")


def test_what_is_odd_in_an_answer_is_passed_over(web: Web) -> None:
    odd = {"author": [[[]], {"family": 7}], "issued": {"date-parts": 7}, "categories": {}, "license": "x", "ISBN": [[]]}
    web.doi("10.1/x", **odd)
    record = registered("10.1/x", "")[0].record
    assert (record.titles, record.year, record.licence) == ({"en": "The health of migrants in transit"}, None, "")


def test_a_doi_that_does_not_exist(web: Web) -> None:
    assert refused(registered, "10.1/nada", "").startswith("El registro no conoce este DOI")


@pytest.mark.parametrize(
    ("status", "words"), [(500, "error 500"), (503, "más tarde"), (429, "más tarde"), (406, "error 406")]
)
def test_a_register_in_trouble(web: Web, status: int, words: str) -> None:
    web.at["/doi/10.1/x"] = lambda asked: asked.reply(status=status, Retry_After="9")
    assert words in refused(registered, "10.1/x", "")


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_page_says_what_stands_in_its_tags(web: Web) -> None:
    said = look(web.page("/a")).said
    record = said.record
    assert record.titles == {"es": "Salud en la ruta migratoria"}
    assert record.abstracts == {"es": "Lo que se sabe.", "en": "What is known."}
    assert record.authors == ("Paz, Ana", "Ministerio de Salud")
    assert (record.year, record.month, record.language) == (2020, 11, "es")
    assert (record.type, record.publisher, record.subjects) == ("report", "OPS", ("albergues", "vacunas"))
    assert (said.certainty["title"], said.certainty["abstract"]) == (webpage.CITED, webpage.CATALOGUED)


@pytest.mark.parametrize(
    ("head", "title", "certainty"),
    [
        ('<meta name="DC.title" content="Uno"><title>Dos</title>', "Uno", webpage.CATALOGUED),
        ('<meta property="og:title" content="Uno"><title>Dos</title>', "Uno", webpage.SHARED),
        ("<title> Dos \n tres</title>", "Dos tres", webpage.NAMED),
        ("<title>Ana &amp; Eva</title>", "Ana & Eva", webpage.NAMED),
    ],
)
def test_the_less_a_tag_is_made_for_works_the_less_sure(web: Web, head: str, title: str, certainty: int) -> None:
    said = look(web.page("/a", html=f"<html lang=es><head>{head}</head><body>x</body></html>")).said
    assert list(said.record.titles.values()) == [title]
    assert said.certainty["title"] == certainty


def test_titles_in_two_languages(web: Web) -> None:
    tags = '<meta name="DC.title" lang="es" content="Uno"><meta name="DC.title" lang="en" content="One">'
    assert look(web.page("/a", html=f"<html><head>{tags}</head></html>")).said.record.titles == {
        "es": "Uno",
        "en": "One",
    }


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("is_told_by", ["server", "page"])
def test_the_letters_of_a_page(web: Web, charset: str, is_told_by: str) -> None:
    meta = f'<meta charset="{charset}">' if is_told_by == "page" else ""
    html = f"<html><head>{meta}<title>Migración y niñez</title></head></html>".encode(charset)
    told = f"text/html; charset={charset}" if is_told_by == "server" else "text/html"
    assert "Migración y niñez" in look(web.put("/a", html, told)).said.record.titles.values()


NO_WORKS = [
    "404 Not Found",
    "Just a moment...",
    "Access Denied",
    "Página no encontrada",
    "Iniciar sesión",
    "Error",
    "Log in",
]


@pytest.mark.parametrize("title", NO_WORKS)
def test_a_page_that_says_there_is_nothing(web: Web, title: str) -> None:
    assert "no hay nada" in refused(look, web.page("/a", html=f"<html><title>{title}</title></html>"))


@pytest.mark.parametrize("title", ["Errores de medicación en migrantes", "Logística sanitaria", "Forbidding borders"])
def test_a_title_that_only_begins_like_that(web: Web, title: str) -> None:
    assert look(web.page("/a", html=f"<html><title>{title}</title></html>")).said.record.titles


@pytest.mark.parametrize("html", ["<html></html>", "<html><title> </title>", "<html><title>…!</title>"])
def test_a_page_without_a_word_about_itself(web: Web, html: str) -> None:
    assert "no dice" in refused(look, web.page("/a", html=html))


HOSTILE = [
    "<html><title>x" + "<a" * 200_000,
    "<html>" + "<meta name=citation_author content=x>" * 20_000 + "<title>Uno</title>",
    "<html><title>" + "á" * 400_000 + "</title>",
    "<html>" + "<div>" * 100_000 + "<title>Uno</title>",
    '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaa">]><html><title>&a;&a;</title></html>',
    "<html><title>a\x01b\x0bc</title></html>",
    "<html><title>x</title><meta name=citation_doi content='10.1/" + "x" * 100_000 + "'></html>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_pages_cost_little(web: Web, html: str) -> None:
    try:
        said = look(web.page("/a", html=html)).said
    except NotFound:
        return
    assert all(len(title) <= 2_000 and "\x01" not in title for title in said.record.titles.values())
    assert len(said.record.authors) <= 500


# --- Files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_a_file_whatever_its_address(web: Web) -> None:
    found = look(web.pdf("/descargar.php?id=7"))
    assert (found.said, found.name, found.file[:5]) == (None, "descargar.pdf", b"%PDF-")
    assert look(web.put("/b/Gu%C3%ADa.docx", documents.docx(), "application/octet-stream")).name == "Guía.docx"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="informe final.pdf"', "informe final.pdf"),
        ("attachment; filename*=UTF-8''gu%C3%ADa.pdf", "guía.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd.pdf"),
        ("attachment; filename*=nada''%ff%fe", "a.pdf"),
        ('attachment; filename="' + "x" * 900 + '"', "x" * 150 + ".pdf"),
        ("attachment; filename=", "a.pdf"),
        (";;;===", "a.pdf"),
    ],
)
def test_the_name_a_server_gives(web: Web, header: str, name: str) -> None:
    found = look(web.pdf("/a", Content_Disposition=header)).name
    assert found.endswith(".pdf")
    if "*=nada" not in header:
        assert found == name


def test_the_file_that_a_page_names_comes_with_it(web: Web) -> None:
    web.pdf("/files/x.pdf")
    found = look(web.page("/handle/7", '<meta name="citation_pdf_url" content="../files/x.pdf">'))
    assert (found.name, found.file[:5], found.missing) == ("x.pdf", b"%PDF-", None)
    assert found.said.record.titles == {"es": "Salud en la ruta migratoria"}


@pytest.mark.parametrize("target", ["/no.pdf", "http://10.0.0.1/x.pdf", "http://[::1", "javascript:alert(1)", "/login"])
def test_a_page_whose_file_does_not_come_is_still_a_page(web: Web, target: str) -> None:
    web.page("/login", html="<html><title>Log in</title></html>")
    found = look(web.page("/a", f'<meta name="citation_pdf_url" content="{target}">'))
    assert (found.file, found.missing is not None) == (None, True)
    assert found.said.record.titles


def test_a_page_in_the_place_of_a_file_describes_nothing(web: Web) -> None:
    url = web.put("/informe.pdf", b"<html><title>Bienvenidos</title></html>", "text/html")
    assert "una página web" in refused(look, url)
    assert look(web.page("/otro.pdf")).said, "tags made for works are believed"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"MZ\x90\0", "application/pdf"), (b"{}", "application/json"), (b"", "application/pdf")],
)
def test_what_is_no_page_is_left_to_whoever_takes_files(web: Web, content: bytes, media_type: str) -> None:
    assert look(web.put("/x", content, media_type)).said is None


def test_garbage_that_calls_itself_a_page(web: Web) -> None:
    assert "no dice" in refused(look, web.put("/x", b"\0\1\2", "text/html"))


def test_an_answer_too_large(web: Web) -> None:
    assert "pesa más" in refused(look, web.put("/x.pdf", b"%PDF-1.4" + b" " * 1_100_000, "application/pdf"))


def test_an_answer_too_slow(web: Web) -> None:
    web.at["/x"] = lambda asked: time.sleep(1.5)
    assert "lento" in refused(look, web.url + "/x")


@pytest.mark.parametrize("to", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"])
def test_a_redirect_inwards(web: Web, to: str) -> None:
    web.redirect("/x", to)
    assert refused(look, web.url + "/x")
    web.redirect("/doi/10.1/x", to)
    assert refused(registered, "10.1/x", "")

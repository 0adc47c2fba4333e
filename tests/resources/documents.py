"""Real little files of each kind, made here: what a member might drop on the page."""

import io
import zipfile

from docx import Document
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

PARAGRAPH = "Las personas migrantes en tránsito tienen derecho a la atención de salud en la red pública del país. "


def pdf(
    title: str = "Salud en la ruta migratoria", pages: int = 2, word: str = "termohigrómetro", **info: str
) -> bytes:
    """A PDF with its title in large letters on the first page and `word` on the last."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.setTitle(info.get("title", ""))
    canvas.setAuthor(info.get("author", ""))
    for number in range(1, pages + 1):
        if number == 1:
            canvas.setFont("Helvetica-Bold", 24)
            canvas.drawString(70, 740, title)
        canvas.setFont("Helvetica", 11)
        for line in range(20):
            canvas.drawString(70, 680 - 16 * line, f"{PARAGRAPH[:90]}")
        if number == pages:
            canvas.drawString(70, 200, f"El {word} se revisa cada mañana en la red de frío.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def docx(title: str = "Guía de albergues", word: str = "hemoparásitos") -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_heading(title, 0)
    for _ in range(6):
        document.add_paragraph(PARAGRAPH * 3)
    document.add_paragraph(f"Se buscan {word} en cada persona con fiebre.")
    document.save(out)
    return out.getvalue()


def png(size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("secreto", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def macro_docx() -> bytes:
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()

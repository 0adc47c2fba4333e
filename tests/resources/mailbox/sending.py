"""Letters as mail programs write them, and the command that fetches them."""

from email import policy
from email.message import EmailMessage
from io import StringIO

from django.core.management import call_command

from tests.resources import documents
from tests.resources.mailbox.imap import Mailbox

PDF = ("informe.pdf", documents.pdf("Salud en la ruta migratoria"))


def letter(sender: str = "ana@example.org", *files: tuple[str, bytes], **headers: str) -> EmailMessage:
    """As a mail program writes it; headers by name with `_` for `-`."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Ana <{sender}>"
    given = {"To": "documentos@example.org", "Subject": "Un informe", "Message_ID": "<1@example.org>", **headers}
    text = given.pop("text", "Hola, va un informe. Saludos.")
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def fetch(box: Mailbox, *letters: EmailMessage | bytes) -> str:
    """Put letters into the mailbox and run the command; gives what it says."""
    box.letters += [one if isinstance(one, bytes) else one.as_bytes() for one in letters]
    out = StringIO()
    call_command("fetch_mail", stdout=out)
    return out.getvalue().strip()

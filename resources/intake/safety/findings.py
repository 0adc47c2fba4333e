"""What a check may find, in words for the person who decides."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    PERSONAL = "personal", _("Possible personal data")
    HIDDEN = "hidden", _("Not seen by readers, but there")
    TRACE = "trace", _("Trace of how the file was made")


class What(TextChoices):
    IDENTITY_NUMBER = "identity_number", _("Identity number")
    PHONES = "phones", _("List of telephone numbers")
    EMAILS = "emails", _("List of e-mail addresses")
    BIRTHS = "births", _("Names with dates of birth")
    BANK_ACCOUNT = "bank_account", _("Bank account")
    POSITION = "position", _("Position where a picture was taken")
    TRACKED_CHANGE = "tracked_change", _("Tracked changes")
    COMMENT = "comment", _("Comment")
    TYPED_TEXT = "typed_text", _("Text typed onto a page")
    HIDDEN_TEXT = "hidden_text", _("Hidden text")
    HIDDEN_SHEET = "hidden_sheet", _("Hidden sheet")
    HIDDEN_ROWS = "hidden_rows", _("Hidden rows or columns")
    SPEAKER_NOTES = "speaker_notes", _("Speaker's notes")
    HIDDEN_SLIDE = "hidden_slide", _("Hidden slide")
    EMBEDDED_FILE = "embedded_file", _("File inside the file")
    OLD_REVISION = "old_revision", _("Earlier version inside the file")
    SCRIPT = "script", _("Script")
    LAUNCH = "launch", _("Action that opens another program or file")
    EXTERNAL_LINK = "external_link", _("Part fetched from elsewhere")
    AUTHOR = "author", _("Name of a person in the properties")
    COMPANY = "company", _("Company in the properties")
    FILE_PATH = "file_path", _("Path of a folder")
    CAMERA = "camera", _("Camera")
    UNCHECKED = "unchecked", _("Could not be checked")

    @property
    def explanation(self) -> Promise:
        return EXPLANATIONS[self]

    @property
    def severity(self) -> Severity:
        return SEVERITIES.get(self, Severity.HIDDEN)

    @property
    def goes_only_where_asked(self) -> bool:
        """Whether `cleaned` leaves it in unless told to drop hidden things: somebody may have meant it to be there."""
        return self in DROPPED_ON_REQUEST


EXPLANATIONS: dict[What, Promise] = {
    What.IDENTITY_NUMBER: _(
        "Looks like the number of a person's identity document, passport or file with the authorities."
    ),
    What.PHONES: _("Several telephone numbers stand beside names of persons."),
    What.EMAILS: _("Several private mailboxes, or more addresses than authors would give."),
    What.BIRTHS: _("Dates of birth stand beside names, or are called so."),
    What.BANK_ACCOUNT: _("Looks like the number of a bank account."),
    What.POSITION: _("The picture says where on earth it was taken; this can lead to a shelter or a home."),
    What.TRACKED_CHANGE: _("Readers can see what was written before, and who changed it."),
    What.COMMENT: _("Remarks that were meant for those who wrote the document."),
    What.TYPED_TEXT: _("A note that lies on the page for all to see; make sure that it was meant for readers."),
    What.HIDDEN_TEXT: _("Text that is set to be invisible; one click shows it."),
    What.HIDDEN_SHEET: _("A sheet that is not shown; one click shows it."),
    What.HIDDEN_ROWS: _("Rows or columns with content that are not shown; one click shows them."),
    What.SPEAKER_NOTES: _("What the speaker wrote under the slides goes along with the file."),
    What.HIDDEN_SLIDE: _("A slide that is skipped when the presentation is shown."),
    What.EMBEDDED_FILE: _("A whole file goes along, such as the table behind a chart, with everything in it."),
    What.OLD_REVISION: _("What stood on a page before it was changed can be brought back."),
    What.SCRIPT: _("A small program runs when the document is opened or used."),
    What.LAUNCH: _("The document asks the reader's computer to open something else."),
    What.EXTERNAL_LINK: _("Opening the document tells another computer that somebody reads it."),
    What.AUTHOR: _(
        "The file names a person whom the document does not name: often the login name of whoever typed it."
    ),
    What.COMPANY: _("The file names a company or office that the document does not name."),
    What.FILE_PATH: _("The folders of a computer often hold the name of a person or of a case."),
    What.CAMERA: _("The picture says with which device it was taken."),
    What.UNCHECKED: _(
        "This part is damaged, protected or too large. Please look at it yourself before it becomes public."
    ),
}
SEVERITIES = dict.fromkeys(
    (What.IDENTITY_NUMBER, What.PHONES, What.EMAILS, What.BIRTHS, What.BANK_ACCOUNT, What.POSITION), Severity.PERSONAL
) | dict.fromkeys((What.EXTERNAL_LINK, What.AUTHOR, What.COMPANY, What.FILE_PATH, What.CAMERA), Severity.TRACE)
DROPPED_ON_REQUEST = {
    What.HIDDEN_TEXT, What.HIDDEN_SHEET, What.SPEAKER_NOTES, What.HIDDEN_SLIDE, What.EMBEDDED_FILE,
}  # fmt: skip
PLACES: dict[str, Promise] = {
    "page": _("page {name}"),
    "slide": _("slide {name}"),
    "sheet": _("sheet {name}"),
    "chapter": _("chapter {name}"),
    "picture": _("picture {name}"),
    "part": _("file {name}"),
    "comment_by": _("comment by {name}"),
    "change_by": _("change by {name}"),
    "properties": _("document properties"),
    "reference": _("references to other files"),
    "text": _("text"),
    "file": _("whole file"),
}
NAMELESS: dict[str, Promise] = {"comment_by": _("comment"), "change_by": _("change")}


@dataclass(frozen=True)
class Finding:
    """One thing to look at before a file becomes public. Plain values only, so that it can be kept as JSON."""

    what: What
    place: str  # a key of PLACES
    name: str  # of the page, sheet, person …
    excerpt: str = ""  # shortened, long numbers partly masked
    can_be_cleaned: bool = False
    count: int = 1  # how often at that place

    @property
    def severity(self) -> Severity:
        return self.what.severity

    @property
    def where(self) -> Promise:
        words = NAMELESS.get(self.place) if not self.name else None
        return words or format_lazy(PLACES[self.place], name=self.name)

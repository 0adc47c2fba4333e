"""Tracked changes accepted, as Word's own command does (ISO/IEC 29500-1, 17.13.5), and comments taken out."""

from .clean_zipped import Tree, all_of, attribute, local, remove, unwrap
from .word import FALSE

GONE = {"del", "moveFrom"}
KEPT = {"ins", "moveTo"}
MARKS = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tcPrChange", "trPrChange",
    "tblPrExChange", "numberingChange", "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
    "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
)  # fmt: skip
ANCHORS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")


def accept_changes(root: Tree) -> None:
    """What was taken away goes, what was added stays, and no trace says so."""
    list(map(remove, all_of(root, *MARKS)))
    for element in all_of(root, "cellDel"):
        remove(element.getparent().getparent())
    breaks = []
    for element in all_of(root, *GONE):
        parent = local(element.getparent())
        if parent == "trPr":
            remove(element.getparent().getparent())  # the row
        elif parent == "rPr":
            breaks.append(element)
        else:
            remove(element)
    for element in breaks:
        forget_break(element)
    for element in reversed(all_of(root, *KEPT)):
        remove(element) if local(element.getparent()) in ("trPr", "rPr") else unwrap(element)


def forget_break(mark: Tree) -> None:
    """A paragraph whose end was taken away goes on in the next one."""
    properties = mark.getparent().getparent()
    remove(mark)
    paragraph = properties.getparent() if local(properties) == "pPr" else None
    following = paragraph.getnext() if paragraph is not None else None
    if following is None:
        return
    content = [child for child in paragraph if local(child) != "pPr"]
    if content and local(following) != "p":
        return
    at = 1 if len(following) and local(following[0]) == "pPr" else 0
    for child in reversed(content):
        following.insert(at, child)
    if local(following) in ("p", "tbl"):
        remove(paragraph)


def without_comments(root: Tree) -> None:
    for element in all_of(root, *ANCHORS):
        run = element.getparent()
        remove(element)
        if local(run) == "r" and all(local(child) == "rPr" for child in run):
            remove(run)


def drop_hidden_runs(root: Tree, hidden_styles: set[str]) -> None:
    """Runs that no reader sees: by themselves, by their style or by that of their paragraph."""
    for run in all_of(root, "r"):
        if is_hidden(run, hidden_styles):
            remove(run)


def is_hidden(run: Tree, hidden_styles: set[str]) -> bool:
    own = [element for properties in run if local(properties) == "rPr" for element in properties]
    if flags := [element for element in own if local(element) == "vanish"]:
        return attribute(flags[0], "val") not in FALSE
    paragraph = next((up for up in run.iterancestors() if local(up) == "p"), None)
    around = [] if paragraph is None else [e for p in paragraph if local(p) == "pPr" for e in p if local(e) == "pStyle"]
    styles = [attribute(element, "val") for element in [*own, *around] if local(element) in ("rStyle", "pStyle")]
    return any(style in hidden_styles for style in styles)

"""What a file of minutes says, ready to be set: texts in one language, days and times written out."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.core import languages
from portal.core.languages import Worded
from resources.models.resource import Audience
from steering.minutes_content import Content, readable
from steering.models import Decision, Minutes
from steering.models.meeting import WIDEST_FIRST


def audiences_for(record: Minutes) -> list[str]:
    """
    Whom separate files are needed for, the widest audience first.

    The widest is the minutes' own; a narrower one has a file only where it may read more.
    """
    needed, before = [], None
    for audience in WIDEST_FIRST[WIDEST_FIRST.index(Audience(record.visibility)) :]:
        seen = readable(record.content, _up_to(audience))
        if seen != before:
            needed.append(audience)
        before = seen
    return needed


def printable(record: Minutes, *, audience: str, language: str) -> Content:
    """The values of a template: plain text, lists of rows, and `Worded` where a text may be in the other language."""
    with override(language):
        content = readable(record.content, _up_to(audience))
        meeting = content["meeting"]
        return {
            "language": language,
            "heading": _("Minutes %(code)s") % {"code": meeting["code"]},
            "code": meeting["code"],
            "body": _say(meeting["body"], language),
            "title": _say(meeting["title"], language),
            "when": _span(meeting["begins"], meeting["ends"]),
            "timezone": meeting["timezone"],
            "where": " · ".join(part for part in (meeting["mode_label"], meeting["place"]) if part),
            "quorum": _quorum(content["quorum"]),
            "revision": _revision(content),
            "present": [_presence(line) for line in content["here"]],
            "absent": [_presence(line) for line in content["away"]],
            "items": [_item(item, language) for item in content["items"]],
            "approval": _approval(record),
            "sha256": record.sha256,
            "verify_at": settings.SITE_URL + reverse("steering:verify"),
        }


def _up_to(audience: str) -> list[str]:
    """Whoever belongs to an audience belongs to the wider ones."""
    return WIDEST_FIRST[: WIDEST_FIRST.index(Audience(audience)) + 1]


def _say(texts: dict[str, str], language: str) -> Worded:
    return languages.worded(texts, order=[language, *(code for code in ("es", "en") if code != language)])


def _span(begins: datetime, ends: datetime) -> str:
    """The day is named again only where the meeting ends on another one."""
    end = date_format(ends, "TIME_FORMAT" if begins.date() == ends.date() else "DATETIME_FORMAT")
    return f"{date_format(begins, 'DATETIME_FORMAT')} – {end}"


def _quorum(kept: Content | None) -> str:
    if not kept:
        return ""
    best = kept["best"]
    words = {"counted": best["counted"], "filled": best["filled"], "needed": best["needed"]}
    counted = _("%(counted)s of %(filled)s seats; %(needed)s are needed") % words
    return f"{counted}. {_('There was a quorum.') if kept['reached'] else _('There was no quorum.')}"


def _revision(content: Content) -> str:
    if content["revision"] == 1:
        return ""
    return _("Revision %(n)s: %(reason)s") % {"n": content["revision"], "reason": content["reason"]}


def _presence(line: Content) -> Content:
    times = [
        _("from %(at)s") % {"at": line["arrived"]} if line["arrived"] else "",
        _("until %(at)s") % {"at": line["left"]} if line["left"] else "",
    ]
    shown = {name: line[name] for name in ("name", "organisation")}
    status = ", ".join(part for part in (line["status_label"], *times) if part)
    return shown | {"capacity": line["capacity_label"], "status": status}


def _item(item: Content, language: str) -> Content:
    if item.get("reserved"):
        title = Worded(_("Reserved item"), language)
        nothing = {"kind": "", "text": Worded("", language), "decisions": [], "actions": []}
        return {"position": item["position"], "title": title, **nothing}
    about = [item["kind_label"], item["state_label"], item["presenter"]]
    return {
        "position": item["position"],
        "title": _say(item["title"], language),
        "kind": " · ".join(part for part in about if part),
        "text": _say(item["text"], language),
        "decisions": [_decision(decision, language) for decision in item["decisions"]],
        "actions": [_action(action, language) for action in item["actions"]],
    }


def _decision(decision: Content, language: str) -> Content:
    heading = _("Decision %(code)s") % {"code": decision["code"]}
    if decision["state"]:
        return {"heading": f"{heading} ({_('annulled')})", "text": Worded("", language), "how": "", "dissent": ""}
    how = [decision["method_label"]]
    if decision["method"] == Decision.Method.VOTE:
        words = dict(zip(("votes_for", "against", "abstained"), decision["votes"], strict=True))
        how.append(_("%(votes_for)s for, %(against)s against, %(abstained)s abstentions") % words)
    if decision["ad_referendum"]:
        how.append(_("without a quorum, ad referendum"))
    if decision["supersedes"]:
        how.append(_("replaces %(code)s") % {"code": decision["supersedes"]})
    said = {"text": _say(decision["text"], language), "dissent": decision["dissent"]}
    return {"heading": heading, "how": " · ".join(how), **said}


def _action(action: Content, language: str) -> Content:
    due = date_format(action["due"], "DATE_FORMAT")
    shown = {name: action[name] for name in ("code", "organisation")}
    return shown | {"text": _say(action["text"], language), "due": due}


def _approval(record: Minutes) -> str:
    day = date_format(localtime(record.approved_at), "DATE_FORMAT")
    said = _("Approved on %(day)s: %(how)s.") % {"day": day, "how": record.get_approved_how_display()}
    return f"{said} {record.approved_in.code}" if record.approved_in else said

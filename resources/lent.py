"""What the library does for the network, which knows no documents: it looks at files, and its works follow a merger."""

from typing import BinaryIO

from network import attachments, merging
from network.models import Organisation
from resources import actions
from resources.intake import kinds
from resources.models import Resource


@attachments.checked_by
def look_at(file: BinaryIO, name: str) -> str:
    """The name to keep an applicant's file under. Raises `attachments.Refused` for what the library would not take."""
    shown = kinds.clean_name(name)
    try:
        kinds.identify(file, shown)
    except kinds.Refused as refused:
        raise attachments.Refused(refused.message) from refused
    return shown


@merging.rule("resources.Resource.organisation")
def works_follow(old: Organisation, new: Organisation) -> None:
    """Works become the other organisation's, and searches find them under its name."""
    pks = list(old.resources.values_list("pk", flat=True))
    Resource.objects.filter(organisation=old).update(organisation=new)
    actions.renamed(Resource.objects.filter(pk__in=pks))

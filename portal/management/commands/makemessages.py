from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Without guesses: a message nobody translated stays empty and is counted as missing."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

"""What an action says when it can't be done."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """Why an action can't be done: a sentence for whoever asked. Forms and steps of the admin show it as it is."""

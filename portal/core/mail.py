"""Letters: plain text in the reader's language, sent by the worker once what they tell of is committed."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.tasks import task
from django.template import Context
from django.template.loader import get_template
from django.utils import translation


def send(template: str, *, to: str, language: str, context: dict[str, object]) -> None:
    """
    Write `<template>_subject.txt` and `<template>_message.txt` in that language and leave the letter to the worker.

    The task is a row of the transaction around it: what is rolled back tells nobody. Templates get SITE_URL too, and
    nothing is escaped as it would be in HTML.
    """
    deliver.enqueue(*write(template, to=to, language=language, context=context))


def send_now(template: str, *, to: str, language: str, context: dict[str, object]) -> None:
    """The same from within a task: a letter with a link that nobody else may read never lies in the database."""
    deliver.func(*write(template, to=to, language=language, context=context))


def write(template: str, *, to: str, language: str, context: dict[str, object]) -> tuple[str, str, str]:
    """Subject, text and address of a letter. The subject is one line, whatever names it holds."""
    with translation.override(language):
        plain = Context({"SITE_URL": settings.SITE_URL, **context}, autoescape=False)
        subject = get_template(f"{template}_subject.txt").template.render(plain)
        text = get_template(f"{template}_message.txt").template.render(plain)
    return " ".join(subject.split()), text.strip() + "\n", to


@task
def deliver(subject: str, text: str, to: str) -> None:
    """Hand one letter to the mail server; the worker tries again when that fails."""
    headers = {"Auto-Submitted": "auto-generated"}  # answering machines stay silent (RFC 3834)
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()

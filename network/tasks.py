"""What the worker does for the network by night. Each task may run twice without harm."""

from django.tasks import task

from network import joining


@task
def tidy_applications() -> int:
    """Close applications nobody went on with and remove contacts nobody needs any more; gives how many."""
    return joining.expire_stale() + joining.forget_old()

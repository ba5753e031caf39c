"""What the worker does with campaigns as soon as somebody has started one; the timetable goes on with the rest."""

from django_tasks import task

from vafa.act.campaigns.actions import go_on
from vafa.kit import clock


@task()
def prepare() -> None:
    """Freeze whom the campaigns go to whose time has come."""
    go_on(clock.now())

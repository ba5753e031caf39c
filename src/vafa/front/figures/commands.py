"""`vafa metric`, `vafa cohorts` and `vafa why`. They stand in the front because a figure may be of a segment, and the
metrics know nothing of segments."""

import typer

from vafa.front.figures.cohorts_command import cohorts
from vafa.front.figures.metric_command import metric
from vafa.front.figures.why_command import why


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("metric")(metric)
    app.command("cohorts")(cohorts)
    app.command("why")(why)

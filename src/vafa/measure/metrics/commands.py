"""The commands of this room that read the records; `rate_command` needs none, and brings itself."""

import typer

from vafa.measure.metrics.cohorts_command import cohorts
from vafa.measure.metrics.metric_command import metric
from vafa.measure.metrics.why_command import why


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("metric")(metric)
    app.command("cohorts")(cohorts)
    app.command("why")(why)

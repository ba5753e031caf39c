"""The commands of this room."""

import typer

from vafa.measure.metrics.rate_command import rate


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("rate")(rate)

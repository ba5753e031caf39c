"""`vafa trial ...`: results of trials, and the analysis of any outside table."""

import typer

from vafa.front.trials.analyse_command import analyse
from vafa.front.trials.result_commands import list_all, report, show


def register(app: typer.Typer) -> None:
    """Add the commands of trials."""
    trials = typer.Typer(
        help="Did it work: the results of trials, and of any outside table.", no_args_is_help=True
    )
    trials.command("list")(list_all)
    trials.command("show")(show)
    trials.command("report")(report)
    trials.command("analyse")(analyse)
    app.add_typer(trials, name="trial")

"""The `vafa` command. Each room brings its own commands; this only gathers them."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

# Every module here has a function `register(app: typer.Typer) -> None` that adds these commands.
COMMAND_MODULES = {
    "vafa.config.serving": ("serve", "worker", "run", "demo", "make-demo"),
    "vafa.config.owning": ("init", "staff-link"),
    "vafa.config.checking": ("check",),
    "vafa.config.bundling": ("bundle",),
    "vafa.config.backups.commands": ("backup", "restore", "upgrade"),
    "vafa.front.intake.commands": ("import", "undo-import"),
    "vafa.warehouse.commands": ("refresh", "export"),
    "vafa.measure.metrics.rate_command": ("rate",),
    "vafa.measure.quality.commands": ("quality",),
    "vafa.front.privacy.commands": ("erase",),
    "vafa.front.segments.commands": ("segment",),
    "vafa.front.campaigns.commands": ("campaigns",),
    "vafa.front.figures.commands": ("metric", "cohorts", "why"),
    "vafa.front.risk.commands": ("predict", "backtest"),
    "vafa.front.trials.commands": ("trial",),
}

# Commands that touch no data of the business, so they start without its database.
WITHOUT_DATABASE = {"rate", "bundle", "trial analyse", None}
# Commands that see to the tables themselves.
SEEING_TO_IT = {"restore", "upgrade"}


def main() -> None:
    """Run one command, with the exit codes of `vafa.kit.terminal`."""
    import django

    from vafa.kit.errors import VafaError
    from vafa.kit.terminal import fail

    arguments = sys.argv[1:]
    words = [text for text in arguments if not text.startswith("-")]
    asked = words[0] if words else None
    as_json = "--json" in arguments
    django.setup()
    app = build_app(choose_modules(asked))
    try:
        if not {asked, " ".join(words[:2])} & (WITHOUT_DATABASE | SEEING_TO_IT) and "--help" not in arguments:
            from vafa.config.database import ensure_database

            ensure_database()
        _run(app, as_json)
    except VafaError as error:
        fail(error, as_json)
    except KeyboardInterrupt:
        sys.exit(130)


def choose_modules(asked: str | None) -> list[str]:
    """The module that brings the command asked for, so that it starts quickly; all where it is none of them."""
    chosen = [module for module, names in COMMAND_MODULES.items() if asked in names]
    return chosen or list(COMMAND_MODULES)


def build_app(modules: Iterable[str]) -> "typer.Typer":
    """The command with what these modules bring."""
    import typer

    from vafa import __version__

    app = typer.Typer(
        name="vafa",
        help="Customer retention: who stays, who leaves, and what helps.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )

    @app.callback(invoke_without_command=True)
    def start(version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
        if version:
            sys.stdout.write(f"vafa {__version__}\n")
            raise typer.Exit

    for name in modules:
        import_module(name).register(app)
    return app


def _run(app: "typer.Typer", as_json: bool) -> NoReturn:
    """Run the command that the arguments ask for. Typer tells of an unknown option in words; a program that
    asked for JSON gets a document of that as well."""
    import typer

    from vafa.kit.errors import AskedWrongly

    if not as_json:
        app(standalone_mode=True)
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        raise AskedWrongly(error.format_message(), "See --help.", code="usage") from error
    except typer.Abort:
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()

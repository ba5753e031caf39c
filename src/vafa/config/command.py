"""The `vafa` command. Each room brings its own commands; this only gathers them."""

import os
import sys
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

# Every module here has a function `register(app: typer.Typer) -> None`.
COMMAND_MODULES = (
    "vafa.config.serving",
    "vafa.config.owning",
    "vafa.config.checking",
    "vafa.front.intake.commands",
    "vafa.warehouse.commands",
    "vafa.measure.metrics.commands",
)


def main() -> None:
    """Run one command, with the exit codes of `vafa.kit.terminal`."""
    import django
    import typer

    from vafa import __version__
    from vafa.kit.errors import VafaError
    from vafa.kit.terminal import fail

    django.setup()
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

    for name in COMMAND_MODULES:
        import_module(name).register(app)
    as_json = "--json" in sys.argv
    try:
        from vafa.config.database import ensure_database

        if not {"--help", "--version", "rate"} & set(sys.argv[1:]):
            ensure_database()
        app(standalone_mode=True)
    except VafaError as error:
        fail(error, as_json)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

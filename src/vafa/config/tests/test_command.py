"""The gathering of the commands: which module brings which, and what a program hears that asks wrongly."""

import json
import sys
from importlib import import_module

import pytest
import typer

from vafa.config.command import COMMAND_MODULES, choose_modules, main


@pytest.mark.parametrize("module", COMMAND_MODULES)
def test_each_module_brings_the_commands_that_the_table_says(module: str) -> None:
    app = typer.Typer()
    import_module(module).register(app)
    found = {command.name for command in app.registered_commands}
    found |= {group.name for group in app.registered_groups}
    assert found == set(COMMAND_MODULES[module])


def test_only_the_module_of_the_command_asked_for_is_taken() -> None:
    assert choose_modules("rate") == ["vafa.measure.metrics.rate_command"]
    assert choose_modules("nothing of ours") == choose_modules(None) == list(COMMAND_MODULES)


@pytest.mark.parametrize("arguments", [["rate", "--start", "x"], ["rate", "--colour"], ["rate", "more"]])
def test_a_program_that_asks_wrongly_hears_it_as_a_document(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["vafa", *arguments, "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    document = json.loads(capsys.readouterr().out)
    assert document["error"] == "usage"
    assert arguments[-1] in document["message"] or "--start" in document["message"]

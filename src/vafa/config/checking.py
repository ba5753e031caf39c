"""The command `vafa check`: is this installation healthy and safe? Each finding says what to do."""

import typer

from vafa.config.findings import CHECKS, Finding, Mark, look
from vafa.kit import clock
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs

_SIGNS = {Mark.OK: "ok  ", Mark.WARN: "warn", Mark.FAIL: "FAIL"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


@needs(Permission.MANAGE_STAFF)
def check(as_json: JsonOption = False) -> None:
    """Look whether this installation is healthy and safe, and say what to do where it is not."""
    now = clock.now()
    findings = [look(one, now) for one in CHECKS]
    worst = max(finding.mark for finding in findings)
    document = {
        "healthy": worst != Mark.FAIL,
        "checks": [
            {"name": one.name, "status": one.mark.name.lower(), "message": one.message, "remedy": one.remedy}
            for one in findings
        ],
    }
    answer(document, as_json, lambda: "\n".join(write_finding(one) for one in findings))
    if worst == Mark.FAIL:
        raise typer.Exit(1)


def write_finding(finding: Finding) -> str:
    """One finding as a line, and what to do as another."""
    line = f"{_SIGNS[finding.mark]}  {finding.name:<10}  {finding.message}"
    return f"{line}\n{'':18}{finding.remedy}" if finding.remedy else line

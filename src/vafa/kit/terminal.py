"""The furniture of every command: one JSON document on stdout, everything else on stderr, three exit codes.

Exit codes: 0 done, 2 asked wrongly (the message names the option), 1 failed.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from vafa.kit.errors import NotAllowed, VafaError
from vafa.kit.permissions import ROLE_PERMISSIONS, Permission, Role

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

console = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Tell the operator something on standard error."""
    console.print(text, markup=False)


def answer(document: dict[str, Any], as_json: bool, text: Callable[[], str] | str = "") -> None:
    """Print a command's result: the document as JSON, or the same for people."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=_plain) + "\n")
    else:
        sys.stdout.write((text() if callable(text) else text).rstrip("\n") + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def needs(permission: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The one line above a command's function: who sits at the machine is its operator and acts as owner,
    unless VAFA_AS names a narrower role (as a timetable of an analyst's would)."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def checked(*args: Any, **kwargs: Any) -> Any:
            role = os.environ.get("VAFA_AS", Role.OWNER.value)
            if role not in set(Role):
                raise NotAllowed(f"VAFA_AS names no role: {role}")
            if permission not in ROLE_PERMISSIONS[Role(role)]:
                raise NotAllowed(f"The role {role} lacks the permission {permission.value}.")
            return command(*args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def open_command(reason: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The line above a command that touches no data of the business."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        command.permission = None  # type: ignore[attr-defined]
        command.open_because = reason  # type: ignore[attr-defined]
        return command

    return decorate


def fail(error: VafaError, as_json: bool) -> NoReturn:
    """Tell of an error as the command line promises, and leave."""
    if as_json:
        document: dict[str, Any] = {
            "error": error.code,
            "message": str(error.message),
            "remedy": str(error.remedy),
        }
        if error.details:
            document["details"] = error.details
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=_plain) + "\n")
    else:
        say(str(error))
    sys.exit(error.exit_status)

"""Sends what has come due and dies at a named step, as if the machine had lost power; see test_kill.py."""

import os
import signal
import sys
from datetime import datetime
from typing import Any

import django

django.setup()

from vafa.front.reports import sending  # noqa: E402
from vafa.kit.mail import send_staff_mail  # noqa: E402

SEND = send_staff_mail


def die(*_what: object, **_more: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def send_and_die(*what: Any, **more: Any) -> None:
    """Write the first mail, and no second one."""
    SEND(*what, **more)
    die()


def main() -> None:
    step, now = sys.argv[1], datetime.fromisoformat(sys.argv[2])
    if step == "made":
        setattr(sending, "claim_run", die)  # noqa: B010
    elif step == "claimed":
        setattr(sending, "write_letter", die)  # noqa: B010
    elif step == "first mail":
        setattr(sending, "send_staff_mail", send_and_die)  # noqa: B010
    elif step == "all mails":
        setattr(sending, "end_run", die)  # noqa: B010
    sending.send_due_reports(now)


main()

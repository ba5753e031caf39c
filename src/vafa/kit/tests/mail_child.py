"""Delivers the outbox and dies at a named step, as if the machine had lost power; see test_mail_kill.py."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime

import django

django.setup()

from vafa.kit import mail_outbox  # noqa: E402
from vafa.kit.mail_sending import Connection  # noqa: E402


def die(*_what: object, **_more: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hand_over_and_die(self: Connection, address: str, message: bytes, before: Callable[[], None]) -> str:
    def note_and_die() -> None:
        before()
        die()

    return HAND_OVER(self, address, message, note_and_die)


HAND_OVER = Connection.hand_over


def main() -> None:
    step, now = sys.argv[1], datetime.fromisoformat(sys.argv[2])
    if step == "claimed":
        setattr(mail_outbox, "_deliver_one", die)  # noqa: B010
    elif step == "handing":
        setattr(Connection, "hand_over", hand_over_and_die)  # noqa: B010
    elif step == "taken":
        setattr(mail_outbox, "_end", die)  # noqa: B010
    mail_outbox.deliver(now)


main()

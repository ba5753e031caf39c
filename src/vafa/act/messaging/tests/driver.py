"""A process of its own, for two workers of which some are killed: python -m vafa.act.messaging.tests.driver
fill PORT|send|settle|check"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

CUSTOMERS = 300
AT_ONCE, PIECE = 45, 15


def main(mode: str, *told: str) -> None:
    import django

    django.setup()
    steps: dict[str, Callable[..., None]] = {"fill": fill, "send": send, "settle": settle, "check": check}
    steps[mode](*told)


def fill(port: str) -> None:
    """Customers who may get mail, an account, and a message that runs."""
    from django.core.management import call_command

    from vafa.act.messaging.tests.world import add_customers, add_message, add_smtp
    from vafa.act.messaging.types import Block, TemplateContent, Text

    call_command("migrate", verbosity=0)
    add_smtp(int(port))
    text = Text(subject="Hi {{ name }}", blocks=(Block("text", "Come"),))
    add_message(add_customers(CUSTOMERS), template=TemplateContent("email", (("en", text),)))


def send() -> None:
    """Send until nothing is due."""
    from vafa.act.messaging import claiming, handing
    from vafa.act.messaging.actions import deliver
    from vafa.act.messaging.tests.world import NOW

    # Small pieces, so that several workers share these few.
    claiming.AT_ONCE, handing.PIECE = AT_ONCE, PIECE
    print("begun", flush=True)
    sys.stdin.readline()
    deliver(NOW, tell_time=lambda: NOW)


def settle() -> None:
    """When all leases have ended, what is left goes on."""
    from vafa.act.messaging.actions import deliver
    from vafa.act.messaging.claiming import LEASE
    from vafa.act.messaging.tests.world import NOW

    later = NOW + LEASE + timedelta(seconds=1)
    deliver(later, tell_time=lambda: later)


def check() -> None:
    """The states of all, and to whom each unknown one was to go."""
    from vafa.act.messaging.models import Message, Sending
    from vafa.act.messaging.queries import get_progress

    unknown = Sending.objects.filter(state="unknown").values_list("customer__name", flat=True)
    print(json.dumps([dict(get_progress(Message.objects.get().pk).states), list(unknown)]))


if __name__ == "__main__":
    main(*sys.argv[1:])

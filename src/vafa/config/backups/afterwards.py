"""What has to be done on restored data before anybody works with them."""

from datetime import datetime

from django.db import connection

from vafa.data.consent.actions import ask_again


def after_restore(now: datetime) -> None:
    """Let nobody stay signed in by a session of that time, and ask anew for everybody to be erased who was erased
    since: the worker, or `vafa erase --go-on`, does it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    ask_again(by=None, now=now)

"""What has to be done on restored data before anybody works with them."""

from datetime import datetime

from django.db import connection


def after_restore(now: datetime) -> None:  # noqa: ARG001 - those who were erased since are erased again here
    """Let nobody stay signed in by a session of that time."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")

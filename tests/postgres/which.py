"""Run by `test_rooms.py`: which database the tests are on."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_this_is_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        (told,) = cursor.fetchone()
    assert told.startswith("PostgreSQL")

"""Tests run on Vafa's own settings, with their data in a folder that is theirs alone."""

import os
import tempfile

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_settings_are_ours_and_the_home_is_temporary():
    assert settings.ROOT_URLCONF == "vafa.config.urls"
    assert str(settings.HOME).startswith(tempfile.gettempdir())
    assert os.environ["VAFA_HOME"] == str(settings.HOME)
    assert os.environ["DATABASE_URL"] == os.environ.get("VAFA_TEST_DATABASE", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0

"""The list of the settings: every page stands in it once, and only where its permission is."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from vafa.data.staff.actions import add_staff
from vafa.data.staff.models import Staff
from vafa.front.settings_pages import GROUPS, TABS
from vafa.front.tests.conftest import NOW

pytestmark = pytest.mark.django_db


def read_list(browser: Client, page: str) -> list[str]:
    """The addresses of the list that stands beside a page."""
    text = browser.get(page).content.decode()
    beside = text.split('class="settings-list"')[1].split("</nav>")[0]
    return re.findall(r'href="([^"]+)"', beside)


def test_the_owner_finds_every_page_once(signed_in: Client) -> None:
    shown = read_list(signed_in, reverse("settings"))
    assert sorted(shown) == sorted(reverse(name) for name, _title, _permission in TABS)


def test_who_may_change_no_settings_finds_only_their_own_pages(owner: Staff) -> None:
    add_staff(email="m@x.example", role="agent", by=owner, now=NOW, password="enough-words-here-77")
    browser = Client()
    browser.force_login(Staff.objects.get(email="m@x.example"))
    assert read_list(browser, reverse("my_account")) == [reverse("my_account"), reverse("second_step")]


def test_groups_name_pages_that_there_are() -> None:
    names = [name for _title, group in GROUPS for name in group]
    assert set(names) <= {name for name, _title, _permission in TABS}
    assert len(names) == len(set(names))

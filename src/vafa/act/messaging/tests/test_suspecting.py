"""Which clicks are taken for a machine's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from vafa.act.messaging.clicking import is_scanner
from vafa.act.messaging.suspecting import ClickFacts, decide_bot

BROWSER = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)
PERSON = ClickFacts("GET", BROWSER, False, timedelta(minutes=10), 0, 4)


def test_a_click_in_a_browser_long_after_sending_is_a_persons() -> None:
    assert decide_bot(PERSON) is None
    assert decide_bot(replace(PERSON, other_links=1)) is None
    assert decide_bot(replace(PERSON, links=1)) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"method": "HEAD"}, "method"),
        ({"agent": ""}, "agent"),
        ({"agent": "python-requests/2.31"}, "agent"),
        ({"agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "agent"),
        ({"agent": "Mozilla/5.0 (Windows NT 10.0) BingPreview/1.0b"}, "agent"),
        ({"agent": "TelegramBot (like TwitterBot)"}, "agent"),
        ({"from_scanner": True}, "network"),
        ({"since_sent": timedelta(seconds=2)}, "at_once"),
        ({"since_sent": None}, "at_once"),
        ({"other_links": 3}, "every_link"),
        ({"other_links": 1, "links": 2}, "every_link"),
    ],
)
def test_a_machines_click_is_told_with_its_reason(changed: dict[str, object], reason: str) -> None:
    assert decide_bot(replace(PERSON, **changed)) == reason  # type: ignore[arg-type]


def test_networks_of_scanners_are_known() -> None:
    assert is_scanner("40.107.1.2")
    assert is_scanner("2a01:111:f400::1")
    assert not is_scanner("5.160.1.1")
    assert not is_scanner(None)
    assert not is_scanner("nonsense")

"""The public address: read, kept, asked, and required of whoever sends links to many."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from vafa.kit import public_address
from vafa.kit.errors import AskedWrongly
from vafa.kit.outbound import NotSent, Reply
from vafa.kit.public_address import (
    NoPublicAddress,
    PublicAddressSilent,
    build_proof,
    find_links_address,
    get_address_state,
    read_address,
    require_public_address,
    set_public_address,
)

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


def _answer(_method: str, url: str, **_more: object) -> Reply:
    return Reply(200, {}, build_proof(url.rstrip("/").rpartition("/")[2]).encode())


def _somebody_else(_method: str, _url: str, **_more: object) -> Reply:
    return Reply(200, {}, b"<html>Welcome</html>")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" vafa.example.com/ ", "https://vafa.example.com"),
        ("http://10.0.0.1:8000", "http://10.0.0.1:8000"),
        ("https://نمونه.ایران", "https://نمونه.ایران"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert read_address(typed) == kept


@pytest.mark.parametrize(
    "bad", ["ftp://x", "https://u:p@x", "https://x/path", "https://x?y", "https://:1", "x:port"]
)
def test_what_is_no_address_of_a_website_is_refused(bad: str) -> None:
    with pytest.raises(AskedWrongly):
        read_address(bad)


@pytest.mark.django_db
def test_sending_links_is_refused_by_name_until_the_address_answers() -> None:
    with pytest.raises(NoPublicAddress):
        require_public_address(NOW)
    set_public_address("https://vafa.example.com", by=None, now=NOW)
    with patch.object(public_address, "send", side_effect=NotSent("no", code="unknown_host")):
        with pytest.raises(PublicAddressSilent) as refused:
            require_public_address(NOW)
        assert refused.value.details["reason"] == "unknown_host"
        assert get_address_state().problem == "unknown_host"
    with patch.object(public_address, "send", side_effect=_somebody_else), pytest.raises(PublicAddressSilent):
        require_public_address(NOW)
    with patch.object(public_address, "send", side_effect=_answer) as asked:
        assert require_public_address(NOW) == find_links_address() == "https://vafa.example.com"
        require_public_address(NOW + timedelta(minutes=59))
        assert asked.call_count == 1
        require_public_address(NOW + timedelta(minutes=61))
        assert asked.call_count == 2
    with (
        patch.object(public_address, "send", return_value=Reply(502, {}, b"")),
        pytest.raises(PublicAddressSilent),
    ):
        require_public_address(NOW + timedelta(days=1))
    set_public_address("https://other.example.com", by=None, now=NOW)
    assert get_address_state().answers is False

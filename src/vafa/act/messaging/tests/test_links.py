"""The signed addresses behind links: they tell what they were built from, and nobody can make one up."""

import string
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.act.messaging.linking import Clicked, Stopped
from vafa.act.messaging.links import (
    build_links,
    build_stop_address,
    build_stop_headers,
    read_click_token,
    read_stop_token,
)
from vafa.data.consent.types import Channel, Purpose

IDS = st.integers(min_value=0, max_value=2**62)


def _token(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def build_clicks(sending_id: int) -> Callable[[int], str]:
    links = build_links(
        "https://a.example", sending_id=sending_id, customer_id=1, channel="email", purpose="service"
    )
    return links.click


@settings(max_examples=50)
@given(IDS, st.integers(min_value=0, max_value=500))
def test_a_link_tells_its_sending_and_number_and_no_other(sending_id: int, number: int) -> None:
    token = _token(build_clicks(sending_id)(number))
    assert read_click_token(token) == Clicked(sending_id, number)
    assert read_stop_token(token) is None


@settings(max_examples=50)
@given(IDS, IDS, st.sampled_from(Channel), st.sampled_from(Purpose))
def test_a_stop_link_tells_who_and_what(
    customer: int, sending: int, channel: Channel, purpose: Purpose
) -> None:
    token = _token(build_stop_address("https://a.example", customer, channel, purpose, sending))
    assert read_stop_token(token) == Stopped(customer, channel, purpose, sending)
    assert read_click_token(token) is None


@settings(max_examples=100)
@given(st.data())
def test_a_changed_link_is_none(data: st.DataObject) -> None:
    token = _token(build_clicks(12345)(3))
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + ".-_é"))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        assert read_click_token(changed) is None
    assert read_click_token(token[:place]) is None


def test_no_link_of_ours_names_where_it_leads_and_short_ones_stay_short() -> None:
    links = build_links(
        "https://a.example", sending_id=10**7, customer_id=10**6, channel="sms", purpose="marketing"
    )
    assert len(links.click(2)) <= len("https://a.example/k/") + 22
    assert links.preferences.startswith("https://a.example/preferences/")
    assert build_stop_headers(links.stop, "stop@a.example") == {
        "List-Unsubscribe": f"<{links.stop}>, <mailto:stop@a.example?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

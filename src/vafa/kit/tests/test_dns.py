"""Names are looked up within a moment, whatever a name server answers."""

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.dns import DnsServer, run_dns_server, write_name
from vafa.kit import dns_lookup
from vafa.kit.dns_lookup import Found, look_up
from vafa.kit.dns_message import Answer, NoAnswer, build_question, read_answer

NAME = "example.com"


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with run_dns_server() as server:
        yield server


def test_texts_are_found_through_aliases_in_pieces_and_over_tcp(server: DnsServer) -> None:
    key = "v=DKIM1; k=rsa; p=" + "A" * 700
    server.texts |= {NAME: ["v=spf1 -all", "other"], "key.provider.net": [key]}
    server.aliases["s1._domainkey.example.com"] = "key.provider.net"
    names = [NAME, "s1._domainkey.example.com", "_dmarc.example.com", "EXAMPLE.com", "a..b"]
    found = look_up(names, servers=[server.address])
    assert found[NAME] == found["EXAMPLE.com"] == Found(("v=spf1 -all", "other"))
    assert found["s1._domainkey.example.com"] == Found((key,))
    assert found["_dmarc.example.com"] == Found(exists=False)
    assert found["a..b"].problem == "no_name"


def test_a_silent_server_is_given_up_and_the_next_one_asked(server: DnsServer) -> None:
    server.texts[NAME] = ["here"]
    with run_dns_server() as silent:
        silent.twist = lambda _data: None
        assert look_up([NAME], servers=[silent.address], seconds=0.2) == {NAME: Found(problem="silent")}
        both = [silent.address, server.address]
        assert look_up([NAME], servers=both, seconds=0.6) == {NAME: Found(("here",))}
    # Its port is closed now.
    assert look_up([NAME], servers=[silent.address], seconds=0.2)[NAME].problem == "silent"
    server.twist = lambda data: data[:2] + struct.pack("!H", 0x8182) + data[4:]
    assert look_up([NAME], servers=[server.address], seconds=0.3)[NAME].problem == "refused"
    assert look_up([NAME], servers=[]) == {NAME: Found(problem="no_servers")}


def test_an_answer_to_another_question_is_no_answer(server: DnsServer) -> None:
    server.texts[NAME] = ["v=spf1 +all"]
    server.twist = lambda data: bytes([data[0] ^ 1]) + data[1:]  # forged, with a guessed number
    assert look_up([NAME], servers=[server.address], seconds=0.2)[NAME].problem == "silent"


def test_servers_are_those_of_the_machine(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "resolv.conf"
    path.write_text("# none\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\nnameserver nobody\nnameserver\n")
    monkeypatch.setattr(dns_lookup, "RESOLV", path)
    assert dns_lookup.list_servers() == [("127.0.0.53", 53), ("fe80::1%eth0", 53)]
    monkeypatch.setattr(dns_lookup, "RESOLV", path / "missing")
    assert dns_lookup.list_servers() == []


def _answer(records: bytes, count: int) -> bytes:
    question = build_question(7, NAME)
    return question[:2] + struct.pack("!HHHHH", 0x8180, 1, count, 0, 0) + question[12:] + records


def _record(length: int, data: bytes, owner: bytes = b"\xc0\x0c", kind: int = 16) -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, 60, length) + data


@pytest.mark.parametrize(
    "records",
    [
        _record(500, b"\x03abc"),  # ends beyond the answer
        _record(4, b"\x09abc"),  # a piece ends beyond its record
        _record(4, b"\x03abc", owner=b"\xc0\x1d"),  # a name that points at itself
        _record(4, b"\x03abc", owner=b"\xc0\xff"),  # and one that points beyond the end
        _record(4, b"\x03abc", owner=b"\x7f" + b"a" * 127),  # a label that is none
        b"\xc0",
    ],
)
def test_a_broken_answer_is_refused(records: bytes) -> None:
    with pytest.raises(NoAnswer):
        read_answer(_answer(records, 1), 7, NAME)


def test_aliases_in_a_ring_end_and_texts_of_others_are_not_taken() -> None:
    ring = _record(13, write_name(NAME), kind=5) + _record(4, b"\x03abc")
    assert read_answer(_answer(ring, 2), 7, NAME).texts == ("abc",)
    others = _record(4, b"\x03abc", owner=write_name("evil.com")) + _record(3, b"\x02\x01<")
    assert read_answer(_answer(others, 2), 7, NAME) == Answer(0, False, ("?<",))


@settings(max_examples=150)
@given(st.binary(max_size=300), st.integers(0, 5))
def test_any_bytes_give_an_answer_or_none(tail: bytes, count: int) -> None:
    for data in (tail, _answer(tail, count)):
        try:
            answer = read_answer(data, 7, NAME)
        except NoAnswer:
            continue
        assert all(text.isprintable() for text in answer.texts)

"""The one way out refuses private addresses, goes where it has looked, and never waits or reads for ever."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.web import Told, WebServer, run_web_server
from vafa.kit import outbound
from vafa.kit.outbound import NotSent, is_public, open_outlet, send

ROOT = Path(outbound.__file__).resolve().parents[1]
# One asks our own server whether it is up; the other lets a library that speaks by `requests` go by this room's way
# out.
OWN = {ROOT / "config" / "web.py", ROOT / "act" / "messaging" / "channels" / "anymail.py"}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_web_server() as server:
        yield server


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1",
     "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "224.0.0.1", "ff02::1", "fec0::1", "::127.0.0.1", "::a00:1",
     "64:ff9b:1::a00:1", "2001:0:53aa:64c:0:0:f5ff:fffe"],
)  # fmt: skip
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "file:///etc/passwd", "https://", "http://a:b@example.com/", "http://[::1", "nonsense",
     "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://[::127.0.0.1]/",
     "http://[::ffff:127.0.0.1]/", "http://localhost:1/"],
)  # fmt: skip
def test_what_is_not_allowed_is_not_sent(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAFA_ALLOW_PRIVATE", raising=False)
    with pytest.raises(NotSent) as refused:
        send("GET", url)
    assert refused.value.permanent


def test_one_private_address_of_many_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_asked: Any, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    with pytest.raises(NotSent, match="private"):
        send("GET", "http://rebinding.example/")


def test_it_goes_to_the_address_that_was_looked_at_under_the_name_that_was_asked(web: WebServer) -> None:
    web.answer = lambda asked: Told(302, b"elsewhere", {"Location": "http://10.0.0.1/"})
    reply = send("POST", f"{web.url}/hook?a=1", headers={"X-A": "1"}, body=b"{}")
    assert (reply.status, reply.text(), reply.headers["location"]) == (302, "elsewhere", "http://10.0.0.1/")
    asked = web.asked[0]
    assert (asked.path, asked.headers["host"], asked.body) == ("/hook?a=1", f"localhost:{web.port}", b"{}")
    assert len(web.asked) == 1


def test_a_large_answer_is_cut_off(web: WebServer) -> None:
    web.answer = lambda asked: Told(200, b"x" * 100_000)
    with pytest.raises(NotSent) as refused:
        send("GET", web.url, most_bytes=1000)
    assert refused.value.code == "too_large"


def test_nobody_there_is_told(web: WebServer) -> None:
    with pytest.raises(NotSent) as refused:
        send("GET", "http://localhost:1/", seconds=2)
    assert (refused.value.code, refused.value.permanent) == ("unreachable", False)
    assert not refused.value.may_have_arrived


def test_an_answer_that_breaks_off_leaves_open_whether_it_arrived(web: WebServer) -> None:
    web.answer = lambda asked: Told(200, b"half", {"Content-Length": "400"})
    with pytest.raises(NotSent) as refused:
        send("POST", web.url, body=b"{}")
    assert refused.value.may_have_arrived
    assert len(web.asked) == 1


def test_an_open_outlet_leads_to_its_own_server_alone(web: WebServer) -> None:
    with open_outlet(web.url) as outlet:
        assert [outlet.send("POST", f"{web.url}/{number}").status for number in (1, 2)] == [200, 200]
        with pytest.raises(NotSent, match="another server"):
            outlet.send("POST", "http://example.com/")
    assert [asked.path for asked in web.asked] == ["/1", "/2"]


def test_nothing_else_in_vafa_goes_out_by_itself() -> None:
    """Each import of a library that speaks HTTP, but for this room's and that which asks our own server."""
    found = set()
    for path in ROOT.rglob("*.py"):
        if "tests" in path.parts or path in OWN or path.name == "outbound.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            wrong = {"httpx", "requests", "urllib3", "aiohttp", "urllib.request", "http.client"}
            found |= {(path.name, name) for name in names if name in wrong}
    assert found == set()

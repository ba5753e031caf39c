"""Serving for real: processes that start, die, and leave nothing behind."""

import json
import os
import re
import signal
import socket
from pathlib import Path

import pytest

from vafa.config.frontend import DIST
from vafa.config.tests.conftest import (
    PATIENCE_SECONDS,
    Start,
    ask,
    find_free_port,
    list_processes,
    read_document,
    wait_for,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (DIST / "app.css").exists(), reason="the front end is not built here"),
]


def test_run_serves_works_restarts_and_leaves_nothing(start: Start, bare_home: Path) -> None:
    run = start("run", "--json", "--port", str(find_free_port()))
    document = read_document(run)
    address = document["address"]
    assert ask(f"{address}/healthz") == 200
    assert document["begin"].startswith(f"{address}/begin/")
    assert ask(document["begin"]) == 200
    wait_for((bare_home / "worker.beat").exists)

    worker = next(
        pid for pid, command in list_processes(bare_home).items() if "worker --supervised" in command
    )
    server = next(
        pid for pid, command in list_processes(bare_home).items() if "serve --supervised" in command
    )
    os.kill(worker, signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: ask(f"{address}/healthz") is None)
    wait_for(lambda: ask(f"{address}/healthz") == 200)
    wait_for(
        lambda: any(
            "worker --supervised" in line for pid, line in list_processes(bare_home).items() if pid != worker
        )
    )

    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 0
    assert list_processes(bare_home) == {}
    assert not (bare_home / "worker.beat").exists()


def test_a_killed_supervisor_leaves_no_orphan(start: Start, home: Path) -> None:
    run = start("run", "--json", "--port", str(find_free_port()), "--workers", "2")
    address = read_document(run)["address"]
    wait_for(lambda: len(list_processes(home)) >= 5)
    run.kill()
    run.wait()
    wait_for(lambda: not list_processes(home), 30)
    assert ask(f"{address}/healthz") is None


def test_the_second_start_says_where_the_first_is(start: Start, home: Path) -> None:
    port = find_free_port()
    first = start("run", "--json", "--port", str(port))
    address = read_document(first)["address"]
    for command in ("run", "serve"):
        second = start(command, "--json", "--port", str(port))
        document = json.loads(second.communicate(timeout=PATIENCE_SECONDS)[0])
        assert second.returncode == 0
        assert document["address"] == address
        assert document["already"] is True
        assert document["pid"] == first.pid


def test_two_starts_at_once_make_one_server(start: Start, bare_home: Path) -> None:
    port = find_free_port()
    starts = [start("serve", "--json", "--port", str(port)) for _one in range(2)]
    documents = [read_document(one) for one in starts]
    assert documents[0]["address"] == documents[1]["address"] == f"http://127.0.0.1:{port}"
    assert sorted(bool(document.get("already")) for document in documents) == [False, True]


def test_a_taken_port_gives_way_to_the_next(start: Start, home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        serve = start("serve", "--json", "--port", str(taken))
        address = read_document(serve)["address"]
        assert int(address.rsplit(":", 1)[1]) > taken
        assert ask(f"{address}/healthz") == 200
        serve.send_signal(signal.SIGINT)
        _out, said = serve.communicate(timeout=30)
    assert f"Port {taken} is taken" in said


def test_init_makes_the_owner_once(start: Start, home: Path) -> None:
    arguments = ("init", "--email", "Sara@Example.com", "--country", "ir", "--json")
    made = start(*arguments)
    document = json.loads(made.communicate(timeout=PATIENCE_SECONDS)[0])
    assert made.returncode == 0
    assert document["email"] == "sara@example.com"
    assert len(document["password"]) >= 12
    again = start(*arguments)
    refused = json.loads(again.communicate(timeout=PATIENCE_SECONDS)[0])
    assert (again.returncode, refused["error"]) == (1, "owner_exists")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--email", "nobody"), "bad_email"),
        (("--email", "a@example.com", "--country", "XX"), "unknown_country"),
        (("--email", "a@example.com", "--language", "tlh"), "unknown_language"),
        (("--email", "a@example.com", "--password-stdin"), "no_password"),
    ],
)
def test_init_refuses_what_makes_no_sense(
    start: Start, home: Path, arguments: tuple[str, ...], code: str
) -> None:
    refused = start("init", "--json", *arguments)
    document = json.loads(refused.communicate(timeout=PATIENCE_SECONDS)[0])
    assert (refused.returncode, document["error"]) == (2, code)


def test_check_finds_an_installation_healthy_and_an_unsafe_one_not(start: Start, home: Path) -> None:
    healthy = start("check", "--json")
    document = json.loads(healthy.communicate(timeout=PATIENCE_SECONDS)[0])
    marks = {one["name"]: one["status"] for one in document["checks"]}
    assert healthy.returncode == 0, document
    assert document["healthy"] is True
    assert (marks["database"], marks["key"], marks["owner"]) == ("ok", "ok", "warn")

    (home / "secret.key").chmod(0o644)
    unsafe = start("check", VAFA_HOSTS="shop.example")
    text = unsafe.communicate(timeout=PATIENCE_SECONDS)[0]
    assert unsafe.returncode == 1
    assert re.search(r"^FAIL  key .*signing key", text, re.MULTILINE)
    assert re.search(r"^warn  network .*without TLS", text, re.MULTILINE)


def test_pages_without_a_worker_are_found_unhealthy(start: Start, home: Path) -> None:
    read_document(start("serve", "--json", "--port", str(find_free_port())))
    check = start("check", "--json")
    document = json.loads(check.communicate(timeout=PATIENCE_SECONDS)[0])
    assert check.returncode == 1
    assert next(one for one in document["checks"] if one["name"] == "worker")["status"] == "fail"

"""Texts of names, asked of the name servers that this machine uses: many names in one go, one deadline for all of them,
and a plain word where nobody answers."""

import secrets
import select
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from vafa.kit.dns_message import NO_SUCH_NAME, Answer, NoAnswer, build_question, read_answer

RESOLV = Path("/etc/resolv.conf")
PORT, SECONDS, MOST_SERVERS, MOST_NAMES = 53, 4.0, 3, 40
_MOST_BYTES = 65_535
# Servers that themselves could not find out are asked no more than those that say nothing.
Problem = Literal["", "silent", "refused", "no_name", "no_servers"]
Server = tuple[str, int]


@dataclass(frozen=True)
class Found:
    """The texts of a name. `problem` says why nobody knows: no server answered in time ("silent"), it would not or
    could not ("refused"), the name is none ("no_name"), no server is known ("no_servers"). A name
    that doesn't exist has no texts either."""

    texts: tuple[str, ...] = ()
    problem: Problem = ""
    exists: bool = True


def list_servers() -> list[Server]:
    """The name servers of this machine, by address and port."""
    try:
        lines = RESOLV.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    servers = []
    for line in lines:
        words = line.split()
        if len(words) >= 2 and words[0] == "nameserver":
            with suppress(ValueError):
                ip_address(words[1].partition("%")[0])
                servers.append((words[1], PORT))
    return servers[:MOST_SERVERS]


def look_up(
    names: Iterable[str], *, servers: Sequence[Server] | None = None, seconds: float = SECONDS
) -> dict[str, Found]:
    """The texts of each of these names, at most so many seconds later. Raises nothing."""
    told = list(dict.fromkeys(names))[:MOST_NAMES]
    known = list_servers() if servers is None else list(servers)
    if not known:
        return {name: Found(problem="no_servers") for name in told}
    found: dict[str, Found] = {}
    for name in told:
        try:
            build_question(0, name)
        except ValueError:
            found[name] = Found(problem="no_name")
    until = time.monotonic() + seconds
    for place, server in enumerate(known):
        missing = [name for name in told if name not in found or found[name].problem == "refused"]
        left = until - time.monotonic()
        if not missing or left <= 0:
            break
        found |= _ask(missing, server, time.monotonic() + left / (len(known) - place))
    return {name: found.get(name, Found(problem="silent")) for name in told}


def _ask(names: Sequence[str], server: Server, until: float) -> dict[str, Found]:
    """What one server answers until a moment; names of which it says nothing are left out."""
    found: dict[str, Found] = {}
    waiting = {name: secrets.randbelow(0x10000) for name in names}
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    half = time.monotonic() + (until - time.monotonic()) / 2
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            # Connected, so that only this server's packets reach us, and a closed port is told.
            line.connect(server)
            _send(line, waiting)
            while waiting and (left := until - time.monotonic()) > 0:
                ready, _writers, _errors = select.select([line], [], [], min(left, 0.25))
                if ready:
                    found |= _take(line.recv(_MOST_BYTES), waiting, server, until)
                elif time.monotonic() > half:
                    half = until
                    _send(line, waiting)
    except OSError:
        return found
    return found


def _send(line: socket.socket, waiting: dict[str, int]) -> None:
    for name, number in waiting.items():
        line.send(build_question(number, name))


def _take(data: bytes, waiting: dict[str, int], server: Server, until: float) -> dict[str, Found]:
    """What one packet tells; {} where it answers none of the questions."""
    for name, number in waiting.items():
        try:
            answer = read_answer(data, number, name)
        except NoAnswer:
            continue
        del waiting[name]
        if answer.is_cut:
            whole = _ask_whole(name, server, until)
            return {} if whole is None else {name: _judge(whole)}
        return {name: _judge(answer)}
    return {}


def _judge(answer: Answer) -> Found:
    problem: Problem = "" if answer.code in (0, NO_SUCH_NAME) else "refused"
    return Found(answer.texts, problem, exists=answer.code != NO_SUCH_NAME)


def _ask_whole(name: str, server: Server, until: float) -> Answer | None:
    """The same question over TCP, for an answer that doesn't fit into a packet; None where it fails."""
    number = secrets.randbelow(0x10000)
    question = build_question(number, name)
    try:
        with socket.create_connection(server, timeout=max(0.05, until - time.monotonic())) as line:
            line.sendall(len(question).to_bytes(2) + question)
            size = int.from_bytes(_receive(line, 2, until))
            return read_answer(_receive(line, size, until), number, name)
    except (OSError, NoAnswer):
        return None


def _receive(line: socket.socket, size: int, until: float) -> bytes:
    """So many bytes, before a moment. Raises OSError where they don't come."""
    data = b""
    while len(data) < size:
        line.settimeout(max(0.01, until - time.monotonic()))
        piece = line.recv(size - len(data))
        if not piece or time.monotonic() > until:
            raise ConnectionError("the answer ended early")
        data += piece
    return data

"""A name server for tests: answers questions for texts over UDP and TCP from a small table, truly or badly."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TXT, CNAME = 16, 5


@dataclass
class DnsServer:
    """What it tells: texts by name, aliases, and what it does otherwise: `twist` changes each answer's bytes, or gives
    None to say nothing; `fits` is how many bytes fit into a packet."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    twist: Callable[[bytes], bytes | None] = lambda data: data
    fits: int = 512
    asked: list[str] = field(default_factory=list)
    address: tuple[str, int] = ("127.0.0.1", 0)

    def answer(self, question: bytes, *, whole: bool) -> bytes | None:
        """The answer to a question."""
        number = question[:2]
        name, at = _read_name(question)
        self.asked.append(name)
        records, final = b"", name
        count = 0
        while final in self.aliases:
            records += _write_record(final, CNAME, write_name(self.aliases[final]))
            final, count = self.aliases[final], count + 1
        for text in self.texts.get(final, ()):
            records += _write_record(final, TXT, _write_text(text))
            count += 1
        code = 0 if count or any(one.endswith(f".{name}") for one in self.texts) else 3
        head = number + struct.pack("!HHHHH", 0x8180 | code, 1, count, 0, 0)
        data = head + question[12 : at + 4] + records
        if not whole and len(data) > self.fits:
            data = number + struct.pack("!HHHHH", 0x8380, 1, 0, 0, 0) + question[12 : at + 4]
        return self.twist(data)


def write_name(name: str) -> bytes:
    """A name as it goes over the wire."""
    return b"".join(bytes([len(one)]) + one.encode() for one in name.split(".")) + b"\0"


def _read_name(question: bytes) -> tuple[str, int]:
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    return ".".join(labels), at + 1


def _write_record(name: str, kind: int, data: bytes) -> bytes:
    return write_name(name) + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def _write_text(text: str) -> bytes:
    told = text.encode()
    pieces = [told[start : start + 255] for start in range(0, len(told), 255)] or [b""]
    return b"".join(bytes([len(one)]) + one for one in pieces)


@contextmanager
def run_dns_server() -> Iterator[DnsServer]:
    """A name server on a port of its own, over UDP and TCP, until the block ends."""
    told = DnsServer()

    class Packet(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, line = self.request
            if (answer := told.answer(data, whole=False)) is not None:
                line.sendto(answer, self.client_address)

    class Stream(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            size = int.from_bytes(self.rfile.read(2))
            if (answer := told.answer(self.rfile.read(size), whole=True)) is not None:
                self.wfile.write(len(answer).to_bytes(2) + answer)

    packets, streams = _open_both(Packet, Stream)
    told.address = ("127.0.0.1", packets.server_address[1])
    threads = [
        threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True) for one in (packets, streams)
    ]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        for server in (packets, streams):
            server.shutdown()
            server.server_close()


def _open_both(
    packet: type[socketserver.BaseRequestHandler], stream: type[socketserver.BaseRequestHandler]
) -> tuple[socketserver.UDPServer, socketserver.TCPServer]:
    """A UDP and a TCP server on the same free port."""
    for _again in range(20):
        packets = socketserver.ThreadingUDPServer(("127.0.0.1", 0), packet)
        try:
            return packets, socketserver.ThreadingTCPServer(("127.0.0.1", packets.server_address[1]), stream)
        except OSError:
            packets.server_close()
    raise RuntimeError("no port is free for both")

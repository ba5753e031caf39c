"""A real mail server on this machine, for tests: it takes mail over SMTP, keeps it, and misbehaves when told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Taken:
    """One mail that the server took."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.raw, policy=default)

    @property
    def html(self) -> str:
        """Its HTML part."""
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    @property
    def text(self) -> str:
        """Its plain part."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@dataclass
class MailSink:
    """What the server took, and how it answers. An answer of "drop" closes the connection without a word."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    login: tuple[str, str] | None = None
    # By step: "mail", "rcpt", "data" (before the text), "text" (after it); the first answer is used up first.
    answers: dict[str, list[str]] = field(default_factory=dict)
    answers_to: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """As VAFA_SMTP_URL names it."""
        user = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"smtp://{user}127.0.0.1:{self.port}"

    def list_to(self, address: str) -> list[Taken]:
        """The mails to one address."""
        return [mail for mail in self.taken if mail.recipient == address]

    def next_answer(self, step: str, usual: str) -> str:
        """What to say at this step."""
        waiting = self.answers.get(step)
        return waiting.pop(0) if waiting else usual


class _Hangup(Exception):
    pass


class _Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        sink = self.server.sink
        sink.connections += 1
        self.sender = self.recipient = ""
        try:
            self.say("220 sink.example ESMTP")
            while line := self.rfile.readline():
                if not self.obey(line.decode("utf-8").strip()):
                    return
        except (_Hangup, OSError):
            return

    def say(self, answer: str) -> None:
        if answer == "drop":
            raise _Hangup
        self.wfile.write(answer.encode() + b"\r\n")

    def obey(self, line: str) -> bool:
        """Answer one command; False at the end of the conversation."""
        sink, verb = self.server.sink, line[:4].upper()
        if verb == "EHLO":
            self.say("250-sink.example\r\n250-AUTH PLAIN\r\n250 8BITMIME")
        elif verb == "AUTH":
            self.say("235 welcome" if self.knows(line) else "535 5.7.8 wrong user name or password")
        elif verb == "MAIL":
            self.sender = line.split("<")[1].split(">", maxsplit=1)[0]
            self.say(sink.next_answer("mail", "250 ok"))
        elif verb == "RCPT":
            self.recipient = line.split("<")[1].split(">", maxsplit=1)[0]
            self.say(sink.answers_to.get(self.recipient) or sink.next_answer("rcpt", "250 ok"))
        elif verb == "DATA":
            self.take()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok")
        return True

    def knows(self, line: str) -> bool:
        import base64

        if self.server.sink.login is None:
            return True
        said = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")
        return tuple(said[1:]) == self.server.sink.login

    def take(self) -> None:
        sink = self.server.sink
        begin = sink.next_answer("data", "354 go on")
        self.say(begin)
        if not begin.startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = sink.next_answer("text", f"250 2.0.0 queued as {len(sink.taken) + 1}")
        if answer.startswith("250") or answer == "drop":  # taken, and then gone before it could say so
            sink.taken.append(Taken(self.sender, self.recipient, b"".join(lines)))
        self.say(answer)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, sink: MailSink) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.sink = sink
        sink.port = self.server_address[1]


@contextmanager
def run_mail_sink() -> Iterator[MailSink]:
    """A mail server that runs while the block does."""
    sink = MailSink()
    server = _Server(sink)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()

"""A small mailbox on this machine that speaks IMAP (RFC 3501, as much as reading it needs), for tests."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ImapBox:
    """What is in the mailbox; the first mail has number 1. `commands` are those that were given, without passwords."""

    port: int = 0
    user: str = "bounces@shop.example"
    password: str = "box secret"
    validity: int = 77
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, told = line.decode("utf-8", "replace").strip().partition(" ")
            if not self.obey(tag, told):
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def obey(self, tag: str, told: str) -> bool:
        """Answer one command; False at the end of the conversation."""
        box, verb = self.server.box, told.split(" ", maxsplit=1)[0].upper()
        box.commands.append(verb if verb == "LOGIN" else told)
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN":
            if told != f'LOGIN {box.user} "{box.password}"':
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
                return True
        elif verb in ("SELECT", "EXAMINE"):
            self.say(f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] ok")
        elif told.upper().startswith("UID SEARCH"):
            least = int(found[1]) if (found := re.search(r"UID (\d+):\*", told)) else 1
            # As real ones do: the star names the last mail, even where its number is less than what was asked for.
            last = [len(box.mails)] if box.mails and least > len(box.mails) else []
            self.say("* SEARCH " + " ".join(map(str, [*range(least, len(box.mails) + 1), *last])))
        elif found := re.match(r"UID FETCH (\d+)", told, re.IGNORECASE):
            mail = box.mails[int(found[1]) - 1]
            self.say(f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(mail)}}}")
            self.wfile.write(mail + b")\r\n")
        elif verb == "LOGOUT":
            self.say(f"* BYE bye\r\n{tag} OK bye")
            return False
        self.say(f"{tag} OK done")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: ImapBox) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.box = box
        box.port = self.server_address[1]


@contextmanager
def run_imap() -> Iterator[ImapBox]:
    """A mailbox that can be read while the block runs."""
    box = ImapBox()
    server = _Server(box)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()

"""The conversation with a mail server: one connection, one mail after another, and exactly what it answered."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Self

from vafa.kit.mail_server import MailServer

TIMEOUT_SECONDS = 15
WAITS_FOR_TEXT = 354
ENDS = 421
# Ends of lines that are none in mail, and dots that begin one.
_LONE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_DOT = re.compile(rb"(?m)^\.")


class Outcome(StrEnum):
    """What became of handing over one mail."""

    SENT = "sent"
    REFUSED = "refused"  # for good: trying again changes nothing
    LATER = "later"  # this mail may be taken another time
    UNREACHABLE = "unreachable"  # no mail gets through at the moment; says nothing of this one
    UNKNOWN = "unknown"  # the whole mail was handed over, and then no answer came


class MailNotHandedOver(Exception):
    """A mail was not taken. `outcome` says whether it ever may be, `answer` is the server's own, in its words. `ended`:
    the server ended the conversation; `of_sender`: it was about who sends, not about this mail."""

    def __init__(
        self, outcome: Outcome, answer: str, *, ended: bool = False, of_sender: bool = False
    ) -> None:
        super().__init__(answer)
        self.outcome, self.answer = outcome, answer
        self.ended, self.of_sender = ended, of_sender


class Connection:
    """A connection to a mail server, opened with the first mail and kept open for the next ones."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0  # mails by this conversation

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self._close()

    def hand_over(self, address: str, message: bytes, before_data: Callable[[], None] | None = None) -> str:
        """Hand over one mail and give the server's answer. Raises MailNotHandedOver.

        `before_data` is called at the last moment at which the server certainly has no mail yet.
        """
        commands = self._build_commands(address)
        first = commands if before_data is None else commands[:2]
        try:
            smtp = self._open()
            self._say(smtp, first)
        except MailNotHandedOver as problem:
            # Servers end a conversation after so many mails, or so much time; then another one is begun.
            if not self._carried or not problem.ended:
                raise
            smtp = self._open()
            self._say(smtp, first)
        if before_data is not None:
            try:
                before_data()
            except BaseException:
                self._reset()
                raise
            self._say(smtp, commands[2:])
        return self._send_text(smtp, message)

    def _build_commands(self, address: str) -> list[bytes]:
        try:
            sender = _write_line(f"MAIL FROM:<{self._server.sender_address}>")
            return [sender, _write_line(f"RCPT TO:<{address}>"), b"DATA\r\n"]
        except UnicodeError as error:
            raise MailNotHandedOver(Outcome.REFUSED, _tell(error)) from error

    def _say(self, smtp: smtplib.SMTP, commands: Sequence[bytes]) -> None:
        """Say these commands, in one breath where the server can (RFC 2920). Raises MailNotHandedOver; then the
        conversation is fit for the next mail, or ended."""
        try:
            at_once = smtp.has_extn("pipelining")
            if at_once:
                smtp.send(b"".join(commands))
            wrong: tuple[bytes, int, bytes] | None = None
            for command in commands:
                if not at_once:
                    smtp.send(command)
                code, said = smtp.getreply()
                good = code == WAITS_FOR_TEXT if command == b"DATA\r\n" else 200 <= code < 300
                if not good and wrong is None:
                    wrong = command, code, said
                    if not at_once:
                        break
            if wrong is None:
                return
            if code == WAITS_FOR_TEXT:
                # It refused one of the others, and yet waits: it gets nothing but the end.
                smtp.send(b".\r\n")
                smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNREACHABLE, _tell(error), ended=True) from error
        command, code, said = wrong
        if code == ENDS:
            self._close()
        else:
            self._reset()
        of_sender = command.startswith(b"MAIL")
        outcome = _judge(code, Outcome.UNREACHABLE if of_sender else Outcome.REFUSED)
        raise MailNotHandedOver(outcome, _write(code, said), ended=code == ENDS, of_sender=of_sender)

    def _send_text(self, smtp: smtplib.SMTP, message: bytes) -> str:
        try:
            smtp.send(_end_text(message))
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNKNOWN, _tell(error)) from error
        self._carried += 1
        if not 200 <= code < 300:
            raise MailNotHandedOver(_judge(code, Outcome.REFUSED), _write(code, said))
        return _write(code, said)

    def _open(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        server, self._carried = self._server, 0
        try:
            self._smtp = self._connect()
            if server.username:
                self._smtp.login(server.username, server.password)
        except smtplib.SMTPResponseException as error:
            self._close()
            answer = _write(error.smtp_code, error.smtp_error)
            raise MailNotHandedOver(Outcome.UNREACHABLE, answer, of_sender=_is_login(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNREACHABLE, _tell(error)) from error
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        # The machine's own name may hold letters that no mail server takes.
        name = "localhost" if not socket.gethostname().isascii() else None
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=name,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT_SECONDS)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        return smtp

    def _reset(self) -> None:
        """Leave the connection fit for the next mail."""
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._close()

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def _is_login(error: smtplib.SMTPResponseException) -> bool:
    return isinstance(error, smtplib.SMTPAuthenticationError) and 500 <= error.smtp_code < 600


def _write_line(line: str) -> bytes:
    """A command. Raises UnicodeError for what is no line of ASCII."""
    if "\r" in line or "\n" in line:
        raise UnicodeError("a line ends in the address")
    return line.encode("ascii") + b"\r\n"


def _end_text(message: bytes) -> bytes:
    """A mail as it is sent after DATA: lines that begin with a dot get another one, and one dot stands at the end."""
    if not message.count(b"\n") == message.count(b"\r") == message.count(b"\r\n"):
        message = _LONE.sub(b"\r\n", message)
    if b"\n." in message or message.startswith(b"."):
        message = _DOT.sub(b"..", message)
    return message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def _judge(code: int, when_for_good: Outcome) -> Outcome:
    return when_for_good if 500 <= code < 600 else Outcome.LATER


def _write(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}".strip()


def _tell(error: Exception) -> str:
    """A failure without an answer, in the machine's words."""
    return str(error).strip() or type(error).__name__

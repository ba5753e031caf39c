"""The conversation with a mail server: one connection, one mail after another, and exactly what it answered."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from enum import StrEnum
from typing import Self

from vafa.kit.mail_server import MailServer

TIMEOUT_SECONDS = 15


class Outcome(StrEnum):
    """What became of handing over one mail."""

    SENT = "sent"
    REFUSED = "refused"  # for good: trying again changes nothing
    LATER = "later"  # this mail may be taken another time
    UNREACHABLE = "unreachable"  # no mail gets through at the moment; says nothing of this one
    UNKNOWN = "unknown"  # the whole mail was handed over, and then no answer came


class MailNotHandedOver(Exception):
    """A mail was not taken. `outcome` says whether it ever may be, `answer` is the server's own, in its words."""

    def __init__(self, outcome: Outcome, answer: str) -> None:
        super().__init__(answer)
        self.outcome = outcome
        self.answer = answer


class Connection:
    """A connection to a mail server, opened with the first mail and kept open for the next ones."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self._close()

    def hand_over(self, address: str, message: bytes, before_data: Callable[[], None] = lambda: None) -> str:
        """Hand over one mail and give the server's answer. Raises MailNotHandedOver.

        `before_data` is called at the last moment at which the server certainly has no mail yet.
        """
        smtp = self._open()
        try:
            self._ask(smtp.mail(self._server.sender_address), Outcome.UNREACHABLE)
            self._ask(smtp.rcpt(address), Outcome.REFUSED)
        except MailNotHandedOver:
            self._reset()
            raise
        except UnicodeError as error:
            self._reset()
            raise MailNotHandedOver(Outcome.REFUSED, _tell(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNREACHABLE, _tell(error)) from error
        try:
            before_data()
        except BaseException:
            self._reset()
            raise
        try:
            code, said = smtp.data(message)
        except smtplib.SMTPDataError as error:  # refused before any of the mail was sent
            self._reset()
            raise MailNotHandedOver(
                _judge(error.smtp_code, Outcome.REFUSED), _write(error.smtp_code, error.smtp_error)
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNKNOWN, _tell(error)) from error
        self._ask((code, said), Outcome.REFUSED)
        return _write(code, said)

    def _open(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        server = self._server
        try:
            self._smtp = self._connect()
            if server.username:
                self._smtp.login(server.username, server.password)
        except smtplib.SMTPResponseException as error:
            self._close()
            raise MailNotHandedOver(Outcome.UNREACHABLE, _write(error.smtp_code, error.smtp_error)) from error
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

    def _ask(self, answered: tuple[int, bytes], when_for_good: Outcome) -> None:
        code, said = answered
        if not 200 <= code < 300:
            raise MailNotHandedOver(_judge(code, when_for_good), _write(code, said))

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


def _judge(code: int, when_for_good: Outcome) -> Outcome:
    return when_for_good if 500 <= code < 600 else Outcome.LATER


def _write(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}".strip()


def _tell(error: Exception) -> str:
    """A failure without an answer, in the machine's words."""
    return str(error).strip() or type(error).__name__

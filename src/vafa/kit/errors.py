"""Errors that people are meant to read: each has a stable code, what happened, and what to do."""

from typing import Any


class VafaError(Exception):
    """Something could not be done. `code` never changes; `message` and `remedy` are translated."""

    code = "failed"
    exit_status = 1

    def __init__(self, message: str, remedy: str = "", code: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code or type(self).code
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class AskedWrongly(VafaError):
    """The question itself cannot be answered: an impossible count, an unknown name, an ambiguous file."""

    code = "asked_wrongly"
    exit_status = 2


class NotAllowed(VafaError):
    """This member of staff may not do that."""

    code = "not_allowed"

"""Values and errors that cross the interactions' doors."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from vafa.kit.errors import VafaError

Kind = Literal["note", "call", "meeting", "visit", "message", "promise", "feedback", "leaving"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TALKS: tuple[Kind, ...] = ("call", "meeting", "visit", "message")
TopicKind = Literal["theme", "cause"]
# Which topics a kind has.
TOPIC_OF: dict[str, TopicKind] = {"feedback": "theme", "leaving": "cause"}
PromiseState = Literal["open", "kept", "broken"]


@dataclass(frozen=True)
class Entry:
    """What somebody writes down. `at` is None where only the day is known; `topic` is a code of `topics`."""

    kind: str
    day: date
    at: datetime | None
    text: str
    outcome: str = ""
    minutes: int | None = None
    topic: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Called:
    """That somebody was called by name in what `by` wrote about a customer (as the one kept after merges)."""

    id: int
    key: str
    customer_id: int
    kind: str
    text: str
    by: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class Promise:
    """A promise made to a customer. `text` is what was promised."""

    key: str
    customer_id: int
    text: str
    due_on: date
    state: str
    author_id: int | None
    made_on: date


@dataclass(frozen=True)
class KnownTopic:
    """A theme or a cause; `under` is the code of the cause that it is part of, "" for none."""

    code: str
    name: str
    under: str
    is_own: bool
    archived: bool = False


class EntryEmpty(VafaError):
    """Nothing was written."""

    code = "entry_empty"
    exit_status = 2


class EntryUnusable(VafaError):
    """Something in what was written cannot be; `details["field"]` names it."""

    code = "entry_unusable"
    exit_status = 2


class EntryGone(VafaError):
    """What should be changed is not there any more."""

    code = "entry_gone"


class EntryNotYours(VafaError):
    """Only whoever wrote it, or somebody with the permission, may change it."""

    code = "entry_not_yours"


class AttachmentRefused(VafaError):
    """A file is too large, empty, or one too many."""

    code = "attachment_refused"
    exit_status = 2


class TopicTaken(VafaError):
    """There is a theme or cause of that name already."""

    code = "topic_taken"
    exit_status = 2

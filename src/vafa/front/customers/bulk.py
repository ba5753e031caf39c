"""What can be done with many customers at once: chosen rows of the list, or all that match its filter.

A room adds an action by one line in ACTIONS (`add_action` from another room): its form, and what it does with the ids.
Whatever is done can be undone where `Done` says how.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.customers.actions import build_decision, change_many
from vafa.data.customers.types import BulkKind
from vafa.data.staff.queries import list_staff
from vafa.front.customers.files import build_file
from vafa.front.customers.rows import list_export_columns, list_export_rows
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.views import Page
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may
from vafa.measure.segments.actions import add_members
from vafa.measure.segments.queries import list_segments

# More at once would hold the page for minutes; what can be done in the background may be for everybody.
MOST = 50_000
MOST_BEHIND = 2_000_000
# From so many on, a change is done in the background, with its progress shown.
LONG = 2_000
_LONGEST_TAG = 60


@dataclass(frozen=True)
class Work:
    """What an action is to be done with: the customers, and who does it, when."""

    request: HttpRequest
    page: Page
    ids: list[int]
    now: datetime


@dataclass(frozen=True)
class Done:
    """What was done: in words, how it is undone ({"what": ...}; None where it can't be), or another answer than the
    list (a file, another page)."""

    text: str = ""
    undo: dict[str, Any] | None = None
    answer: HttpResponseBase | None = None


@dataclass(frozen=True)
class BulkAction:
    """One action. `build_form` takes what was sent (None: nothing yet), the request and the page. What can be done
    in the background has a `build_job`: what was said -> what the customers' room is to do."""

    code: str
    get_title: Callable[[], str]
    permission: Permission
    build_form: Callable[[Any, HttpRequest, Page], forms.Form]
    do: Callable[[Work, dict[str, Any], forms.Form], Done]
    build_job: Callable[[dict[str, Any]], tuple[BulkKind, str]] | None = None

    @property
    def most(self) -> int:
        """How many at once it may be done for."""
        return MOST if self.build_job is None else MOST_BEHIND


class TagForm(forms.Form):
    """A tag to be put on or taken off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"] = forms.CharField(label=_("Tag"), max_length=_LONGEST_TAG)
        self.fields["tag"].widget.attrs["dir"] = "auto"

    def clean_tag(self) -> str:
        """Words parted by one space; a comma would part two tags in a file."""
        tag = " ".join(self.cleaned_data["tag"].split())
        if any(mark in tag for mark in ",،;؛"):
            raise forms.ValidationError(_("A tag has no commas."))
        return tag


class OwnerForm(forms.Form):
    """Who shall look after them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(one.pk), str(one)) for one in list_staff() if one.is_active]
        self.fields["owner"] = forms.ChoiceField(
            label=_("Looked after by"), required=False, choices=[("", _("Nobody")), *people]
        )


class ListForm(forms.Form):
    """A list chosen by hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = [(one.slug, one.name) for one in list_segments() if one.kind == "list"]
        self.fields["list"] = forms.ChoiceField(
            label=_("List"),
            choices=lists,
            help_text="" if lists else _("There is no list yet; make one under Segments."),
        )


class FormatForm(forms.Form):
    """The form of a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.ChoiceField(
            label=_("File"), choices=[(one, one.upper()) for one in FORMATS]
        )


def _tag(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    return _change(work, "tag", said["tag"], "customers.tagged")


def _untag(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    return _change(work, "untag", said["tag"], "customers.tagged")


def _assign(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    owner = said["owner"]
    return _change(work, "assign", owner, "customers.assigned", staff=int(owner) if owner else None)


def _change(work: Work, kind: BulkKind, value: str, what: str, **details: Any) -> Done:
    decide = build_decision(kind, value)
    changed, batch = change_many(work.ids, decide, what, by=work.request.user, now=work.now, **details)
    text = ngettext("%(count)s customer was changed.", "%(count)s customers were changed.", changed)
    told = text % {"count": format_number(changed, work.page.style)}
    return Done(told, {"what": "fields", "batch": batch} if changed else None)


def _add_to_list(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    change = add_members(
        said["list"], work.ids, snapshot=work.page.asker.snapshot, by=work.request.user, now=work.now
    )
    count = change.entered_count if change else 0
    text = ngettext(
        "%(count)s customer was added to the list.", "%(count)s customers were added to the list.", count
    )
    undo = {"what": "list", "slug": said["list"], "change": change.pk} if change else None
    return Done(text % {"count": format_number(count, work.page.style)}, undo)


def _export(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    rows = list_export_rows(work.page.asker, work.ids)
    columns = list_export_columns(work.page.asker)
    return Done(answer=build_file(work.request, "customers", columns, rows, said["format"], len(work.ids)))


ACTIONS: list[BulkAction] = [
    BulkAction(
        "tag",
        lambda: _("Put a tag on"),
        Permission.EDIT_CUSTOMERS,
        lambda data, *_of: TagForm(data),
        _tag,
        lambda said: ("tag", said["tag"]),
    ),
    BulkAction(
        "untag",
        lambda: _("Take a tag off"),
        Permission.EDIT_CUSTOMERS,
        lambda data, *_of: TagForm(data),
        _untag,
        lambda said: ("untag", said["tag"]),
    ),
    BulkAction(
        "assign",
        lambda: _("Give to a member of staff"),
        Permission.ASSIGN_CUSTOMERS,
        lambda data, *_of: OwnerForm(data),
        _assign,
        lambda said: ("assign", said["owner"]),
    ),
    BulkAction(
        "list",
        lambda: _("Add to a list"),
        Permission.EDIT_SEGMENTS,
        lambda data, *_of: ListForm(data),
        _add_to_list,
    ),
    BulkAction(
        "export",
        lambda: _("Take as a file"),
        Permission.EXPORT,
        lambda data, *_of: FormatForm(data),
        _export,
    ),
]


def add_action(action: BulkAction) -> None:
    """Let another room's action stand in the list; the same code never twice."""
    if action.code not in {known.code for known in ACTIONS}:
        ACTIONS.append(action)


def list_actions(staff: Any) -> list[BulkAction]:
    """The actions that this person may take."""
    return [action for action in ACTIONS if may(staff, action.permission)]

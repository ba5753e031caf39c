"""The settings of what the business knows of its customers in its own way: its fields, themes and causes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.customers.actions import archive_field, define_field, move_field
from vafa.data.customers.queries import list_definitions
from vafa.data.customers.types import FIELD_TYPES, FieldUnusable
from vafa.data.interactions.actions import add_topic, set_topic_archived
from vafa.data.interactions.queries import list_topics
from vafa.data.interactions.types import TopicKind, TopicTaken
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, requires

_KINDS: tuple[TopicKind, ...] = ("theme", "cause")


def name_type(kind: str) -> str:
    """A type of field in words."""
    return {
        "text": pgettext("type of field", "Text"),
        "long_text": _("Long text"),
        "number": _("Number"),
        "money": pgettext("type of field", "Money"),
        "date": _("Day"),
        "yes_no": _("Yes or no"),
        "choice": _("One choice"),
        "choices": _("Several choices"),
        "link": _("Link"),
        "phone": _("Phone"),
        "email": _("E-mail"),
    }[kind]


class FieldForm(forms.Form):
    """A field of customers."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    type = forms.ChoiceField(label=gettext_lazy("Type"))
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("One on each line; only where something is chosen."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"] = forms.ChoiceField(
            label=_("Type"), choices=[(kind, name_type(kind)) for kind in FIELD_TYPES]
        )
        self.order_fields(["name", "type", "choices"])
        self.fields["name"].widget.attrs["dir"] = "auto"


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_fields(request: HttpRequest) -> HttpResponseBase:
    """`/settings/fields/?edit=`: the business's own fields; a POST defines one, or changes the one of `edit`."""
    rows = list_definitions(archived=True)
    chosen = _find_chosen(request, rows)
    initial = (
        {"name": chosen.name, "type": chosen.type, "choices": "\n".join(chosen.choices)} if chosen else {}
    )
    form = FieldForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            define_field(
                said["name"],
                said["type"],
                said["choices"].splitlines(),
                by=request.user,
                now=clock.now(),
                field_id=chosen.pk if chosen else None,
            )
        except FieldUnusable as problem:
            form.add_error(problem.details["field"], str(problem))
        else:
            say_saved(request)
            return redirect("settings_fields")
    shown = [{"row": row, "type": name_type(row.type), "choices": _(", ").join(row.choices)} for row in rows]
    context = {"form": form, "rows": shown, "chosen": chosen}
    return show_settings(request, "settings_fields", context, failed=bool(form.errors))


def _find_chosen(request: HttpRequest, rows: list[Any]) -> Any:
    text = request.GET.get("edit", "")
    if not text:
        return None
    chosen = next((row for row in rows if str(row.pk) == text), None)
    if chosen is None:
        raise Http404
    return chosen


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def change_field(request: HttpRequest, field_id: int) -> HttpResponseBase:
    """Move a field up or down, archive it or put it back (`do`)."""
    if field_id not in {row.pk for row in list_definitions(archived=True)}:
        raise Http404
    what, now = request.POST.get("do", ""), clock.now()
    if what in ("up", "down"):
        move_field(field_id, up=what == "up", by=request.user, now=now)
    elif what in ("archive", "restore"):
        archive_field(field_id, archived=what == "archive", by=request.user, now=now)
    else:
        raise Http404
    return redirect("settings_fields")


class TopicForm(forms.Form):
    """A theme or cause of the business's own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)

    def __init__(self, data: Any, *, kind: TopicKind) -> None:
        super().__init__(data, prefix=kind)
        self.fields["name"].widget.attrs["dir"] = "auto"
        if kind == "cause":
            over = [(topic.code, topic.name) for topic in list_topics(kind) if not topic.under]
            self.fields["under"] = forms.ChoiceField(
                label=_("Part of"), required=False, choices=[("", _("A cause of its own")), *over]
            )


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_topics(request: HttpRequest) -> HttpResponseBase:
    """Themes of feedback and causes of leaving; a POST adds one (`kind`)."""
    asked = request.POST.get("kind") if request.method == "POST" else None
    forms_by = {kind: TopicForm(request.POST if asked == kind else None, kind=kind) for kind in _KINDS}
    for kind, form in forms_by.items():
        if asked == kind and form.is_valid():
            said = form.cleaned_data
            try:
                topic = add_topic(kind, said["name"], said.get("under", ""))
            except TopicTaken as problem:
                form.add_error("name", str(problem))
            else:
                record("topic.added", by=request.user, now=clock.now(), subject=topic.code, kind=kind)
                say_saved(request)
                return redirect("settings_topics")
    context = {
        "parts": [
            {
                "kind": kind,
                "title": title,
                "text": text,
                "form": forms_by[kind],
                "topics": list_topics(kind, archived=True),
            }
            for kind, title, text in _describe_kinds()
        ]
    }
    return show_settings(
        request, "settings_topics", context, failed=any(form.errors for form in forms_by.values())
    )


def _describe_kinds() -> list[tuple[TopicKind, str, str]]:
    return [
        ("theme", _("Themes of feedback"), _("What a remark of a customer is about.")),
        (
            "cause",
            _("Causes of leaving"),
            _("Why customers say that they leave. The ready ones stay, so that figures can be compared."),
        ),
    ]


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def archive_topic(request: HttpRequest) -> HttpResponseBase:
    """Take one of the business's own out of the choices, or put it back (`code`, `do`)."""
    code, archived = request.POST.get("code", ""), request.POST.get("do") == "archive"
    if not set_topic_archived(code, archived=archived):
        raise Http404
    record("topic.archived", by=request.user, now=clock.now(), subject=code, archived=archived)
    messages.success(request, _("Saved."))
    return redirect("settings_topics")

"""The form by which a note, a call, a promise, a remark or a reason for leaving is written down."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.data.interactions.queries import MOST_BYTES, MOST_FILES, list_topics
from vafa.data.interactions.types import TALKS, TOPIC_OF, Entry, TopicKind
from vafa.front.date_field import DayField
from vafa.front.number_field import NumberField
from vafa.kit.errors import VafaError
from vafa.kit.locale.style import Style

_MOST_MINUTES = 24 * 60


class FilesInput(forms.ClearableFileInput):
    """A control for several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; none where none is required."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = data if isinstance(data, list | tuple) else [data]
        # Whether each may be kept is decided where it is kept.
        return [file for file in sent if isinstance(file, UploadedFile)]


class EntryForm(forms.Form):
    """The fields that a kind has, the most written first."""

    text = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        style: Style,
        today: date,
        staff: Iterable[Any] = (),
        attached: Iterable[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self.fields["text"].label = _label_text(kind)
        self.fields["text"].widget.attrs["data-submit-keys"] = ""
        if kind in TALKS:
            self.fields["outcome"] = forms.CharField(
                label=_("Outcome"),
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"list": "outcomes", "dir": "auto", "autocomplete": "off"}),
            )
        if kind in ("call", "meeting", "visit"):
            self.fields["minutes"] = NumberField(label=_("Minutes"), required=False)
        if kind in TOPIC_OF:
            self.fields["topic"] = forms.ChoiceField(
                label=_("Theme") if kind == "feedback" else _("Cause"),
                required=kind == "leaving",
                choices=list_topic_choices(TOPIC_OF[kind], self.initial.get("topic", "")),
            )
            self.order_fields(["topic", "text"])
        if kind == "promise":
            self.fields["due_on"] = DayField(label=_("Due on"), calendar=style.calendar)
        self.fields["day"] = DayField(label=_("Day"), calendar=style.calendar)
        self.initial.setdefault("day", today)
        people = [(str(one.pk), str(one)) for one in staff]
        if kind == "note" and people:
            self.fields["mentions"] = forms.MultipleChoiceField(
                label=_("Call somebody"),
                required=False,
                choices=people,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Or write @ and the name in the note."),
            )
        kept = [(str(file.pk), file.name) for file in attached]
        if kept:
            self.fields["without"] = forms.MultipleChoiceField(
                label=_("Take files away"),
                required=False,
                choices=kept,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["files"] = FilesField(
            label=_("Files"),
            required=False,
            help_text=_("At most %(count)s, each up to %(size)s megabytes.")
            % {"count": MOST_FILES, "size": MOST_BYTES // 1024**2},
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is always there."""
        return [self[name] for name in self.fields if name not in _FOLDED]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """What is needed now and then."""
        return [self[name] for name in self.fields if name in _FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Whether something folded is wrong and must be seen."""
        return any(self[name].errors for name in self.fields if name in _FOLDED)

    def clean_minutes(self) -> int | None:
        """Whole minutes, of a day at most."""
        said = self.cleaned_data.get("minutes")
        if said is None:
            return None
        if said != int(said) or said > _MOST_MINUTES:
            raise forms.ValidationError(_("A whole number of minutes, at most those of a day."))
        return int(said)

    def clean_day(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        return day

    def build_entry(self, now: datetime, was: tuple[date, datetime | None] | None = None) -> Entry:
        """What is written. Today it happened now; of another day only the day is known, unless it was known before
        (`was`) and is the same."""
        said = self.cleaned_data
        at = now if said["day"] == self.today else None
        if was is not None and was[0] == said["day"]:
            at = was[1]
        return Entry(
            kind=self.kind,
            day=said["day"],
            at=at,
            text=said["text"],
            outcome=said.get("outcome", ""),
            minutes=said.get("minutes"),
            topic=said.get("topic", ""),
            due_on=said.get("due_on"),
        )

    def list_called(self) -> set[int]:
        """Who was ticked to be called."""
        return {int(pk) for pk in self.cleaned_data.get("mentions", [])}

    def list_gone(self) -> set[int]:
        """The attachments to be taken away."""
        return {int(pk) for pk in self.cleaned_data.get("without", [])}

    def blame(self, problem: VafaError) -> None:
        """Say a refusal beside the field that it is about."""
        name = problem.details.get("field", "files")
        self.add_error(name if name in self.fields else None, str(problem))


_FOLDED = ("day", "minutes", "mentions", "files", "without")


def _label_text(kind: str) -> str:
    return {
        "note": pgettext("written down", "Note"),
        "promise": _("What was promised?"),
        "feedback": _("What did they say?"),
        "leaving": _("In their own words"),
    }.get(kind, _("What was said?"))


def list_topic_choices(kind: TopicKind, chosen: str = "") -> list[tuple[str, Any]]:
    """The choices of a theme or cause: causes with their parts grouped below them; an archived one only where it is
    chosen already."""
    topics = [
        topic for topic in list_topics(kind, archived=True) if not topic.archived or topic.code == chosen
    ]
    choices: list[tuple[str, Any]] = [("", "—")]
    for topic in topics:
        if topic.under:
            continue
        parts = [(part.code, part.name) for part in topics if part.under == topic.code]
        if parts:
            choices.append((topic.name, [(topic.code, topic.name), *parts]))
        else:
            choices.append((topic.code, topic.name))
    return choices


def list_outcomes() -> list[str]:
    """Outcomes of talks to choose from; others can be typed."""
    return [
        _("Reached"),
        _("Not reached"),
        _("Call back later"),
        _("Interested"),
        _("Not interested"),
        pgettext("outcome", "Solved"),
        _("Wrong number"),
    ]

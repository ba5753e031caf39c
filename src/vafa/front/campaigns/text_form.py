"""Writing a campaign's text in place: a subject and some paragraphs in each language, or the words of an SMS."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.act.messaging.types import LANGUAGES, RTL, Block, TemplateContent, Text
from vafa.data.consent.types import Channel
from vafa.front.choices import list_language_choices
from vafa.kit.templating import check

_LONGEST = 20_000


class TextForm(forms.Form):
    """One language: `prefix` is its code. Left empty it isn't written in this language."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300, required=False)
    preview = forms.CharField(
        label=gettext_lazy("Preview line"),
        help_text=gettext_lazy("What lists of mails show after the subject."),
        max_length=300,
        required=False,
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=_LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    button_text = forms.CharField(label=gettext_lazy("Words of the button"), max_length=200, required=False)
    button_url = forms.CharField(
        label=gettext_lazy("Where the button leads"), max_length=2000, required=False
    )

    button_url.widget.attrs |= {"dir": "ltr", "inputmode": "url", "autocomplete": "off"}

    def __init__(self, *args: Any, channel: str, known: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel, self.known = channel, known
        direction = "rtl" if self.prefix in RTL else "ltr"
        for name in ("subject", "preview", "body", "button_text"):
            self.fields[name].widget.attrs |= {"dir": direction, "lang": self.prefix or ""}
        if channel == Channel.EMAIL:
            self.fields["body"].help_text = _(
                "A blank line begins a new paragraph. **Bold**, [words](address). Variables such as {{ name }} are "
                "filled in for each customer."
            )
        else:
            self.fields["body"].help_text = _("Variables such as {{ name }} are filled in for each customer.")
            for name in ("subject", "preview", "button_text", "button_url"):
                del self.fields[name]

    @property
    def has_text(self) -> bool:
        """Whether something is written in this language."""
        return any(self.initial.values())

    @property
    def title(self) -> str:
        """The language, in itself."""
        return dict(list_language_choices())[self.prefix or ""]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, text in said.items():
            for problem in check(text, self.known) if text else ():
                self.add_error(name, f"{problem.message} {problem.remedy}".strip())
        written = [name for name, text in said.items() if text.strip()]
        if self.channel == Channel.EMAIL and written:
            if not said.get("subject", "").strip():
                self.add_error("subject", _("Write the subject."))
            if not said.get("body", "").strip():
                self.add_error("body", _("Write the text."))
        if bool(said.get("button_text", "").strip()) != bool(said.get("button_url", "").strip()):
            missing = "button_url" if said.get("button_text", "").strip() else "button_text"
            self.add_error(missing, _("A button needs words and an address."))
        return said

    def build_text(self) -> Text:
        """What was written."""
        said = {name: text.strip() for name, text in self.cleaned_data.items()}
        if self.channel != Channel.EMAIL:
            return Text(body=said["body"].replace("\r\n", "\n"))
        blocks = [Block("text", piece) for piece in _split(said["body"])]
        if said["button_text"]:
            blocks.append(Block("button", said["button_text"], url=said["button_url"]))
        return Text(subject=said["subject"], preview=said["preview"], blocks=tuple(blocks))


def _split(body: str) -> list[str]:
    pieces = body.replace("\r\n", "\n").split("\n\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def _read(text: Text | None) -> dict[str, str]:
    if text is None:
        return {}
    button = next((block for block in text.blocks if block.kind == "button"), None)
    paragraphs = [block.text for block in text.blocks if block.kind == "text"]
    return {
        "subject": text.subject,
        "preview": text.preview,
        "body": text.body or "\n\n".join(paragraphs),
        "button_text": button.text if button else "",
        "button_url": button.url if button else "",
    }


def build_forms(
    sent: Any, content: TemplateContent, channel: str, known: tuple[str, ...], first: str
) -> list[TextForm]:
    """A form for each language, that of the business first."""
    order = sorted(LANGUAGES, key=lambda code: (code != first, content.find_text(code) is None))
    return [
        TextForm(sent, prefix=code, channel=channel, known=known, initial=_read(content.find_text(code)))
        for code in order
    ]


def build_content(written: list[TextForm], channel: str) -> TemplateContent:
    """What was written in all languages, in their order; raises nothing, and leaves out what is empty."""
    texts = [(form.prefix or "", form.build_text()) for form in written]
    return TemplateContent(str(channel), tuple((code, text) for code, text in texts if not text.is_empty))

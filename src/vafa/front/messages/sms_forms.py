"""The forms of accounts for text messages: Kavenegar's, and the general one that describes any provider's interface."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vafa.act.messaging.queries import (
    INCOMING_NAMES,
    KAVENEGAR_URL,
    SmsPreset,
    TemplateUnusable,
    build_http_template,
    check_http_template,
    check_sender,
    get_sms_preset,
    get_sms_profile,
    list_sms_profiles,
    suggest_sms_profile,
)
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel
from vafa.front.messages.account_forms import LINE_NAMES, LTR, AccountForm, SecretField, Section
from vafa.front.privacy.words import PURPOSE_NAMES
from vafa.front.settings_forms import get_page_language
from vafa.kit.locale.countries import list_countries

_LONGEST = 4_000


class SmsForm(AccountForm):
    """What both forms of text messages ask: rules, line, signature and the way to stop."""

    channel = Channel.SMS
    texts: ClassVar[tuple[str, ...]] = ("line", "sender", "signature", "opt_out", "link_hosts")

    profile = forms.ChoiceField(
        label=gettext_lazy("Rules of the country and provider"),
        help_text=gettext_lazy("Hours, signature and the way to stop are taken from them."),
    )
    line = forms.ChoiceField(label=gettext_lazy("Kind of line"))
    sender = forms.CharField(
        label=gettext_lazy("Number or name of the sender"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("For each further line add another account."),
    )
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Where the rules ask for one: the registered name, without brackets."),
    )
    opt_out = forms.CharField(
        label=gettext_lazy("Words on how to stop"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: as the rules say. They end every message for which they are due."),
    )
    link_hosts = forms.CharField(
        label=gettext_lazy("Approved link addresses"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Hosts that the provider lets through, such as shop.example, by commas."),
    )

    sender.widget.attrs |= LTR
    link_hosts.widget.attrs |= LTR
    for _field in (signature, opt_out):
        _field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
    del _field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = dict(list_countries(get_page_language()))
        profiles = list_sms_profiles()
        self.set_choices(
            "profile",
            [
                (one.key, f"{countries.get(one.country, _('All other countries'))} {one.provider}".strip())
                for one in profiles
            ],
        )
        lines = dict.fromkeys(name for one in profiles for name in one.lines)
        self.set_choices("line", [(name, LINE_NAMES.get(name, name)) for name in lines])

    @classmethod
    def suggest(cls) -> dict[str, Any]:
        profile = suggest_sms_profile(get_business().country, cls.kind)
        told = super().suggest()
        line = next(iter(profile.lines.values()))
        return told | {
            "profile": profile.key,
            "currency": profile.currency or told["currency"],
            "line": line.name,
            "purposes": sorted(line.purposes),
        }

    @classmethod
    def build_initial(cls, account: Any) -> dict[str, Any]:
        return super().build_initial(account) | {"profile": account.profile}

    def get_profile(self) -> str:
        return str(self.cleaned_data["profile"])

    @property
    def line_section(self) -> Section:
        """The line, and what stands around each text."""
        names = ("profile", "line", "sender", "signature", "opt_out", "link_hosts")
        return (_("Line and rules"), "", [self[name] for name in names])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        profile = get_sms_profile(said.get("profile", ""))
        if said.get("line") and said["line"] not in profile.lines:
            known = ", ".join(str(LINE_NAMES.get(name, name)) for name in profile.lines)
            self.add_error("line", _("There these kinds of lines are known: %(lines)s.") % {"lines": known})
            return said
        line = profile.get_line(said.get("line", ""))
        if said.get("sender") and check_sender(said["sender"], profile, line):
            self.add_error("sender", _("No line of this kind has such a number or name there."))
        if profile.signature and profile.signature.required and not said.get("signature"):
            self.add_error("signature", _("The rules there ask for a signature in every message."))
        if profile.signature and len(said.get("signature", "")) > profile.signature.longest:
            self.add_error("signature", _("The signature is too long by the rules there."))
        if strange := [one for one in said.get("purposes", ()) if one not in line.purposes]:
            names = ", ".join(str(PURPOSE_NAMES[one]) for one in strange)
            self.add_error("purposes", _("This kind of line carries no %(purposes)s.") % {"purposes": names})
        return said


class KavenegarForm(SmsForm):
    """An account with Kavenegar."""

    kind = "kavenegar"
    texts: ClassVar[tuple[str, ...]] = (*SmsForm.texts, "url")
    secret_names = ("key",)

    key = SecretField(label=gettext_lazy("Key of the API"))
    url = forms.URLField(
        label=gettext_lazy("Address of the API"), max_length=250, required=False, assume_scheme="https"
    )

    url.widget.attrs |= LTR | {"placeholder": KAVENEGAR_URL}

    def list_sections(self) -> list[Section]:
        access = [self[name] for name in ("name", "key", "url")]
        purposes = (_("Purposes"), "", [self["purposes"]])
        return [
            (_("Account"), "", access),
            self.line_section,
            purposes,
            self.price_section,
            self.speed_section,
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.require_secret("key")
        return said


_METHODS = (("POST", "POST"), ("GET", "GET"), ("PUT", "PUT"))
_BODIES = (
    ("form", pgettext_lazy("body of a request", "Form fields, one a line: name=value")),
    ("json", "JSON"),
    ("text", pgettext_lazy("body of a request", "Plain text")),
    ("none", pgettext_lazy("body of a request", "None")),
)
_NUMBERS = (("plus", "+98912…"), ("digits", "98912…"), ("zeros", "0098912…"), ("local", "0912…"))
_MAPPING = ("url", "method", "headers", "body_kind", "body", "number", "answer")
_CODES = ("good", "receiver", "later")


class SmsHttpForm(SmsForm):
    """An account with any other provider: how it is asked, and how its answers are read."""

    kind = "sms_http"
    texts: ClassVar[tuple[str, ...]] = (*SmsForm.texts, "calling_code")
    secret_names = ("user", "password", "key")

    user = SecretField(label=gettext_lazy("User name"))
    password = SecretField(label=gettext_lazy("Password"))
    key = SecretField(label=gettext_lazy("Key of the API"))
    url = forms.CharField(label=gettext_lazy("Address of the API"), max_length=_LONGEST)
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=_METHODS)
    headers = forms.CharField(
        label=gettext_lazy("Headers"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body_kind = forms.ChoiceField(label=gettext_lazy("Form of what is sent"), choices=_BODIES)
    body = forms.CharField(
        label=gettext_lazy("What is sent"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    number = forms.ChoiceField(label=gettext_lazy("How numbers are written"), choices=_NUMBERS)
    calling_code = forms.CharField(
        label=gettext_lazy("Calling code of the country"), max_length=4, required=False
    )
    answer = forms.CharField(
        label=gettext_lazy("How the answer is read"),
        max_length=_LONGEST,
        required=False,
        help_text=gettext_lazy(
            "For JSON the paths: id=messages.0.id code=status text=message. For plain text its form: {code}: {id}"
        ),
    )
    good = forms.CharField(
        label=gettext_lazy("Codes of success"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("By commas. Empty: every answer that HTTP calls good."),
    )
    receiver = forms.CharField(label=gettext_lazy("Codes of a wrong number"), max_length=200, required=False)
    later = forms.CharField(label=gettext_lazy("Codes of “try again later”"), max_length=200, required=False)
    incoming = forms.CharField(
        label=gettext_lazy("Names in what it tells"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line, only where they are unusual: answer_from=msisdn, answer_text=text, report_id=messageId, "
            "report_state=status, delivered=delivered"
        ),
    )

    for _field in (url, headers, body, calling_code, answer, good, receiver, later, incoming):
        _field.widget.attrs |= LTR
    del _field

    def __init__(self, *args: Any, preset: SmsPreset | None = None, **kwargs: Any) -> None:
        filled = _fill(preset.template, preset.incoming) if preset else {}
        if preset and preset.name:
            filled["name"] = preset.name
        super().__init__(*args, initial=filled, **kwargs)

    @classmethod
    def suggest(cls) -> dict[str, Any]:
        return super().suggest() | _fill(get_sms_preset("").template, {})

    @classmethod
    def build_initial(cls, account: Any) -> dict[str, Any]:
        told = account.settings
        return super().build_initial(account) | _fill(told.get("template") or {}, told.get("incoming") or {})

    def list_sections(self) -> list[Section]:
        access = [self[name] for name in ("name", "user", "password", "key")]
        asked = [self[name] for name in (*_MAPPING[:6], "calling_code")]
        read = [self[name] for name in ("answer", *_CODES, "incoming")]
        words = _(
            "In braces stand what is filled in: {to} {text} {sender} {id} {user} {password} {key} {basic} "
            "{pattern} {slots}."
        )
        return [
            (_("Account"), "", access),
            (_("How the provider is asked"), words, asked),
            (_("How its answers are read"), "", read),
            self.line_section,
            (_("Purposes"), "", [self["purposes"]]),
            self.price_section,
            self.speed_section,
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for line in filter(None, map(str.strip, said.get("incoming", "").splitlines())):
            name, equals, _value = line.partition("=")
            if not equals or name.strip() not in INCOMING_NAMES:
                self.add_error(
                    "incoming", _("“%(line)s” is none of the names that can be set.") % {"line": line[:60]}
                )
                break
        if "url" in said:
            try:
                check_http_template(build_http_template({"template": self._read_template()}))
            except TemplateUnusable as problem:
                self.add_error(problem.field if problem.field in self.fields else None, _explain(problem))
        return said

    def _read_template(self) -> dict[str, Any]:
        said = self.cleaned_data
        told = {name: said.get(name, "") for name in _MAPPING}
        return told | {name: _split(said.get(name, "")) for name in _CODES}

    def read_settings(self) -> dict[str, Any]:
        pairs = [line.partition("=") for line in self.cleaned_data["incoming"].splitlines() if "=" in line]
        incoming = {name.strip(): value.strip() for name, _equals, value in pairs}
        return super().read_settings() | {"template": self._read_template(), "incoming": incoming}


def _fill(template: Any, incoming: Any) -> dict[str, Any]:
    told = {name: template[name] for name in _MAPPING if name in template}
    codes = {name: ", ".join(template.get(name, ())) for name in _CODES}
    return told | codes | {"incoming": "\n".join(f"{name}={value}" for name, value in incoming.items())}


def _split(told: str) -> list[str]:
    return [one.strip() for one in told.split(",") if one.strip()]


def _explain(problem: TemplateUnusable) -> str:
    code, _colon, what = problem.why.partition(":")
    words = {
        "no_address": _("That is no address of a website."),
        "server_varies": _("The name of the server can't be filled in."),
        "no_json": _("That is no JSON."),
        "unknown_variable": _("There is nothing by this name to fill in: %(name)s.") % {"name": what},
        "missing_variable": _("It says nowhere where this stands: %(name)s.") % {"name": what},
        "no_header": _("Each header stands on a line of its own: Name: value."),
        "no_pattern": _("It names neither paths nor places."),
    }
    return words.get(code, problem.why)

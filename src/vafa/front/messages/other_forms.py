"""The forms of accounts that go by a messenger's bot, and of what people of the business deliver themselves."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vafa.act.followups.queries import list_assignable
from vafa.act.messaging.queries import BALE_URL, TELEGRAM_URL, suggest_sms_profile
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel
from vafa.data.customers.queries import list_definitions
from vafa.front.messages.account_forms import LTR, AccountForm, SecretField, Section

_MESSENGERS = (
    ("telegram", pgettext_lazy("a messenger", "Telegram")),
    ("bale", pgettext_lazy("a messenger", "Bale")),
    ("other", pgettext_lazy("a messenger", "Another one that speaks the same protocol")),
)
_URLS = {"telegram": TELEGRAM_URL, "bale": BALE_URL}


class BotForm(AccountForm):
    """A bot of a messenger."""

    channel = Channel.MESSENGER
    kind = "bot"
    texts: ClassVar[tuple[str, ...]] = ("url",)
    secret_names = ("token",)

    messenger = forms.ChoiceField(label=gettext_lazy("Messenger"), choices=_MESSENGERS)
    url = forms.URLField(
        label=gettext_lazy("Address of the API"),
        max_length=250,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Only where it is another messenger, or a server of your own."),
    )
    token = SecretField(label=gettext_lazy("Token of the bot"))

    url.widget.attrs |= LTR

    @classmethod
    def suggest(cls) -> dict[str, Any]:
        messenger = "bale" if get_business().country == "IR" else "telegram"
        return super().suggest() | {"messenger": messenger}

    @classmethod
    def build_initial(cls, account: Any) -> dict[str, Any]:
        url = account.settings.get("url") or TELEGRAM_URL
        known = next((name for name, one in _URLS.items() if one == url), "other")
        return super().build_initial(account) | {"messenger": known, "url": url if known == "other" else ""}

    def list_sections(self) -> list[Section]:
        access = [self[name] for name in ("name", "messenger", "url", "token")]
        words = _("A bot reaches only customers who began to talk to it, each by a link of their own.")
        return [(_("Account"), words, access), (_("Purposes"), "", [self["purposes"]]), self.speed_section]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("messenger") == "other" and not said.get("url") and "url" not in self.errors:
            self.add_error("url", _("This field is required."))
        self.require_secret("token")
        return said

    def read_settings(self) -> dict[str, Any]:
        said = self.cleaned_data
        return super().read_settings() | {"url": _URLS.get(said["messenger"]) or said["url"]}

    def get_profile(self) -> str:
        return suggest_sms_profile(get_business().country, "").key


_FORMS = (
    ("call", gettext_lazy("Phone call")),
    ("visit", pgettext_lazy("something that staff do", "Visit")),
    ("note", gettext_lazy("Hand-written note")),
    ("gift", pgettext_lazy("something that staff give", "Gift")),
)


class StaffForm(AccountForm):
    """What people of the business do: calls, visits, notes by hand, gifts."""

    channel = Channel.POST
    kind = "staff"
    texts: ClassVar[tuple[str, ...]] = ("form", "assignee", "address_field")

    form = forms.ChoiceField(label=gettext_lazy("What is done"), choices=_FORMS)
    assignee = forms.ChoiceField(
        label=gettext_lazy("Who does it"),
        required=False,
        help_text=gettext_lazy("Where nobody looks after the customer, or who does may not work on tasks."),
    )
    address_field = forms.ChoiceField(
        label=gettext_lazy("Where the address stands"),
        required=False,
        help_text=gettext_lazy("The field of the customer that is printed on labels."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part_amount"].label = _("What one costs")
        self.set_choices(
            "assignee", [("", _("Nobody yet")), *((str(one.pk), str(one)) for one in list_assignable())]
        )
        fields = [(one.name, one.name) for one in list_definitions()]
        self.set_choices("address_field", [("", _("The customer's place")), *fields])

    def list_sections(self) -> list[Section]:
        who = [self[name] for name in ("name", "form", "assignee", "address_field")]
        words = _("Each message becomes a task; what came of it is told by whoever did it.")
        return [
            (_("By hand"), words, who),
            (_("Purposes"), "", [self["purposes"]]),
            self.price_section,
            self.speed_section,
        ]

    def get_channel(self) -> Channel:
        """The channel for whose use the customer must have said yes."""
        return Channel.PHONE if self.cleaned_data["form"] == "call" else Channel.POST

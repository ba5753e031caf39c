"""What all forms of sending accounts have in common: name, purposes, hours, speed and price."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vafa.act.messaging.queries import Account, find_rate, read_secrets
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_currency_choices
from vafa.front.followups.forms import TimeField
from vafa.front.privacy.words import PURPOSE_NAMES
from vafa.front.settings_forms import get_page_language
from vafa.kit.locale.reading import NumberUnreadable, read_number

Section = tuple[Any, Any, list[forms.BoundField]]
"""A title, a word about it ("" for none), and its fields."""

MOST_A_SECOND = 10_000
LTR = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


class AmountField(forms.CharField):
    """A number that is not negative, in any digits; None where it is empty."""

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=30, required=False, **kwargs)
        self.whole = whole
        self.widget.attrs |= {"inputmode": "numeric" if whole else "decimal", **LTR}

    def clean(self, value: Any) -> Any:
        try:
            number = read_number(super().clean(value))
        except NumberUnreadable as error:
            raise ValidationError(_("Write a number."), code="not_a_number") from error
        if number is None:
            return None
        if number < 0 or number > 10**12 or (self.whole and (number != int(number) or number == 0)):
            raise ValidationError(_("Write a number."), code="out_of_bounds")
        return int(number) if self.whole else number


class SecretField(forms.CharField):
    """A password or key. Left empty it stays as it is; what is kept is never shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=500,
            required=False,
            strip=True,
            widget=forms.PasswordInput(attrs={**LTR, "autocomplete": "new-password"}),
            **kwargs,
        )


class AccountForm(forms.Form):
    """A sending account. `channel` and `kind` are those of all that this form makes."""

    channel: ClassVar[Channel] = Channel.SMS
    kind: ClassVar[str] = ""
    # The settings that a field of the same name holds as text.
    texts: ClassVar[tuple[str, ...]] = ()
    secret_names: ClassVar[tuple[str, ...]] = ()

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes"), widget=forms.CheckboxSelectMultiple, required=True
    )
    window_from = TimeField(label=gettext_lazy("Sends from"), required=False)
    window_until = TimeField(label=gettext_lazy("Sends until"), required=False)
    rate_second = AmountField(label=gettext_lazy("At most a second"), whole=True)
    rate_day = AmountField(label=gettext_lazy("At most a day"), whole=True)
    part_amount = AmountField(label=gettext_lazy("Price of one part"))
    currency = forms.ChoiceField(label=gettext_lazy("In which currency"), required=False)
    exchange = AmountField(label=gettext_lazy("What one unit of it is worth"))

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        initial = self.build_initial(account) if account else self.suggest()
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.account = account
        own = get_business().currency
        self.set_choices("purposes", [(str(one), PURPOSE_NAMES[one]) for one in Purpose])
        own_words = [("", _("That of the business"))]
        self.set_choices("currency", [*own_words, *list_currency_choices(get_page_language())])
        self.fields["exchange"].help_text = (
            _(
                "In the currency of the business (%(currency)s), and only where it is another money: rial and toman "
                "are turned into each other by themselves."
            )
            % {"currency": own}
            if own
            else _("Only where it is another money than that of the business.")
        )

    def set_choices(self, name: str, options: Any) -> None:
        """What can be chosen in a field."""
        cast("forms.ChoiceField", self.fields[name]).choices = options

    @classmethod
    def suggest(cls) -> dict[str, Any]:
        """What stands in an empty form."""
        return {"purposes": [str(one) for one in Purpose], "currency": get_business().currency}

    @classmethod
    def build_initial(cls, account: Account) -> dict[str, Any]:
        """What stands in the form of an account."""
        told = account.settings
        return {
            "name": account.name,
            "purposes": account.purposes,
            "window_from": account.window_from,
            "window_until": account.window_until,
            "rate_second": account.rate_second,
            "rate_day": account.rate_day,
            **{one: told.get(one, "") for one in ("part_amount", "currency", "exchange", *cls.texts)},
        }

    def list_sections(self) -> list[Section]:
        """The fields as they stand together."""
        return []

    @property
    def speed_section(self) -> Section:
        """When, and how fast."""
        names = ("window_from", "window_until", "rate_second", "rate_day")
        words = _("Empty: as the provider's rules and the quiet hours of your customers allow.")
        return (_("Hours and speed"), words, [self[name] for name in names])

    @property
    def price_section(self) -> Section:
        """What one costs."""
        words = _("What a message costs is shown before it is sent, and counted in the results of campaigns.")
        return (_("Price"), words, [self[name] for name in ("part_amount", "currency", "exchange")])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if (said.get("window_from") is None) != (said.get("window_until") is None):
            self.add_error("window_until", _("Write both hours, or neither."))
        elif said.get("window_from") is not None and said["window_from"] >= said["window_until"]:
            self.add_error("window_until", _("The last hour is before the first one."))
        own, currency = get_business().currency, said.get("currency", "")
        settings = {"currency": currency, "exchange": str(said.get("exchange") or "")}
        if said.get("part_amount") is not None and find_rate(currency, settings, own) is None:
            self.add_error(
                "exchange",
                _("The business counts in another money: say what one unit of this one is worth in it."),
            )
        if said.get("exchange") == 0:
            self.add_error("exchange", _("Write a number."))
        return said

    def read_settings(self) -> dict[str, Any]:
        """The settings as the form says them; what it doesn't know stays as it was."""
        said = self.cleaned_data
        kept = dict(self.account.settings) if self.account else {}
        amounts = {name: _write(said.get(name)) for name in ("part_amount", "exchange")}
        return {
            **kept,
            **amounts,
            "currency": said.get("currency", ""),
            **{name: said.get(name, "") for name in self.texts},
        }

    def read_secrets(self, kept: Mapping[str, str]) -> dict[str, str]:
        """The secrets: what is typed anew, else what is kept."""
        said = self.cleaned_data
        return {name: said.get(name) or kept.get(name, "") for name in self.secret_names}

    def read_window(self) -> tuple[time, time] | None:
        """The hours between which it sends."""
        said = self.cleaned_data
        start, end = said.get("window_from"), said.get("window_until")
        return None if start is None or end is None else (start, end)

    def read_rates(self) -> tuple[int | None, int | None, int | None]:
        """How many it sends in a second, a minute and a day."""
        minute = self.account.rate_minute if self.account else None
        return self.cleaned_data.get("rate_second"), minute, self.cleaned_data.get("rate_day")

    def get_channel(self) -> Channel:
        """The channel of what goes by it."""
        return self.channel

    def get_profile(self) -> str:
        """The key of the rules by which it sends; "" where there are none."""
        return ""

    def require_secret(self, name: str) -> None:
        """Say that a secret is missing where none is kept either."""
        kept = read_secrets(self.account) if self.account else {}
        if name in self.fields and not self.cleaned_data.get(name) and not kept.get(name):
            self.add_error(name, _("This field is required."))


def _write(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


LINE_NAMES: dict[str, Any] = {
    "advertising": pgettext_lazy("a line of text messages", "Advertising line"),
    "service": pgettext_lazy("a line of text messages", "Service line"),
    "shared": pgettext_lazy("a line of text messages", "Shared line of the provider"),
    "named": pgettext_lazy("a line of text messages", "A name as sender"),
}

"""In which language, digits, calendar and currency something is written."""

from dataclasses import dataclass, replace
from typing import Literal, cast

from vafa.kit.locale.digits import DigitSet
from vafa.lab.calendars import CalendarName

Language = Literal["fa", "ar", "zh-hans", "en"]

LANGUAGES: tuple[Language, ...] = ("fa", "ar", "zh-hans", "en")
RTL_LANGUAGES: frozenset[str] = frozenset({"fa", "ar"})
UNKNOWN = "—"

_BABEL_LANGUAGES: dict[Language, str] = {"fa": "fa", "ar": "ar", "zh-hans": "zh_Hans", "en": "en"}


@dataclass(frozen=True)
class Style:
    """How one reader sees numbers, dates and money.

    `currency` is an ISO code or one of IRT (toman), IRHR and IRHT (thousands of rial and toman); empty while
    the business has not named one. `country` (ISO 3166, may be empty) chooses the names of Arabic months and
    the separators of the Maghreb.
    """

    language: Language = "en"
    digits: DigitSet = "latn"
    calendar: CalendarName = "gregorian"
    currency: str = ""
    country: str = ""

    @property
    def is_rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language in RTL_LANGUAGES

    @property
    def babel_language(self) -> str:
        """The language's name in CLDR, as Babel spells it."""
        return _BABEL_LANGUAGES[self.language]

    def with_calendar(self, calendar: CalendarName) -> "Style":
        """The same style in another calendar."""
        return replace(self, calendar=calendar)


_DEFAULT_STYLES: dict[Language, Style] = {
    "fa": Style("fa", "fa", "jalali"),
    "ar": Style("ar", "arab", "gregorian"),
    "zh-hans": Style("zh-hans", "latn", "gregorian"),
    "en": Style("en", "latn", "gregorian"),
}


def find_language(code: str | None) -> Language | None:
    """The product's language for a code such as `fa-IR`, `zh_CN` or `ar-eg`; None if it has none for it."""
    head = (code or "").lower().replace("_", "-")
    if head == "zh" or head.startswith("zh-"):
        return "zh-hans"
    first = head.split("-")[0]
    return cast("Language", first) if first in LANGUAGES else None


def build_default_style(language: str | None) -> Style:
    """The usual style of a language, for pages shown before any setting is known (English if unknown)."""
    return _DEFAULT_STYLES[find_language(language) or "en"]

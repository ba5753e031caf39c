"""What a page says, in the language and the digits of whoever reads it."""

from django.utils import translation

LANGUAGES = ("fa", "en")
ALL_LANGUAGES = ("fa", "ar", "zh-hans", "en")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


class Words:
    """The texts of one language. `words("Save")` is what the button is called there."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: str, *, context: str = "", **values: object) -> str:
        """A text of the pages with its values put in; `context` tells which meaning of an English word is asked for."""
        with translation.override(self.language):
            said = translation.pgettext(context, text) if context else translation.gettext(text)
        return said % values if values else said

    def count(self, one: str, many: str, count: int) -> str:
        """A text that tells of so many."""
        with translation.override(self.language):
            return translation.ngettext(one, many, count) % {"count": self.number(count)}

    def number(self, number: int) -> str:
        """A count as the page writes it; 1,000 and more in groups of three."""
        text = f"{number:,}"
        return text.translate(PERSIAN_DIGITS).replace(",", "٬") if self.language == "fa" else text

    def percent(self, share: float) -> str:
        """A share with one decimal, as the page writes it."""
        text = f"{share * 100:.1f}"
        return f"{text.translate(PERSIAN_DIGITS).replace('.', '٫')}٪" if self.language == "fa" else f"{text}%"


def plain(text: str) -> str:
    """A text of a page without the marks that keep its direction, and with single blanks."""
    marks = dict.fromkeys([*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C])
    return " ".join(text.translate(marks).split())

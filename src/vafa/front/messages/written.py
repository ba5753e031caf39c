"""Numbers in sentences of these pages, in the reader's digits."""

from vafa.data.business.queries import get_business, get_style
from vafa.front.settings_forms import get_page_language
from vafa.kit.locale.numbers import format_number


def write_number(number: int) -> str:
    """A whole number as the page writes it."""
    return format_number(number, get_style(get_page_language(), get_business()))

"""What this business calls those who buy from it, in every language."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vafa.data.business.models import Business


@dataclass(frozen=True)
class CustomerWord:
    """The forms of the word. The texts are lazy: they follow the language of the page.

    one: "customer" · many: "customers" · heading: "Customers" (a title) · counted(3): "3 customers", where
    `shown` may be the number already written in the page's digits.
    """

    key: str
    one: str | Promise
    many: str | Promise
    heading_text: str | Promise
    _counted: Callable[[int, str], str]

    @property
    def heading(self) -> str:
        """The plural as a title."""
        return str(self.heading_text)

    def counted(self, count: int, shown: str = "") -> str:
        """So many of them."""
        return self._counted(count, shown or str(count))


def _count_customers(count: int, shown: str) -> str:
    return ngettext("%(count)s customer", "%(count)s customers", count) % {"count": shown}


def _count_members(count: int, shown: str) -> str:
    return ngettext("%(count)s member", "%(count)s members", count) % {"count": shown}


def _count_subscribers(count: int, shown: str) -> str:
    return ngettext("%(count)s subscriber", "%(count)s subscribers", count) % {"count": shown}


def _count_students(count: int, shown: str) -> str:
    return ngettext("%(count)s student", "%(count)s students", count) % {"count": shown}


def _count_patients(count: int, shown: str) -> str:
    return ngettext("%(count)s patient", "%(count)s patients", count) % {"count": shown}


def _count_clients(count: int, shown: str) -> str:
    return ngettext("%(count)s client", "%(count)s clients", count) % {"count": shown}


_WORDS = (
    CustomerWord("customer", _("customer"), _("customers"), _("Customers"), _count_customers),
    CustomerWord("member", _("member"), _("members"), _("Members"), _count_members),
    CustomerWord("subscriber", _("subscriber"), _("subscribers"), _("Subscribers"), _count_subscribers),
    CustomerWord("student", _("student"), _("students"), _("Students"), _count_students),
    CustomerWord("patient", _("patient"), _("patients"), _("Patients"), _count_patients),
    CustomerWord("client", _("client"), _("clients"), _("Clients"), _count_clients),
)
CUSTOMER_WORDS = {word.key: word for word in _WORDS}


def get_customer_word(business: Business) -> CustomerWord:
    """The word that this business has chosen."""
    return CUSTOMER_WORDS.get(business.customer_word, CUSTOMER_WORDS["customer"])

"""What is missing for a prediction, in words."""

from django.utils.translation import gettext as _

from vafa.kit.locale.formats import Style, format_days, format_number
from vafa.predict.models.types import Lack


def describe_lack(lack: Lack, style: Style) -> str:
    """One thing of which there is too little, with how much there is and how much it takes."""
    if lack.code in _DAYS:
        have, needed = format_days(lack.have, style), format_days(lack.needed, style)
    else:
        have, needed = format_number(lack.have, style), format_number(lack.needed, style)
    texts = {
        "customers": _("Customers: %(have)s, and it takes %(needed)s."),
        "repeat_buyers": _("Customers who bought more than once: %(have)s, and it takes %(needed)s."),
        "leavers": _("Customers who are known to have left: %(have)s, and it takes %(needed)s."),
        "history": _("Length of the history: %(have)s, and it takes %(needed)s."),
        "cutoffs": _(
            "Days in the past on which the predictions can be tried: %(have)s, and it takes %(needed)s."
        ),
    }
    text = texts.get(lack.code, _("Not enough of “%(code)s”: %(have)s, and it takes %(needed)s."))
    return text % {"code": lack.code, "have": have, "needed": needed}


_DAYS = ("history", "history_days", "days")

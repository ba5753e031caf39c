"""SPF, DKIM and DMARC in plain words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vafa.act.messaging.queries import Verdict


@dataclass(frozen=True)
class Explained:
    """What one of the three is, what it is for, and how it stands."""

    title: str
    purpose: str
    text: str


def name_state(state: str) -> tuple[str, str]:
    """How one stands, and the tone of its badge."""
    return {
        "good": (_("Good"), "success"),
        "advice": (_("Could be better"), "warning"),
        "bad": (_("To be mended"), "error"),
        "unknown": (_("Not known"), ""),
    }[state]


def explain(verdict: Verdict) -> Explained:
    """A verdict in sentences."""
    title, purpose = _PURPOSES[verdict.kind]()
    return Explained(title, purpose, _TEXTS[verdict.kind]()[verdict.code])


def explain_problem(problem: str) -> str:
    """Why nothing could be looked up."""
    return {
        "silent": _(
            "No name server answered, so nothing is known of the domain. Is this machine on the internet?"
        ),
        "refused": _("The name server could not find out about the domain. Try it again in a few minutes."),
        "no_name": _("The part of the sender's address after the @ is no name of a domain."),
        "no_such_domain": _(
            "The name servers know no such domain. Is the sender's address written right, and is this machine on the "
            "internet?"
        ),
        "no_servers": _("This machine knows no name server, so nothing can be looked up."),
    }[problem]


_PURPOSES = {
    "spf": lambda: (
        _("SPF: which servers may send"),
        _(
            "A record of your domain that lists the servers that send for it. A mail from another server is suspect."
        ),
    ),
    "dkim": lambda: (
        _("DKIM: a signature on each mail"),
        _(
            "Your mail server signs each mail, and receivers check it with the key in this record. Whoever runs the "
            "mail server gives you the record and its name."
        ),
    ),
    "dmarc": lambda: (
        _("DMARC: what to do with forgeries"),
        _(
            "Says what receivers do with mails in your name that fail both, and where they report them. Large "
            "providers ask for it from whoever sends to many."
        ),
    ),
}

_TEXTS = {
    "spf": lambda: {
        "good": _("The record names the server by which this account sends."),
        "missing": _(
            "There is no such record. Enter the one below, or the one that your mail provider tells."
        ),
        "several": _("There is more than one such record, so that none counts. Make one of them."),
        "everybody": _(
            "The record lets every server of the world send for you. Let it end with ~all or -all."
        ),
        "too_many": _("The record asks for more than 10 other names, so that receivers give up. Shorten it."),
        "no_end": _("The record doesn't say what holds for all other servers. Let it end with ~all."),
        "host_not_named": _(
            "The record doesn't name this account's server. That is right where it names your provider's list "
            "(include:); else enter it as below."
        ),
    },
    "dkim": lambda: {
        "good": _("There is a key. Whether your server signs with it shows in a test mail."),
        "short": _("There is a key of fewer than 2048 bits: it holds, but a longer one is better."),
        "testing": _("The key is marked as a test (t=y), so that receivers don't count it."),
        "missing": _("There is no key under this name."),
        "revoked": _("The key is empty: it was revoked."),
        "broken": _("What stands there is no key. Was it cut off when it was entered?"),
        "weak": _("The key is so short that it is no longer believed."),
        "no_selector": _("There is no key under the usual names. Say below under which name yours is kept."),
        "not_answered": _("No name server answered about it."),
    },
    "dmarc": lambda: {
        "reject": _("Receivers refuse mails in your name that fail both."),
        "quarantine": _("Receivers put mails in your name that fail both into spam."),
        "none": _(
            "Receivers only report. Once the reports show that your own mails pass, write p=quarantine instead."
        ),
        "missing": _(
            "There is no such record. Begin with the one below: it changes nothing, and brings reports."
        ),
        "several": _("There is more than one such record, so that none counts. Make one of them."),
        "broken": _("The record can't be read: p= must be none, quarantine or reject."),
        "not_answered": _("No name server answered about it."),
    },
}

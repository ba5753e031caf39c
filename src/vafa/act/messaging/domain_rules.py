"""What a sender's domain says of who may send in its name: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 9989), judged
from the texts of its names."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

State = Literal["good", "advice", "bad", "unknown"]
# Under these names the usual programs and providers keep their keys.
USUAL_SELECTORS = (
    "default", "mail", "dkim", "google", "selector1", "selector2", "s1", "s2", "k1", "mx", "sig1", "zoho",
)  # fmt: skip
MOST_LOOKUPS = 10
_COSTS = re.compile(r"(?:include|a|mx|ptr|exists|redirect)(?=[:=/]|$)")
_ALL = re.compile(r"([+?~-]?)all", re.IGNORECASE)
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,60}[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True)
class Verdict:
    """One of the three: how it stands, why in one word, the record that was found ("": none), and what is to be entered
    under which name."""

    kind: Literal["spf", "dkim", "dmarc"]
    state: State
    code: str
    record: str = ""
    name: str = ""
    wanted: str = ""


def is_selector(text: str) -> bool:
    """Whether a text can be a DKIM selector."""
    return bool(_SELECTOR.fullmatch(text)) and ".." not in text


def list_dmarc_names(domain: str) -> list[str]:
    """Where the rule of a domain may stand: at itself, or at one above it."""
    labels = domain.split(".")
    return [f"_dmarc.{'.'.join(labels[start:])}" for start in range(max(1, len(labels) - 1))][:5]


def judge_spf(domain: str, host: str, texts: Sequence[str]) -> Verdict:
    """Whether a domain names who may send for it. Its record can name the server itself or its provider's list; the
    latter is not followed, so that a record without the host is only advice."""
    records = [one for one in texts if re.match(r"v=spf1(?:\s|$)", one, re.IGNORECASE)]
    named = _name_server(host)
    if not records:
        return Verdict("spf", "bad", "missing", "", domain, f"v=spf1 {named} ~all")
    if len(records) > 1:
        return Verdict("spf", "bad", "several", " | ".join(records), domain)
    record = records[0]
    terms = record.split()[1:]
    everybody = next((found for term in terms if (found := _ALL.fullmatch(term))), None)
    bare = [term.lstrip("+?~-").lower() for term in terms]
    if everybody is not None and everybody[1] in ("", "+"):
        return Verdict("spf", "bad", "everybody", record, domain, f"v=spf1 {named} ~all")
    if sum(1 for term in bare if _COSTS.match(term)) > MOST_LOOKUPS:
        return Verdict("spf", "bad", "too_many", record, domain)
    if everybody is None and not any(term.startswith("redirect=") for term in bare):
        return Verdict("spf", "advice", "no_end", record, domain, f"{record} ~all")
    if host and named not in bare and not _names_host(bare, host):
        added = " ".join(["v=spf1", named, *terms])
        return Verdict("spf", "advice", "host_not_named", record, domain, added)
    return Verdict("spf", "good", "good", record, domain)


def _name_server(host: str) -> str:
    """A server as a record names it; the domain's own mail servers where none is known by a name of its own."""
    try:
        return f"ip{ip_address(host).version}:{host}"
    except ValueError:
        return f"a:{host.lower()}" if "." in host else "mx"


def _names_host(terms: Sequence[str], host: str) -> bool:
    """Whether a record names a server: by its name, or by a list kept in the server's own domain."""
    home = ".".join(host.lower().split(".")[-2:])
    named = [term.partition(":")[2].partition("/")[0] or term.partition("=")[2] for term in terms]
    return any(name == host.lower() or name == home or name.endswith(f".{home}") for name in named if name)


def judge_dkim(domain: str, selector: str, found: Mapping[str, Sequence[str]]) -> Verdict:
    """Whether there is a key by which signed mails are checked; `found` are the texts by selector. Without a selector
    that is told, the first usual one with a key counts."""
    for name, texts in found.items():
        for text in texts:
            tags = read_tags(text)
            if "p" in tags and tags.get("v", "DKIM1") == "DKIM1":
                return _judge_key(text, tags, f"{name}._domainkey.{domain}")
    place = f"{selector or 'default'}._domainkey.{domain}"
    if not selector:
        return Verdict("dkim", "unknown", "no_selector", "", place)
    return Verdict("dkim", "bad", "missing", "", place, "v=DKIM1; k=rsa; p=…")


def _judge_key(text: str, tags: Mapping[str, str], name: str) -> Verdict:
    key = re.sub(r"\s+", "", tags["p"])
    if not key:
        return Verdict("dkim", "bad", "revoked", text, name)
    kind = tags.get("k", "rsa").lower()
    bits = count_bits(key) if kind == "rsa" else 2048  # other kinds of keys are all long enough
    if bits is None:
        return Verdict("dkim", "bad", "broken", text, name)
    if bits < 1024:
        return Verdict("dkim", "bad", "weak", text, name)
    if "y" in tags.get("t", "").lower().split(":"):
        return Verdict("dkim", "advice", "testing", text, name)
    if kind == "rsa" and bits < 2048:
        return Verdict("dkim", "advice", "short", text, name)
    return Verdict("dkim", "good", "good", text, name)


def count_bits(key: str) -> int | None:
    """How long an RSA key is, from its base64 form; None where it is none."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        read = load_der_public_key(b64decode(key, validate=True))
    except (ValueError, Error, TypeError):
        return None
    except Exception:  # noqa: BLE001 - the library names a curve or a key that it doesn't know by errors of its own
        return None
    return read.key_size if isinstance(read, RSAPublicKey) else None


def judge_dmarc(domain: str, sender: str, found: Mapping[str, Sequence[str]]) -> Verdict:
    """What receivers are asked to do with mails that fail both; `found` are the texts by name, the own one first."""
    own = f"_dmarc.{domain}"
    for name, texts in found.items():
        records = [one for one in texts if re.match(r"v=DMARC1\s*(?:;|$)", one)]
        if len(records) > 1:
            return Verdict("dmarc", "bad", "several", " | ".join(records), name)
        if records:
            tags = read_tags(records[0])
            policy = tags.get("sp" if name != own and "sp" in tags else "p", "").lower()
            if policy not in ("none", "quarantine", "reject"):
                return Verdict(
                    "dmarc", "bad", "broken", records[0], name, f"v=DMARC1; p=none; rua=mailto:{sender}"
                )
            return Verdict("dmarc", "advice" if policy == "none" else "good", policy, records[0], name)
    return Verdict("dmarc", "bad", "missing", "", own, f"v=DMARC1; p=none; rua=mailto:{sender}")


def read_tags(text: str) -> dict[str, str]:
    """The tags of a record such as "v=DKIM1; k=rsa; p=..."; the first of each counts."""
    tags: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals:
            tags.setdefault(name.strip(), value.strip())
    return tags

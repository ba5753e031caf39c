"""Keyed digests of addresses, numbers and ids: to know one again without keeping it. The key is a secret of the home;
without it nobody can try all the numbers there are."""

from functools import lru_cache
from hashlib import blake2b

from vafa.kit.home import get_home, get_made_secret

_KEY_FILE = "fingerprints.key"
_SIZE = 20
_SHOWN = 2


@lru_cache(maxsize=4)
def _get_key(_home: str) -> bytes:
    """The key of this home."""
    return bytes.fromhex(get_made_secret(_KEY_FILE))


def build_fingerprint(kind: str, value: str) -> str:
    """The digest of a value in normal form (an address in lower case, a number as E.164), 40 hexadecimal digits."""
    told = f"{kind}\x1f{value}".encode()
    return blake2b(told, digest_size=_SIZE, key=_get_key(str(get_home()))).hexdigest()


def mask(kind: str, value: str) -> str:
    """A value as people may see it again: enough to know it by, too little to use it."""
    if kind == "email" and "@" in value:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}…@{domain[:1]}…{domain[domain.rfind('.') :]}"
    return f"{value[:4]}…{value[-_SHOWN:]}" if len(value) > 8 else "…"

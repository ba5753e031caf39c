"""Keeping who was erased from coming back: their numbers, addresses and ids are known by keyed digests."""

from collections.abc import Iterable, Sequence

from vafa.data.consent.models import Erasure, Fingerprint
from vafa.data.customers.queries import list_known_keys, list_own_traits
from vafa.data.customers.types import Told
from vafa.kit.erasing import Traits
from vafa.kit.fingerprints import build_fingerprint


def key_fingerprint(source_id: int, key: str) -> str:
    """The digest of the id by which a source knows somebody."""
    return build_fingerprint("key", f"{source_id}\x1f{key}")


class Barred:
    """The digests of all who were erased, as they are now; false where there are none."""

    def __init__(self) -> None:
        self.digests = set(Fingerprint.objects.values_list("digest", flat=True))

    def __bool__(self) -> bool:
        return bool(self.digests)

    def find(self, people: Iterable[Told], source_id: int) -> set[Told]:
        """Those of these who were erased.

        Somebody whom the source knows by an id of their own is let in: they share a number with whoever was erased.
        """
        if not self.digests:
            return set()
        by_key, by_point = set(), set()
        for told in set(people):
            if told.key and key_fingerprint(source_id, told.key) in self.digests:
                by_key.add(told)
            elif any(
                value and build_fingerprint(kind, value) in self.digests
                for kind, value in (("email", told.email), ("phone", told.phone))
            ):
                by_point.add(told)
        known = list_known_keys(source_id, {told.key for told in by_point if told.key})
        return by_key | {told for told in by_point if told.key not in known}


def add_fingerprints(erasure: Erasure, traits: Traits, ids: Sequence[int]) -> None:
    """Remember by digests who is being erased. Numbers that somebody else has as well are not theirs alone."""
    digests = sorted(build_digests(list_own_traits(traits, ids)))
    Fingerprint.objects.bulk_create(
        [Fingerprint(digest=digest, erasure=erasure) for digest in digests], ignore_conflicts=True
    )


def build_digests(traits: Traits) -> set[str]:
    """The digests of all addresses, numbers and ids."""
    return {
        *(build_fingerprint("email", value) for value in traits.emails),
        *(build_fingerprint("phone", value) for value in traits.phones),
        *(key_fingerprint(source_id, key) for source_id, key in traits.keys),
    }

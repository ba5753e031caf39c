"""Which arm of a trial a customer is in: by a hash of what never changes, so the same whenever and wherever.

The trial's key and the customer's id alone decide; nothing random, nothing kept, no name. The id is mixed, joined with
64 bits of the key, and mixed again, by the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood 2014), so that
the arms of one trial tell nothing of those of another. The first 53 bits, as a number from 0 to 1, fall into the arms'
shares, which lie side by side in the alphabetic order of their names: a mapping that a database gave back in another
order deals the same arms.
"""

import hashlib
import math
from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import SharesUnfit

CONTROL = "control"
TREATED = "treated"

# Up to so many customers both halves are needed to see anything at all; above, a tenth is enough (findings: predict,
# section 5).
SMALL_LIST = 20_000
HALVES: Mapping[str, float] = MappingProxyType({CONTROL: 0.5, TREATED: 0.5})
TENTH: Mapping[str, float] = MappingProxyType({CONTROL: 0.1, TREATED: 0.9})

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_TOLERANCE = 1e-9


def suggest_shares(customers: int) -> Mapping[str, float]:
    """The shares to offer for a list of so many: 50:50, or a control of a tenth above 20,000."""
    return TENTH if customers > SMALL_LIST else HALVES


def build_shares(held: float) -> dict[str, float]:
    """The shares where a control of so much (0 to 1) is held out; one arm alone where nobody is."""
    return {CONTROL: held, TREATED: 1.0 - held} if held > 0 else {TREATED: 1.0}


def arm_of(customer_id: int, trial_key: str, shares: Mapping[str, float]) -> str:
    """The arm of one customer. Raises SharesUnfit unless the shares are above 0 and add up to 1."""
    names, ends = _list_ends(shares)
    mixed = _mix(_mix((customer_id + _GAMMA) & _MASK) ^ _hash_key(trial_key))
    place = (mixed >> 11) * 2.0**-53
    return next(name for name, end in zip(names, ends, strict=True) if place < end)


def arms_of(ids: npt.ArrayLike, key: str, shares: Mapping[str, float]) -> npt.NDArray[np.str_]:
    """The arms of many customers, in the order of their ids: what `arm_of` says of each."""
    names, ends = _list_ends(shares)
    given = np.asarray(ids, dtype=np.int64).astype(np.uint64)
    mixed = _mix_all(_mix_all(given + np.uint64(_GAMMA)) ^ np.uint64(_hash_key(key)))
    places = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return np.asarray(names, dtype=np.str_)[np.searchsorted(ends, places, side="right")]


def _list_ends(shares: Mapping[str, float]) -> tuple[list[str], list[float]]:
    """The arms in alphabetic order, and where each one's share ends between 0 and 1."""
    names = sorted(shares)
    sizes = [shares[name] for name in names]
    if not sizes or min(sizes) <= 0 or not abs(math.fsum(sizes) - 1) <= _TOLERANCE:
        raise SharesUnfit(total=math.fsum(sizes))
    return names, [*list(accumulate(sizes))[:-1], 1.0]


def _hash_key(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _mix(value: int) -> int:
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def _mix_all(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FIRST)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_SECOND)
    return values ^ (values >> np.uint64(31))

"""Companies as customers: the customers of one company count as one.

A company is all customers with the same name of a company, and goes by its smallest number; a customer without
one counts alone.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.lab.spells import Ints


def build_aliases(numbers: npt.ArrayLike, companies: npt.ArrayLike, size: int) -> Ints:
    """By customer's number (0 .. size-1) the number by which the company goes.

    `companies` gives, beside the numbers, a whole number for each company, below 0 for none.
    """
    aliases = np.arange(size, dtype=np.int32)
    own, company = np.asarray(numbers, dtype=np.int64), np.asarray(companies, dtype=np.int64)
    in_company = company >= 0
    own, company = own[in_company], company[in_company]
    if not len(own):
        return aliases
    _, places = np.unique(company, return_inverse=True)
    smallest = np.full(int(places.max()) + 1, size, dtype=np.int64)
    np.minimum.at(smallest, places, own)
    aliases[own] = smallest[places]
    return aliases


def map_set(members: BitMap, aliases: Ints) -> BitMap:
    """The companies of these customers."""
    return build_set(aliases[list_members(members)]) if members else BitMap()


def naive_aliases(companies: Mapping[int, str]) -> dict[int, int]:
    """The slow twin: for each customer the first who has the same company, "" being none."""
    return {
        number: min(
            [other for other, name in companies.items() if company and name == company], default=number
        )
        for number, company in companies.items()
    }

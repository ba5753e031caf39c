"""The customers of a company go by its smallest number."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from vafa.lab.companies import build_aliases, map_set, naive_aliases

COMPANIES = st.dictionaries(st.integers(0, 12), st.sampled_from(["", "a", "b", "c"]), max_size=13)


@given(COMPANIES, st.sets(st.integers(0, 12)))
def test_aliases_are_what_a_look_by_hand_finds(companies: dict[int, str], members: set[int]) -> None:
    codes = [["a", "b", "c"].index(name) if name else -1 for name in companies.values()]
    aliases = build_aliases(list(companies), codes, 13)
    slow = {number: number for number in range(13)} | naive_aliases(companies)
    assert {number: int(alias) for number, alias in enumerate(aliases)} == slow
    assert set(map_set(BitMap(members), aliases)) == {slow[number] for number in members}


def test_two_of_one_company_are_one_customer() -> None:
    aliases = build_aliases([0, 3, 5, 4], [7, -1, 2, 7], 6)
    assert aliases.tolist() == [0, 1, 2, 3, 0, 5]
    assert map_set(BitMap([0, 4]), aliases) == BitMap([0])

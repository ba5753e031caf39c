"""The end of data, not the clock, is the end of knowledge."""

from vafa.lab.completeness import Completeness, decide_completeness


def test_a_period_wholly_inside_the_data_is_complete() -> None:
    assert decide_completeness(190, 220, 100, 220, 90) == Completeness(True, True, 220, False, ())


def test_data_that_ends_inside_moves_the_end() -> None:
    told = decide_completeness(190, 220, 100, 219, 90)
    assert told == Completeness(True, False, 219, False, ("data_ends_inside",))


def test_a_period_from_the_end_of_data_on_is_unknown() -> None:
    assert not decide_completeness(220, 250, 100, 220, 90).known
    assert decide_completeness(219, 250, 100, 220, 90).known


def test_early_newcomers_are_only_first_seen() -> None:
    told = decide_completeness(189, 219, 100, 400, 90)
    assert (told.known, told.complete, told.first_seen) == (True, False, True)
    assert decide_completeness(100, 130, 100, 400, 0).complete
    assert decide_completeness(99, 130, 100, 400, 0).reasons == ("history_too_short",)


def test_without_data_nothing_is_known() -> None:
    assert decide_completeness(1, 2, None, None, 90).reasons == ("no_data",)

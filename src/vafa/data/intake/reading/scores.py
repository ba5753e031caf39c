"""Answers to surveys as they are written -> a number on its scale, or a level in words; and what a file's answers say
of their scale. Pure but for the wording of problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .problems import ValueProblem
from .score_words import LADDERS, NO_ANSWER
from .text import drop_marks, fold_digits, fold_label, trim
from .values import parse_number

# The scales that surveys use, each [low, high]; what else there is must be named.
SCALES = (
    (0, 1), (1, 3), (1, 4), (1, 5), (0, 5), (1, 6), (1, 7), (1, 10), (0, 10), (0, 100),
)  # fmt: skip
# From so many answers on, the highest that was given is taken for the highest that could be, if it is a usual end.
ENOUGH_TO_TELL = 20
USUAL_ENDS = frozenset({1, 5, 7, 10, 100})
# What one help desk writes where a rating of good or bad was asked for and not given.
_OF_GOOD_OR_BAD = frozenset({"offered", "unoffered"})
NPS_SCALE = (0, 10)

_OF = re.compile(r"(.+?)\s*(?:/|／|\bout of\b|\bof\b|\bاز\b|\bمن\b)\s*(\d{1,3})")
_SCALE = re.compile(r"(-?\d{1,3})\s*(?:-|–|—|~|\.\.|to|تا|إلى|الى|至|到)\s*(\d{1,3})")
_STARS = re.compile(r"(★+)(☆*)")
_UNITS = re.compile(r"\s*(?:stars?|points?|ستاره|امتیاز|نجوم|نجمة|نقاط|星|分)$", re.IGNORECASE)


class Told(NamedTuple):
    """What a cell says: `points`, perhaps `of` so many; or a `word` (folded) whose place a scale decides."""

    points: Decimal | None = None
    of: int | None = None
    word: str = ""


@dataclass(frozen=True)
class ScaleVerdict:
    """The scale that some answers are on; where they can't tell, the `choices` left, with an `example`."""

    scale: tuple[int, int] | None
    choices: tuple[tuple[int, int], ...] = ()
    example: str = ""


def parse_score(text: str) -> Told | None:
    """A score: 9, ۹, 4.5, `4/5`, `4 out of 5`, `۴ از ۵`, `80%`, ★★★★☆, or a word such as `very satisfied`.

    None for a word that says that there was no answer. Raises ValueProblem `not_a_score`.
    """
    plain = trim(drop_marks(fold_digits(text)))
    if stars := _STARS.fullmatch(plain):
        return Told(Decimal(len(stars[1])), len(stars[0]) if stars[2] or len(stars[1]) >= 5 else None)
    if plain.endswith(("%", "٪", "％")):
        return Told(_parse_points(plain[:-1], text), 100)
    if match := _OF.fullmatch(plain):
        return Told(_parse_points(match[1], text), int(match[2]))
    word = fold_label(plain) or plain
    if word in NO_ANSWER:
        return None
    if any(word in levels for levels in LADDERS.values()):
        return Told(word=word)
    return Told(_parse_points(_UNITS.sub("", plain), text))


def _parse_points(body: str, text: str) -> Decimal:
    try:
        return parse_number(body)
    except ValueProblem:
        raise ValueProblem("not_a_score", value=text) from None


def place_word(word: str, low: int, high: int, direction: str) -> int | None:
    """The point of a scale that a word stands for; None where it is no word of a scale of so many points."""
    levels = LADDERS.get(high - low + 1, {})
    if word not in levels:
        return None
    return low + levels[word] if direction == "high" else high - levels[word]


def parse_scale(text: str) -> tuple[int, int]:
    """A scale: `1-5`, `0 to 10`, `۱ تا ۷`, or the number of its points where that leaves nothing open (`5`, `7`).

    Raises ValueProblem `not_a_scale`, or `scale_start` for a bare 10, which may begin with 0 or 1.
    """
    plain = trim(drop_marks(fold_digits(text))).casefold()
    if match := _SCALE.fullmatch(plain):
        low, high = int(match[1]), int(match[2])
        if -100 <= low < high <= 1000:
            return low, high
        raise ValueProblem("not_a_scale", value=text)
    bare = re.sub(r"[- ]*(?:points?|درجه(?:‌?ای)?|نقاط|分制?|分)$", "", plain)
    if bare in ("10", "11"):
        if bare == "11":
            return NPS_SCALE
        raise ValueProblem("scale_start", value=text)
    if bare.isdigit() and 2 <= int(bare) <= 9:
        return 1, int(bare)
    raise ValueProblem("not_a_scale", value=text)


def guess_scale(counts: Mapping[str, int]) -> ScaleVerdict:
    """The scale of answers, given as text -> how often; texts that are no scores say nothing."""
    told = [(text, found, often) for text, often in counts.items() if (found := _read(text)) is not None]
    numbers = [(text, found, often) for text, found, often in told if found.points is not None]
    words = {found.word for _text, found, _often in told if found.word}
    if words and not numbers:
        if _OF_GOOD_OR_BAD & set(map(fold_label, counts)) and words <= LADDERS[2].keys():
            return ScaleVerdict((0, 1))
        return _guess_by_words(words, sum(often for _text, _found, often in told))
    if not numbers:
        return ScaleVerdict(None)
    example = numbers[0][0]
    points = [found.points for _text, found, _often in numbers if found.points is not None]
    least, most = min(points), max(points)
    ends = {found.of for _text, found, _often in numbers if found.of is not None}
    fitting = [
        scale for scale in SCALES if scale[0] <= least and most <= scale[1] and (not ends or scale[1] in ends)
    ]
    if words:
        fitting = [scale for scale in fitting if words <= LADDERS.get(scale[1] - scale[0] + 1, {}).keys()]
    is_told = len(ends) == 1 or bool(words)
    enough = sum(often for _text, _found, often in numbers) >= ENOUGH_TO_TELL
    nearest = min((high for _low, high in fitting), default=None)
    if nearest is not None and (is_told or (enough and most == nearest and nearest in USUAL_ENDS)):
        left = _choose_start([scale for scale in fitting if scale[1] == nearest], least)
        if len(left) == 1:
            return ScaleVerdict(left[0])
        return ScaleVerdict(None, tuple(left), example)
    return ScaleVerdict(None, tuple(fitting or SCALES), example)


def _choose_start(scales: list[tuple[int, int]], least: Decimal) -> list[tuple[int, int]]:
    """Of scales with one end: a 0 that was given tells of 0; up to ten both beginnings are usual, else 1 is."""
    if least < 1 or len(scales) < 2:
        return [scale for scale in scales if scale[0] <= least][:1]
    return scales if scales[0][1] == 10 else [scale for scale in scales if scale[0] == 1]


def _guess_by_words(words: set[str], answers: int) -> ScaleVerdict:
    """The ladder that alone knows all the words; of several the lowest, if many answers made use of all its steps."""
    fitting = [points for points, levels in sorted(LADDERS.items()) if words <= levels.keys()]
    known = fitting or [points for points, levels in sorted(LADDERS.items()) if words & levels.keys()]
    scales = tuple((0, 1) if points == 2 else (1, points) for points in known)
    if len(fitting) == 1:
        return ScaleVerdict(scales[0])
    if fitting and answers >= ENOUGH_TO_TELL:
        lowest = LADDERS[fitting[0]]
        if len({lowest[word] for word in words}) == fitting[0]:
            return ScaleVerdict(scales[0])
    return ScaleVerdict(None, scales, min(words))


def _read(text: str) -> Told | None:
    try:
        return parse_score(text)
    except ValueProblem:
        return None


def share_of_scores(texts: Iterable[str]) -> float:
    """How many of some texts (0..1) can be read as scores no higher than a hundred."""
    told = [text for text in texts if text]
    good = 0
    for text in told:
        try:
            found = parse_score(text)
        except ValueProblem:
            continue
        good += found is None or found.points is None or 0 <= found.points <= 100
    return good / len(told) if told else 0.0

"""Deciding how answers to surveys are read: which question, which scale, which end is good, how they are added up."""

from pathlib import Path

from django.utils.translation import gettext as _

from vafa.data.intake.counted import count_values
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.questions import QUESTIONS, guess_direction, guess_question, parse_question
from vafa.data.intake.reading.scores import NPS_SCALE, guess_scale, parse_scale
from vafa.data.intake.reading.tables import Table
from vafa.data.intake.types import ImportOptions, Question, QuestionReading
from vafa.kit.errors import AskedWrongly

DIRECTIONS = ("high", "low")
# The ways of adding up the answers of each kind of question, the usual one first.
METHODS = {"nps": ("nps",), "csat": ("top2", "top1", "mean"), "ces": ("mean", "easy"), "other": ("mean",)}
# On a scale of so few points only the best one is a good answer.
FEW_POINTS = 3


def decide_answers(
    table: Table, options: ImportOptions, mapping: dict[str, str], path: Path, questions: list[Question]
) -> dict[str, QuestionReading]:
    """The reading of each kind of question in the file; what can't be told is added to `questions`."""
    _check(options)
    column = mapping["score"]
    by_kind = _count_scores(table, options, mapping, path)
    if not by_kind:
        example = next((score for (score,) in count_values(table, (column,), path) if score), "")
        questions.append(Question("question", "--question", QUESTIONS, example, column))
        return {}
    readings = {}
    for kind, scores in by_kind.items():
        scale = _decide_scale(kind, scores, options, mapping, questions)
        low, high = scale or (None, None)
        readings[kind] = QuestionReading(
            kind,
            low,
            high,
            direction=_decide_direction(kind, scores, options, mapping, questions),
            method=_decide_method(kind, scale, options),
        )
    return readings


def _count_scores(
    table: Table, options: ImportOptions, mapping: dict[str, str], path: Path
) -> dict[str, dict[str, int]]:
    """Kind of question -> its answers as they are written -> how often; empty where nothing tells the kind."""
    column = mapping["score"]
    if options.question is None and "question" in mapping:
        by_kind: dict[str, dict[str, int]] = {}
        for (asked, score), count in count_values(table, (mapping["question"], column), path).items():
            if asked:
                scores = by_kind.setdefault(parse_question(asked), {})
                scores[score] = scores.get(score, 0) + count
        return {kind: by_kind[kind] for kind in QUESTIONS if kind in by_kind}
    kind = options.question or guess_question(column)
    if kind is None and "survey" in mapping:
        surveys = {survey for (survey,) in count_values(table, (mapping["survey"],), path) if survey}
        kinds = {guess_question(survey) for survey in surveys}
        kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None:
        return {}
    return {kind: {score: count for (score,), count in count_values(table, (column,), path).items()}}


def _decide_scale(
    kind: str,
    scores: dict[str, int],
    options: ImportOptions,
    mapping: dict[str, str],
    questions: list[Question],
) -> tuple[int, int] | None:
    """The scale of a kind of question; None where each row tells its own, or where it is asked for."""
    if kind == "nps":
        return NPS_SCALE
    if options.scale is not None:
        return parse_scale_option(options.scale)
    if "scale" in mapping:
        return None
    verdict = guess_scale({text: count for text, count in scores.items() if text})
    if verdict.choices and not any(question.code == "scale" for question in questions):
        choices = tuple(f"{low}-{high}" for low, high in verdict.choices)
        questions.append(Question("scale", "--scale", choices, verdict.example, mapping["score"]))
    return verdict.scale


def _decide_direction(
    kind: str,
    scores: dict[str, int],
    options: ImportOptions,
    mapping: dict[str, str],
    questions: list[Question],
) -> str:
    """A high number is good but for much effort; words tell which is which by themselves."""
    if kind == "nps":
        return "high"
    if options.direction is not None or kind != "ces":
        return options.direction or "high"
    told = guess_direction(mapping["score"])
    if told is None and any(any(char.isdigit() for char in text) for text in scores):
        example = next(text for text in scores if any(char.isdigit() for char in text))
        questions.append(Question("direction", "--direction", DIRECTIONS, example, mapping["score"]))
    return told or "high"


def _decide_method(kind: str, scale: tuple[int, int] | None, options: ImportOptions) -> str:
    ways = METHODS[kind]
    if options.method in ways:
        return str(options.method)
    few = kind == "csat" and scale is not None and scale[1] - scale[0] < FEW_POINTS
    return "top1" if few else ways[0]


def parse_scale_option(text: str) -> tuple[int, int]:
    """The scale that was asked for. Raises AskedWrongly."""
    try:
        return parse_scale(text)
    except ValueProblem as problem:
        raise AskedWrongly(
            _("There is no scale “%(scale)s”.") % {"scale": text},
            _("Write its lowest and its highest number, such as 1-5."),
            code="scale_unknown",
        ) from problem


def _check(options: ImportOptions) -> None:
    """Refuse what names nothing."""
    for value, allowed, option in (
        (options.question, QUESTIONS, "--question"),
        (options.direction, DIRECTIONS, "--direction"),
        (options.method, tuple(dict.fromkeys(way for ways in METHODS.values() for way in ways)), "--method"),
    ):
        if value is not None and value not in allowed:
            raise AskedWrongly(
                _("%(option)s can't be “%(value)s”.") % {"option": option, "value": value},
                _("It is one of: %(values)s.") % {"values": ", ".join(allowed)},
            )
    if options.scale is not None:
        parse_scale_option(options.scale)

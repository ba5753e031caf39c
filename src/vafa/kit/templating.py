"""The one engine for texts with variables: Liquid, cut down to what a message needs, with limits on what it may cost.

What people write here is run for every customer, so nothing in it may take long, grow large or reach anything but the
values that are given: no includes, no Python attributes, no arithmetic (numbers could grow without end), few filters,
each of them measured. Values are plain: text, whole numbers, Decimal, True, None, and lists and mappings of these.
"""

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.filters import misc, string
from liquid.builtin.tags import assign_tag, case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError, LiquidSyntaxError, ResourceLimitError
from markupsafe import Markup

from vafa.kit.errors import VafaError
from vafa.kit.template_faults import Fault, find_fault, find_first, find_line

_TAGS = (
    content.Literal,
    illegal.Illegal,
    output.Output,
    assign_tag.AssignTag,
    case_tag.CaseTag,
    comment_tag.CommentTag,
    for_tag.ForTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    if_tag.IfTag,
    unless_tag.UnlessTag,
)
_TAG_NAMES = frozenset({"assign", "break", "case", "comment", "continue", "for", "if", "unless"})
_OPENING = re.compile(r"(\{\{|\{%)")
_EMPTY_DEFAULT = re.compile(r"\|\s*default\s*(?::\s*(?:\"\s*\"|'\s*'|“\s*”)?)?\s*(?=\}\})")
_SHOWN = 60
_MOST_JOINED = 100


@dataclass(frozen=True)
class Limits:
    """What one text may cost: characters of the text and of what comes out, turns of its loops, seconds."""

    text: int = 20_000
    output: int = 100_000
    turns: int = 500
    seconds: float = 0.5


LIMITS = Limits()


class TemplateWrong(VafaError):
    """A text with variables that can't be read or filled in."""

    code = "template_wrong"


class TemplateTooCostly(TemplateWrong):
    """A text with variables that goes beyond its limits."""

    code = "template_too_costly"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text: a stable code, the sentence, what to do, the variable that is meant, if any, and the
    line from 1 on (0: none of them)."""

    code: str
    message: str
    remedy: str
    variable: str = ""
    line: int = 0


def render(
    text: str, values: Mapping[str, Any], *, limits: Limits = LIMITS, escape: bool = False, shown: str = ""
) -> str:
    """The text with its variables filled in; an unknown one gives nothing. `escape` makes values safe inside HTML (the
    text itself is taken as it is). Raises TemplateWrong and TemplateTooCostly, naming the text by `shown`."""
    try:
        template = _parse(text, escape, limits)
        timed = _Timed(values, time.monotonic() + limits.seconds)
        context = template.context_class(template, globals=timed)
        buffer = template._get_buffer()
        template.render_with_context(context, buffer)
        return buffer.getvalue()
    except ResourceLimitError as error:
        raise _build_too_costly(text, shown) from error
    except (LiquidError, RecursionError, ValueError, TypeError, ArithmeticError) as error:
        raise _build_wrong(text, error, shown) from error


def find_variables(text: str) -> tuple[str, ...]:
    """The names of the variables that a text asks for from outside, in alphabetical order. Raises TemplateWrong."""
    try:
        return tuple(sorted(set(_parse(text, False, LIMITS).global_variables())))
    except ResourceLimitError as error:
        raise _build_too_costly(text) from error
    except (LiquidError, RecursionError, ValueError) as error:
        raise _build_wrong(text, error) from error


def check(
    text: str, known: Collection[str], *, may_lack: Collection[str] = (), limits: Limits = LIMITS
) -> list[Problem]:
    """What is wrong with a text before anybody gets it: that it can't be read, that it is too long, variables that are
    not `known` (with the nearest that is), such of `may_lack` as stand without a default anywhere in it, and, where any
    may lack, defaults that say nothing."""
    try:
        asked = find_variables(text) if len(text) <= limits.text else None
    except TemplateWrong as error:
        return [_build_broken(text, error)]
    if asked is None:
        costly = _build_too_costly(text)
        return [Problem(costly.code, costly.message, costly.remedy)]
    if unknown := [name for name in _parse(text, False, LIMITS).filter_names() if name not in _FILTERS]:
        return [_build_no_filter(text, name) for name in unknown]
    found = [_build_unknown(text, name, known) for name in asked if name not in known]
    lacking = [name for name in asked if name in may_lack and name in known and not _has_default(text, name)]
    empty = _list_empty_defaults(text) if may_lack else []
    return [*found, *(_build_no_default(text, name) for name in lacking), *empty]


def _build_broken(text: str, error: "TemplateWrong") -> Problem:
    """What can't be read, in plain words and with its line."""
    fault = find_fault(text, _TAG_NAMES)
    if fault is not None:
        message, remedy = _tell_fault(fault)
        return Problem(error.code, message, remedy, line=find_line(text, fault.at))
    cause = error.__cause__
    token = getattr(cause, "token", None)
    at = getattr(token, "start_index", -1)
    return Problem(error.code, error.message, error.remedy, line=find_line(text, at))


def _tell_fault(fault: Fault) -> tuple[str, str]:
    told = {"shown": fault.shown[:_SHOWN], "closing": fault.closing[:_SHOWN]}
    if fault.kind == "unclosed":
        return _("“%(shown)s” is opened, but not closed.") % told, _("Write “%(closing)s” after it.") % told
    if fault.kind == "unclosed_tag":
        return (
            _("The condition or loop “%(shown)s” has no end.") % told,
            _("Write “%(closing)s” where it ends.") % {"closing": f"{{% {told['closing']} %}}"},
        )
    if fault.kind == "stray_tag":
        return _("“%(shown)s” belongs to nothing before it.") % told, _("Take it out.")
    return _("There is no command “%(shown)s”.") % told, _("Take it out.")


def _build_no_filter(text: str, name: str) -> Problem:
    message = _("Nothing called “%(name)s” can be done with a variable.") % {"name": name[:_SHOWN]}
    remedy = _("These can: %(names)s") % {"names": ", ".join(sorted(_FILTERS))}
    return Problem("unknown_filter", message, remedy, line=find_line(text, find_first(text, name)))


def _list_empty_defaults(text: str) -> list[Problem]:
    return [
        Problem(
            "empty_default",
            _("Whoever has no value gets nothing here: the words after “default” are empty."),
            _("Write between the quotation marks what stands there instead."),
            line=find_line(text, found.start()),
        )
        for found in _EMPTY_DEFAULT.finditer(text)
    ]


def _build_unknown(text: str, name: str, known: Collection[str]) -> Problem:
    import difflib

    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    if near:
        remedy = _("Did you mean {{ %(name)s }}?") % {"name": near[0]}
    else:
        remedy = _("Choose one from the list of variables.")
    message = _("There is no variable “%(name)s”.") % {"name": name[:_SHOWN]}
    return Problem("unknown_variable", message, remedy, name, find_line(text, find_first(text, name)))


def _build_no_default(text: str, name: str) -> Problem:
    return Problem(
        "no_default",
        _("Not everybody has a value for “%(name)s”.") % {"name": name},
        _("Say what stands there instead, such as %(example)s.")
        % {"example": _apart(f'{{{{ {name} | default: "…" }}}}')},
        name,
        find_line(text, find_first(text, name)),
    )


def _has_default(text: str, name: str) -> bool:
    """Whether a variable is always followed by a default, or asked about by a condition."""
    template = _parse(text, False, LIMITS)
    tags = set(template.tag_names())
    if tags & {"if", "unless", "case"}:
        return True  # the author thinks of its absence; which branch holds is theirs to know
    return not any(name in piece and "default" not in piece for piece in _list_outputs(text))


def _list_outputs(text: str) -> list[str]:
    return [piece.partition("}}")[0] for piece in text.split("{{")[1:]]


class _Timed(Mapping[str, Any]):
    """The values, looked up until a moment and no longer."""

    def __init__(self, values: Mapping[str, Any], until: float) -> None:
        self._values = values
        self._until = until

    def __getitem__(self, name: str) -> Any:
        if time.monotonic() > self._until:
            raise ResourceLimitError("out of time", token=None)
        value = self._values[name]
        return (
            None if isinstance(value, str) and not value else value
        )  # to Liquid an empty text would be true

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _Small(Environment):
    """An environment with nothing in it but what is listed here."""

    block_nesting_limit = 10
    context_depth_limit = 20

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in _TAGS:
            self.add_tag(tag)
        for name, made in _FILTERS.items():
            self.add_filter(name, _measured(made, self.output_stream_limit or LIMITS.output))


def _measured(made: Callable[..., Any], most: int) -> Callable[..., Any]:
    """A filter whose text may not grow beyond what may come out in all."""

    @wraps(made)
    def measured(*args: Any, **kwargs: Any) -> Any:
        found = made(*args, **kwargs)
        if isinstance(found, str) and len(found) > most:
            raise ResourceLimitError("filter output limit reached", token=None)
        return found

    return measured


def _join(value: Any, separator: Any = ", ") -> Any:
    """The items of a list with something between; `range` values and the like are left alone."""
    if not isinstance(value, list | tuple):
        return value
    between = separator if isinstance(separator, Markup) else str(separator)
    return between.join(map(str, value[:_MOST_JOINED]))


def _pick(place: int) -> Callable[[Any], Any]:
    def pick(value: Any) -> Any:
        return value[place] if isinstance(value, list | tuple) and value else None

    return pick


_FILTERS: dict[str, Callable[..., Any]] = {
    "append": string.append,
    "capitalize": string.capitalize,
    "default": misc.default,
    "downcase": string.downcase,
    "first": _pick(0),
    "join": _join,
    "last": _pick(-1),
    "prepend": string.prepend,
    "size": misc.size,
    "strip": string.strip,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "upcase": string.upcase,
    "url_encode": string.url_encode,
}


@lru_cache(maxsize=16)
def _build_environment(escape: bool, limits: Limits) -> Environment:
    made = type(
        "_Limited",
        (_Small,),
        {
            "output_stream_limit": limits.output,
            "loop_iteration_limit": limits.turns,
            "local_namespace_limit": limits.output,
        },
    )
    environment: Environment = made(autoescape=escape)
    return environment


@lru_cache(maxsize=256)
def _parse(text: str, escape: bool, limits: Limits) -> BoundTemplate:
    if len(text) > limits.text:
        raise ResourceLimitError("text too long", token=None)
    _refuse_unclosed(text)
    return _build_environment(escape, limits).from_string(text)


def _refuse_unclosed(text: str) -> None:
    """Raise where a bracket is not closed before the next opens. The library finds that too, but in a time that grows
    with the square: 20 seconds for 20,000 characters."""
    pieces = _OPENING.split(text)
    for opened, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if ("}}" if opened == "{{" else "%}") not in piece:
            raise LiquidSyntaxError(f"missing end of {opened}", token=None)


def _build_too_costly(text: str, shown: str = "") -> TemplateTooCostly:
    return TemplateTooCostly(
        _("This text is too long, or repeats something too often: %(text)s") % {"text": shown or _cut(text)},
        _("Shorten it, or repeat less."),
    )


def _build_wrong(text: str, error: Exception, shown: str = "") -> TemplateWrong:
    return TemplateWrong(
        _("The variables in this text can't be read (%(reason)s): %(text)s")
        % {"reason": str(getattr(error, "message", "") or error)[:120], "text": shown or _cut(text)},
        _("Variables are written as %(example)s; choose one from the list.")
        % {"example": _apart('{{ given_name | default: "friend" }}')},
    )


def _apart(code: str) -> str:
    """Code in a sentence that may run from right to left: between the signs that keep its own direction."""
    return f"\u2066{code}\u2069"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"

"""A sentence of a summary."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One sentence of a summary; `tone` is "", "warning" or "success"."""

    text: str
    tone: str = ""

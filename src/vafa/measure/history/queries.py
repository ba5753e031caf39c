"""DOOR: asking what a figure was, and why it is not any more. Reads only."""

from vafa.measure.history.reading import (
    find_changed,
    find_moved,
    find_story,
    find_was,
    get_newest_look,
    list_changed,
)

__all__ = ["find_changed", "find_moved", "find_story", "find_was", "get_newest_look", "list_changed"]

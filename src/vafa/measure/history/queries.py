"""DOOR: asking what a figure was, and why it is not any more. Reads only."""

from vafa.measure.history.reading import find_moved, find_story, find_was

__all__ = ["find_moved", "find_story", "find_was"]

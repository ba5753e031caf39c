"""The editor of text messages: free words, or a pattern that the provider approved, with its slots; and how long it
comes out and what it costs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vafa.act.messaging.queries import (
    SLOT_SPACES,
    ContentProblem,
    Estimate,
    build_sms,
    estimate_sms,
    find_sms_account,
    look_at_sms,
)
from vafa.act.messaging.types import TemplateContent, Text
from vafa.data.business.queries import get_style
from vafa.data.customers.queries import list_longest_named, list_some
from vafa.front.messages.editors.kinds import Changed, Eyes, Form
from vafa.front.messages.sms_words import build_counter, describe_estimate, describe_sms_problem
from vafa.front.settings_forms import get_page_language
from vafa.kit import clock

LEAST_ROWS, MOST_ROWS = 3, 9
# While somebody types the texts of so many customers are made anew each time.
LONGEST_NAMED, OTHERS = 60, 60


class SmsEditor:
    """Words, a pattern's name, and its slots; one slot more is always offered."""

    part = "messages/editors/sms.html"
    preview_part = "messages/editors/sms_preview.html"

    def describe(self, text: Text, language: str, problems: list[ContentProblem]) -> dict[str, Any]:
        """The words, the pattern and its slots, each with what is wrong with it."""
        count = min(max(len(text.slots) + 1, LEAST_ROWS), MOST_ROWS)
        rows = [*text.slots, *[("", "")] * count][:count]
        return {
            "body": text.body,
            "pattern": text.pattern,
            "problems": [one for one in problems if one.place == "body"],
            "slots": [
                {
                    "number": number,
                    "name": name,
                    "text": told,
                    "problems": [one for one in problems if name and one.place == f"slot:{name}"],
                }
                for number, (name, told) in enumerate(rows)
            ],
            "count": count,
            "names": list(SLOT_SPACES),
        }

    def read(self, told: Form, language: str, before: Text) -> Text:
        """The text of a language as the form says it; as it was where the form says nothing of it."""
        if f"body-{language}" not in told:
            return before
        slots = [
            (
                told.get(f"slot-{language}-{number}", "").strip().lstrip("%"),
                told.get(f"fill-{language}-{number}", ""),
            )
            for number in range(MOST_ROWS)
        ]
        return replace(
            before,
            body=told[f"body-{language}"].replace("\r\n", "\n"),
            pattern=told.get(f"pattern-{language}", "").strip(),
            slots=tuple((name, text) for name, text in slots if name),
        )

    def show(
        self, content: TemplateContent, values: Mapping[str, Any], language: str, eyes: Eyes
    ) -> dict[str, Any]:
        """The message as it goes out to one customer, and how long and dear it gets for the one whose is longest."""
        account = find_sms_account(eyes.purpose)
        style = get_style(get_page_language())
        looked = look_at_sms(build_sms(content, values, language), eyes.purpose, language, account)
        estimate = self._estimate(content, eyes)
        longest = estimate.longest or looked
        return {
            "text": looked.text,
            "pattern": looked.pattern,
            "account": account.name if account else "",
            "counter": build_counter(looked, style),
            "longest": build_counter(longest, style),
            "longest_text": longest.text,
            "lines": describe_estimate(estimate, style),
            "problems": [describe_sms_problem(one) for one in longest.problems],
            "is_unknown": bool(looked.pattern and not looked.text),
        }

    def _estimate(self, content: TemplateContent, eyes: Eyes) -> Estimate:
        ids = dict.fromkeys(
            (*list_longest_named(LONGEST_NAMED, owner_id=eyes.owner_id), *list_some(OTHERS, eyes.owner_id))
        )
        return estimate_sms(
            content, list(ids), purpose=eyes.purpose, account=find_sms_account(eyes.purpose), now=clock.now()
        )

    def change(self, text: Text, language: str, verb: str, rest: tuple[str, ...]) -> Changed:
        """There is no button."""
        return Changed(text)

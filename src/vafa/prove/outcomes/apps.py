"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class OutcomesConfig(AppConfig):
    name = "vafa.prove.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from vafa.prove.outcomes.erasing import HOLDER

        register(HOLDER)

"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class ScoresConfig(AppConfig):
    name = "vafa.predict.scores"
    label = "scores"

    def ready(self) -> None:
        from vafa.predict.scores.erasing import HOLDER

        register(HOLDER)

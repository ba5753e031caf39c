"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class SavingConfig(AppConfig):
    name = "vafa.act.saving"
    label = "saving"

    def ready(self) -> None:
        from vafa.act.saving.erasing import HOLDER

        register(HOLDER)

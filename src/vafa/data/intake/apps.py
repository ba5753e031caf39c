from django.apps import AppConfig

from vafa.kit.erasing import register


class IntakeConfig(AppConfig):
    name = "vafa.data.intake"
    label = "intake"

    def ready(self) -> None:
        from vafa.data.intake.erasing import HOLDER

        register(HOLDER)

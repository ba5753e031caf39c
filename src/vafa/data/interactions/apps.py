from django.apps import AppConfig

from vafa.kit.erasing import register


class InteractionsConfig(AppConfig):
    name = "vafa.data.interactions"
    label = "interactions"

    def ready(self) -> None:
        from vafa.data.interactions.erasing import HOLDER

        register(HOLDER)

"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class WebhooksConfig(AppConfig):
    name = "vafa.act.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from vafa.act.webhooks.erasing import HOLDER

        register(HOLDER)

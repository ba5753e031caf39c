"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class AutomationsConfig(AppConfig):
    name = "vafa.act.automations"
    label = "automations"

    def ready(self) -> None:
        from vafa.act.automations.erasing import HOLDER
        from vafa.act.automations.uses import list_uses
        from vafa.act.messaging.actions import register_uses

        register(HOLDER)
        register_uses("automations", list_uses)

"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class CampaignsConfig(AppConfig):
    name = "vafa.act.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from vafa.act.campaigns.erasing import HOLDER
        from vafa.act.campaigns.uses import list_uses
        from vafa.act.messaging.actions import register_uses

        register(HOLDER)
        register_uses("campaigns", list_uses)

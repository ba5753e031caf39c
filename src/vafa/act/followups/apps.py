"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class FollowupsConfig(AppConfig):
    name = "vafa.act.followups"
    label = "followups"

    def ready(self) -> None:
        from vafa.act.followups.erasing import HOLDER

        register(HOLDER)

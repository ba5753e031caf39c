from django.apps import AppConfig

from vafa.kit.erasing import register


class SegmentsConfig(AppConfig):
    name = "vafa.measure.segments"
    label = "segments"

    def ready(self) -> None:
        from vafa.measure.segments.erasing import HOLDER

        register(HOLDER)

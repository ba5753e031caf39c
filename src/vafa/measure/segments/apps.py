from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "vafa.measure.segments"
    label = "segments"

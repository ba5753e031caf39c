"""The addresses of the dictionary."""

from django.urls import path

from vafa.front.dictionary import views

urlpatterns = [
    path("dictionary/", views.dictionary, name="metrics"),
    path("dictionary.<slug:file_format>", views.export, name="metrics_export"),
    path("dictionary/<slug:name>/", views.metric, name="metric"),
]

"""The addresses of the dictionary."""

from django.urls import path

from vafa.front.dictionary import views

urlpatterns = [
    path("dictionary/", views.dictionary, name="metrics"),
    path("dictionary/<slug:name>/", views.metric, name="metric"),
]

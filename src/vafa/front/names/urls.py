"""The addresses of the names behind numbers."""

from django.urls import path

from vafa.front.names import views

urlpatterns = [
    path("names/<slug:name_of_set>/", views.names, name="names"),
    path("names/<slug:name_of_set>.<slug:file_format>", views.export, name="names_export"),
]

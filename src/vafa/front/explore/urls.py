"""The addresses of the explorer."""

from django.urls import path

from vafa.front.explore import views

urlpatterns = [
    path("explore/", views.explore, name="explore"),
    path("explore/export.<slug:file_format>", views.export, name="explore_export"),
    path("explore/people/<slug:side>/", views.people, name="explore_people"),
    path("explore/people/<slug:side>.<slug:file_format>", views.export_people, name="explore_people_export"),
]

"""The addresses of the benchmarks."""

from django.urls import path

from vafa.front.benchmarks import views

urlpatterns = [
    path("benchmarks/", views.benchmarks, name="benchmarks"),
    path("benchmarks.<slug:file_format>", views.export, name="benchmarks_export"),
]

"""The addresses of orders."""

from django.urls import path

from vafa.front.orders import same_sales, same_sales_file, views

urlpatterns = [
    path("orders/<int:line_id>/", views.order, name="order"),
    path("orders/same/", same_sales.same_sales, name="same_sales"),
    path("orders/same.<slug:file_format>", same_sales_file.export_same_sales, name="export_same_sales"),
    path("orders/same/look/", same_sales.look_again, name="look_for_same_sales"),
    path("orders/same/<int:pair_id>/", same_sales.decide_same_sale, name="decide_same_sale"),
]

from django.urls import path

from guestbook import views

urlpatterns = [
    path("", views.index),
    path("ping", views.ping),
    path("entries", views.entries),
    path("entries.csv", views.table),
    path("greeting/<language>", views.greeting),
    path("form", views.form),
    path("versions", views.versions),
    path("checks", views.checks),
]

from django.urls import URLPattern

app_name = "builds"

urlpatterns: list[URLPattern] = []

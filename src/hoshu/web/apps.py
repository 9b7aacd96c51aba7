from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hoshu.web"
    label = "web"

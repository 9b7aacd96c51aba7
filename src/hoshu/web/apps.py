from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hoshu.web"
    label = "web"

    def ready(self) -> None:
        from hoshu.web.common import forms

        forms.speak_plainly()

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "hoshu.publishing"
    label = "publishing"
    verbose_name = "約款の設計"

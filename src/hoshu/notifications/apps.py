from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hoshu.notifications"
    label = "notifications"
    verbose_name = "通知"

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hoshu.files"
    label = "files"
    verbose_name = "お預かりした資料"

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the start-up checks."""

    name = "hoshu.config"
    label = "config"

    def ready(self) -> None:
        from hoshu.config import checks  # noqa: F401

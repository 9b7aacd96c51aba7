"""Form fields for files that people send."""

from typing import Any

from django import forms


class _Many(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files at once; cleans to a list."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _Many(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # type: ignore[override]
        one = super().clean
        if not isinstance(data, list | tuple):
            data = [data] if data else []
        if not data:
            one(None, initial)
        return [one(file, initial) for file in data]

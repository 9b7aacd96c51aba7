"""Form fields that read dates and moments as people in Japan write them."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hoshu.dates import JST, read_date


class DateField(forms.CharField):
    """A date: 2026/11/20, 20261120, 令和8年11月20日, R8.11.20, full-width digits too. Cleans to a date or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y/%m/%d}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class MomentField(forms.DateTimeField):
    """A moment in Japan, to the minute, with the browser's own picker."""

    default_error_messages = {"invalid": "日時の形ではありません。例: 2026/11/20 09:30"}

    def __init__(self, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"]
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(input_formats=formats, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(JST).replace(second=0, microsecond=0) if isinstance(value, datetime) else value

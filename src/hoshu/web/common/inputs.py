"""Form fields that read what people in Japan write: dates, moments, and whatever `hoshu.japan` puts into one form."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hoshu.dates import JST, read_date


class ReadField(forms.CharField):
    """A text that `read` puts into one form (a postal code, a telephone number); its ValueError is the fault.

    Empty stays empty, and a required field says so itself.
    """

    def __init__(self, *, read: Callable[[str], object], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return str(self.read(text))
        except ValueError as error:
            raise ValidationError(str(error)) from error


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


class MomentField(forms.CharField):
    """A moment in Japan, to the minute: 2026/11/20 23:56, the date as in `DateField`. Cleans to a datetime or None."""

    default_error_messages = {"invalid": "日付と時刻を、間を空けて書いてください。例: 2026/11/20 23:56"}

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "placeholder": "例: 2026/11/20 23:56"})
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.astimezone(JST):%Y/%m/%d %H:%M}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        if isinstance(value, datetime):
            return value
        text = super().to_python(value)
        if not text:
            return None
        found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text))
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            at = time(int(found["hour"]), int(found["minute"]))
        except ValueError as error:
            raise ValidationError("時刻は 0:00 から 23:59 までで書いてください。例: 2026/11/20 23:56") from error
        try:
            return datetime.combine(read_date(found["day"]), at, JST)
        except ValueError as error:
            raise ValidationError(str(error)) from error


_MOMENT = re.compile(r"(?P<day>.+)[\sT]+(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.ASCII)

"""The forms of allauth that ask for more here."""

from typing import Any

from allauth.account.forms import ResetPasswordKeyForm
from django import forms
from django.core.exceptions import ValidationError

from hoshu.accounts import people


class NewPasswordForm(ResetPasswordKeyForm):
    """Who chose a secret question answers it as well: the link alone proves only the mailbox (VA-REG-19)."""

    secret_answer = forms.CharField(max_length=80, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user or not self.user.secret_answer:
            del self.fields["secret_answer"]

    def clean_secret_answer(self) -> str:
        if not people.answers_secret(self.user, self.cleaned_data["secret_answer"]):
            raise ValidationError("登録した答えと違います。思い出せないときは、窓口にご連絡ください。")
        return self.cleaned_data["secret_answer"]

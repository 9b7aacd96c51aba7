"""Plain words in place of Django's own for what is wrong with a field (「このフィールドは必須です。」 helps nobody)."""

from django import forms
from django.core import validators

WORDS: list[tuple[type[forms.Field], dict[str, str]]] = [
    (forms.Field, {"required": "入力してください。"}),
    (
        forms.ChoiceField,
        {"required": "選んでください。", "invalid_choice": "「%(value)s」は選べません。一覧の中から選んでください。"},
    ),
    (forms.BooleanField, {"required": "確かめて、印を付けてください。"}),
    (forms.IntegerField, {"invalid": "整数で入力してください。例: 12"}),
    (
        forms.FileField,
        {
            "required": "ファイルを選んでください。",
            "invalid": "ファイルが届きませんでした。もう一度選んでください。",
            "missing": "ファイルが届きませんでした。もう一度選んでください。",
            "empty": "ファイルの中身が空です。ほかのファイルを選んでください。",
        },
    ),
]


def speak_plainly() -> None:
    """Called once, when the web starts: every form that gives no words of its own then uses ours."""
    for field, words in WORDS:
        field.default_error_messages = {**field.default_error_messages, **words}
    validators.EmailValidator.message = "メールアドレスの形ではありません。例: sato@example.jp"
    validators.MaxLengthValidator.message = (
        "長すぎます。%(limit_value)d文字までで入力してください(いま%(show_value)d文字)。"
    )

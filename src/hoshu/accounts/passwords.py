"""Which passwords are good enough (NIST SP 800-63B-4): long, not known, not made from the person's own words.

No composition rules, no expiry, no hints. The reason of a refusal is always told.
"""

import re
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from hoshu.accounts.models import Operator, Organisation, User
from hoshu.accounts.tenancy import as_system

SHORTEST, LONGEST = 15, 128
OWN_PART = 8
"""So many characters must remain when names that anybody can guess are taken away."""

_ROWS = [
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
]
_OURS = ["hoshu", "保守", "password", "パスワード"]


class PasswordRule:
    """The one validator of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with what is wrong with `password`, in Japanese."""
        password = normalize("NFKC", password)
        if len(password) < SHORTEST:
            raise ValidationError(
                f"{SHORTEST}文字以上にしてください（いまは{len(password)}文字です）。言葉をいくつか並べると覚えやすくなります。",
                code="too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(f"{LONGEST}文字以下にしてください。", code="too_long")
        plain = password.casefold()
        if plain in _known():
            raise ValidationError(
                "このパスワードは、漏れたパスワードの一覧にあります。別のものにしてください。", code="known"
            )
        if _repeats(plain) or _runs(plain):
            raise ValidationError(
                "同じ文字の繰り返しや、並んだ文字（123456、qwerty など）だけでは推測されます。別のものにしてください。",
                code="regular",
            )
        own, guessed = plain, []
        for word in sorted(_context(user), key=len, reverse=True):
            if word in own:
                guessed.append(word)
                own = own.replace(word, "")
        if guessed and len(own) < OWN_PART:
            raise ValidationError(
                f"「{'」「'.join(guessed)}」は推測されやすい言葉です。関係のない言葉を加えてください。", code="context"
            )

    def get_help_text(self) -> str:
        return f"{SHORTEST}文字以上。言葉をいくつか並べてください。文字の種類は問いません。"


@cache
def _known() -> frozenset[str]:
    """Django's list of common passwords and ours of long ones; only those long enough to pass otherwise."""
    ours = files("hoshu.accounts").joinpath("known_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for word in [*CommonPasswordValidator().passwords, *ours] if len(word) >= SHORTEST)


def _repeats(plain: str) -> bool:
    """Is it one short piece again and again (aaaa…, abcabcabc…, passwordpassword)?"""
    return any(plain[size:] == plain[:-size] for size in range(1, len(plain) // 2 + 1))


def _runs(plain: str) -> bool:
    """Is it a walk along the alphabet, the digits or the keyboard, forwards or backwards?"""
    lines = [row * 3 for row in _ROWS]
    return any(plain in line or plain[::-1] in line for line in lines)


def _context(user: User | None) -> set[str]:
    """Words that somebody who attacks this account tries first."""
    names = [*_OURS, *Operator.objects.values_list("name", flat=True)]
    if user is not None:
        names += [user.email, *re.split(r"[@.+_-]", user.email), user.name, *user.name.split()]
        with as_system("the name of one's own organisation is a word to refuse"):
            names += Organisation.objects.filter(pk=user.organisation_id).values_list("name", flat=True)
    words = {normalize("NFKC", name).casefold().replace(" ", "") for name in names}
    return {word for word in words if len(word) >= (3 if word.isascii() else 2)}

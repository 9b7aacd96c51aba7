"""NIST SP 800-63B-4: length and a block list, no composition rules, and the reason of every refusal."""

import pytest
from django.core.exceptions import ValidationError

from hoshu.accounts.models import Operator
from hoshu.accounts.passwords import PasswordRule
from tests.people import SATO


def refusal(password, user=None):
    try:
        PasswordRule().validate(password, user)
    except ValidationError as error:
        return error.code, error.message
    return None, ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("a" * 14, "too_short"),
        ("あ" * 14, "too_short"),
        ("x" * 129, "too_long"),
        ("correct horse battery staple", "known"),
        ("PASSWORD12345678", "known"),
        ("aaaaaaaaaaaaaaaa", "regular"),
        ("kawakawakawakawa", "regular"),
        ("abcabcabcabcabcab", "regular"),
        ("123456789012345", "regular"),
        ("0987654321098765", "regular"),
        ("qwertyuiopasdfgh", "regular"),
        ("hoshuhoshu-hoshu", "context"),
        ("passwordhoshu1234", "context"),
        ("川のそばで猫が三匹ねていた朝", "too_short"),
        ("川のそばで猫が三匹ねていた朝でした", None),
        ("river cat morning", None),
        ("lowercaselettersonlyaregood", None),
        ("8471029365820174", None),
    ],
)
def test_what_is_good_enough(password, code):
    found, message = refusal(password)
    assert found == code
    assert bool(message) == bool(code)


def test_words_of_the_person_do_not_count(world):
    Operator.objects.create(pk=1, name="株式会社みなと保守サービス")
    user = world.users[SATO]
    for password in (
        "sato@example.jp1",
        "佐藤花子佐藤花子の秘密の言葉1",
        "青葉商事株式会社2026年!!",
        "株式会社みなと保守サービス123",
    ):
        code, message = refusal(password, user)
        assert code == "context", password
        assert "「" in message
    assert refusal("佐藤さんの庭に柿の木が二本ある", user) == (None, "")


def test_full_width_and_composed_forms_are_the_same_password(world):
    user = world.users[SATO]
    user.set_password("ｒｉｖｅｒ　ｃａｔ　ｍｏｒｎｉｎｇ ガ")
    assert user.check_password("river cat morning ガ")
    assert user.check_password("river cat morning カ\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}")
    assert not user.check_password("river cat morning カ")

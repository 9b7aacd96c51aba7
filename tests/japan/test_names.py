"""Names: found however they are spelt, read in kana, and written over a letter with one title."""

import pytest

from hoshu.japan.names import addressed, folded, form_of, furigana, sama


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社 青葉商事", "㈱青葉商事"),
        ("青葉商事（株）", "青葉商事"),
        ("株 式 会 社　青葉商事", "青葉商事"),
        ("㍿青葉商事", "青葉商事"),
        ("カ）アオバ", "アオバ"),
        ("ｱｵﾊﾞ(ｶ", "アオバ"),
        ("アオバ（カ）トウキョウ", "アオバトウキョウ"),
        ("カブシキガイシャ アオバ", "アオバ"),
        ("一般社団法人青葉会", "（一社）青葉会"),
        ("公益財団法人青葉会", "青葉会"),
        ("医療法人社団 青葉会", "(医)青葉会"),
        ("学校法人青葉学園", "㈻青葉学園"),
        ("社会福祉法人みどり", "（社福）みどり"),
        ("特定非営利活動法人みどり", "NPO法人みどり"),
        ("税理士法人みどり", "みどり"),
        ("アオバショウジ", "ｱｵﾊﾞｼｮｳｼﾞ"),
        ("アオバ", "あおば"),
        ("ＡＯＢＡ Ｔｅｃｈ", "aoba tech"),
        ("青葉・テクノ", "青葉テクノ"),
        ("サーバー", "サーバ"),
        ("髙﨑", "高崎"),
        ("𠮷田", "吉田"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("渡邉\U000e0101", "渡辺"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("濵田", "浜田"),
        ("中澤", "中沢"),
        ("霞ヶ関", "霞ケ関"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("高崎", "高山"),
        ("青葉", "青葉会"),
        ("吉田", "古田"),
        ("学校法", "学校法人"),
        ("カオバ", "アオバ"),
        ("😀", "青葉"),
    ],
)
def test_other_names_stay_apart(one, other):
    assert folded(one) != folded(other)


@pytest.mark.parametrize("nothing", ["", "　", "株式会社", "㈱", "・", "（医）"])
def test_a_legal_form_alone_names_nobody(nothing):
    assert folded(nothing) == ""


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("㈱青葉商事", "株式会社"),
        ("青葉商事（株）", "株式会社"),
        ("カ）アオバ", "株式会社"),
        ("医療法人社団青葉会", "医療法人社団"),
        ("医療法人青葉会", "医療法人"),
        ("(一財)青葉会", "一般財団法人"),
        ("青葉商事", ""),
        ("", ""),
    ],
)
def test_the_legal_form_of_a_firm(name, form):
    assert form_of(name) == form


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("アオバショウジ", "アオバショウジ"),
        ("ｱｵﾊﾞｼｮｳｼﾞ", "アオバショウジ"),
        ("あおばしょうじ", "アオバショウジ"),
        ("　アオバ　　ショウジ ", "アオバ ショウジ"),
        ("サ-バ−", "サーバー"),
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("か\u3099", "ガ"),
        ("アオバ・テクノ", "アオバ・テクノ"),
        ("ＡＢＣ １２３", "ABC 123"),
        ("", ""),
    ],
)
def test_furigana_becomes_katakana(typed, kana):
    assert furigana(typed) == kana


@pytest.mark.parametrize(
    ("typed", "told"),
    [("青葉ショウジ", "青葉"), ("アオバ株式会社", "株式会社"), ("𠮷ダ", "𠮷"), ("😀", "😀"), ("アオバ!", "!")],
)
def test_what_is_no_reading_is_named(typed, told):
    with pytest.raises(ValueError, match=f"「{told}」は読みではありません。カタカナで入力してください。例: "):
        furigana(typed)


@pytest.mark.parametrize(
    ("company", "department", "person", "lines"),
    [
        ("青葉商事", "", "", ["青葉商事 御中"]),
        ("青葉商事", "総務部", "", ["青葉商事", "総務部 御中"]),
        ("青葉商事", "総務部", "佐藤 花子", ["青葉商事", "総務部", "佐藤 花子 様"]),
        ("", "", "佐藤 花子", ["佐藤 花子 様"]),
        ("", "総務部", "", ["総務部 御中"]),
        ("", "", "", ["ご担当者 様"]),
        # typed with a title already
        ("青葉商事 御中", "", "", ["青葉商事 御中"]),
        ("青葉商事御中", "総務部　御中", "", ["青葉商事", "総務部 御中"]),
        ("青葉商事 御中", "総務部 御中", "佐藤 花子様", ["青葉商事", "総務部", "佐藤 花子 様"]),
        ("青葉商事 様", "", "", ["青葉商事 御中"]),
        ("青葉商事（御中）", "", "", ["青葉商事 御中"]),
        ("青葉商事", "登録係 行", "", ["青葉商事", "登録係 御中"]),
        ("青葉商事", "総務部 御中 様", "", ["青葉商事", "総務部 御中"]),
        ("", "", "佐藤 花子 様 様", ["佐藤 花子 様"]),
        ("", "", "佐藤殿", ["佐藤 様"]),
        ("", "", "佐藤先生", ["佐藤先生"]),
        ("青葉商事", "", "ご担当者様", ["青葉商事", "ご担当者 様"]),
        ("青葉商事", "", "担当者各位", ["青葉商事", "担当者各位"]),
        ("青葉商事", "社員各位", "", ["青葉商事", "社員各位"]),
        (" 御中 ", "　", "様", ["ご担当者 様"]),
        # names that only end like a title
        ("株式会社おひさま", "", "", ["株式会社おひさま 御中"]),
        ("青葉銀行", "", "", ["青葉銀行 御中"]),
        ("青葉商事", "お客様相談室", "", ["青葉商事", "お客様相談室 御中"]),
        ("", "", "鵜殿", ["鵜殿 様"]),
        ("", "", "𠮷田 花子", ["𠮷田 花子 様"]),
    ],
)
def test_a_letter_has_one_title_on_its_last_line(company, department, person, lines):
    assert addressed(company=company, department=department, person=person) == tuple(lines)


def test_a_person_on_a_screen():
    assert [sama(name) for name in ("佐藤 花子", "佐藤 花子様", " ", "")] == ["佐藤 花子 様", "佐藤 花子 様", "", ""]

"""Names of people and firms: folded for searching, read aloud in kana, written over a letter."""

import re
import unicodedata

import jaconv

_FORMS = {
    "株式会社": "株 カ",
    "有限会社": "有 ユ",
    "合同会社": "同 ド",
    "合資会社": "資 シ",
    "合名会社": "名 メ",
    "相互会社": "相 ソ",
    "一般社団法人": "一社",
    "公益社団法人": "公社",
    "社団法人": "社 シヤ",
    "一般財団法人": "一財",
    "公益財団法人": "公財",
    "財団法人": "財 ザイ",
    "社会医療法人": "",
    "医療法人社団": "医社",
    "医療法人財団": "医財",
    "医療法人": "医 イ",
    "学校法人": "学 ガク",
    "宗教法人": "宗 シユウ",
    "社会福祉法人": "福 社福 フク",
    "特定非営利活動法人": "特非 NPO トクヒ",
    "独立行政法人": "独 ドク",
    "国立大学法人": "ダイ",
    "税理士法人": "税 ゼイ",
    "弁護士法人": "弁 ベン",
    "監査法人": "監",
    "農事組合法人": "農 ノウ",
}
"""Legal forms with what stands for them in brackets: 株 as in 「（株）青葉」, カ as banks write it, 「カ）アオバ」."""

_ALSO = {
    "カブシキガイシャ": "株式会社",
    "カブシキカイシャ": "株式会社",
    "ユウゲンガイシャ": "有限会社",
    "ゴウドウガイシャ": "合同会社",
    "NPO法人": "特定非営利活動法人",
}

_SHAPES = """
髙高 﨑崎 嵜崎 𠮷吉 邊辺 邉辺 齋斉 齊斉 斎斉 濱浜 濵浜 嶋島 嶌島 澤沢 廣広 櫻桜 國国 惠恵 瀨瀬 眞真 德徳 榮栄 條条 關関
龍竜 學学 會会 藏蔵 圓円 鐵鉄 寶宝 豐豊 淵渕 舘館 峯峰 桒桑 栁柳 槇槙 籔薮 藪薮 檜桧 莊荘 壽寿 濟済 實実 萬万 與与 增増
靑青 彥彦 曾曽 黑黒 冨富 瀧滝 祿禄 綠緑 淸清 覺覚 狹狭 緖緒 澁渋 穗穂 稻稲 晉晋 禮礼 戶戸 鹽塩 薗園 嶽岳 賴頼 ヶケ ヵカ
"""
"""Shapes of one character, old or of one family, and today's. 斉 and 斎 are two, but a caller only says サイトウ."""
_TODAYS_SHAPE = {ord(pair[0]): pair[1] for pair in _SHAPES.split()}

_BETWEEN = re.compile(r"[\s・,.'’‐-―−ー\-\uFE00-\uFE0F\U000E0100-\U000E01EF]+")
"""What stands between characters or tells their shapes apart and is not heard."""


def folded(text: str) -> str:
    """`text` without width, case, kana, spacing, legal form and old shapes of characters: what names are searched by.

    `Organisation.search_name` keeps it, so a change here needs a migration that folds what is stored anew.
    """
    return _FORM.sub("", _plain(text))


def form_of(name: str) -> str:
    """The legal form in the name of a firm, written out: 「㈱青葉商事」 → 「株式会社」. Empty where none is written."""
    found = _FORM.search(_plain(name))
    return _FORM_NAMES[found[0]] if found else ""


def furigana(text: str) -> str:
    """How a name is read, in full-width katakana, from hiragana and half width too. Raises ValueError.

    Letters and digits stay: some names are read as they are written.
    """
    kana = jaconv.hira2kata(" ".join(unicodedata.normalize("NFKC", text).split()))
    kana = re.sub(r"(?<=[ァ-ヺー])[‐-―−-]", "ー", kana)
    if stranger := re.search(r"[^ァ-ヺー・ヽヾ 0-9A-Za-z]+", kana):
        raise ValueError(f"「{stranger[0]}」は読みではありません。カタカナで入力してください。例: アオバショウジ")
    return kana


# Behind a place 様 needs its space: 「おひさま」 is a name. 「鵜殿」 is one too, so 殿 needs two characters before it.
_BEHIND_A_PLACE = re.compile(r"(?:[\s(（]*御中[\s)）]*|\s+(?:様|さま|殿|宛て?|行))+$")
_BEHIND_A_PERSON = re.compile(r"(?:[\s(（]*(?:御中|様|さま|(?<=..)殿|宛て?)[\s)）]*|\s+行)+$")
_STANDS_ALONE = re.compile(r"(?:先生|各位)$")


def sama(person: str) -> str:
    """「山田 花子 様」, whatever title was typed already; 先生 and 各位 stay. Empty for nobody."""
    return _titled(_BEHIND_A_PERSON.sub("", person.strip()), "様")


def addressed(*, company: str = "", department: str = "", person: str = "") -> tuple[str, ...]:
    """The name over a letter, line by line: a person is 様, a company or department without one 御中, never both."""
    places = [name for typed in (company, department) if (name := _BEHIND_A_PLACE.sub("", typed.strip()))]
    if reader := sama(person):
        return (*places, reader)
    if not places:
        return (sama("ご担当者"),)
    return (*places[:-1], _titled(places[-1], "御中"))


def _titled(name: str, title: str) -> str:
    return f"{name} {title}" if name and not _STANDS_ALONE.search(name) else name


def _plain(text: str) -> str:
    """One shape of each character, and only characters."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_TODAYS_SHAPE)
    return _BETWEEN.sub("", jaconv.kata2hira(text))


def _ways_to_write_forms() -> tuple[dict[str, str], re.Pattern[str]]:
    """Each way to write a legal form, as `_plain` leaves it, with the form; and the pattern that finds them."""
    anywhere = {_plain(way): form for way, form in ({form: form for form in _FORMS} | _ALSO).items()}
    at_an_end: dict[str, str] = {}
    for form, short in _FORMS.items():
        for each in short.split():
            anywhere[f"({_plain(each)})"] = form
            if re.fullmatch(r"[ァ-ヶ]+", each):
                at_an_end |= {f"{_plain(each)})": form, f"({_plain(each)}": form}
    patterns = [re.escape(way) for way in sorted(anywhere, key=len, reverse=True)]
    patterns += [f"^{re.escape(way)}" if way.endswith(")") else f"{re.escape(way)}$" for way in at_an_end]
    return anywhere | at_an_end, re.compile("|".join(patterns))


_FORM_NAMES, _FORM = _ways_to_write_forms()

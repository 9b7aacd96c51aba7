"""Says in Japanese what tomllib found wrong with a text, and where. Imported only for a text that is wrong."""

import re

from .faults import Fault

_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)

_HINTS = (
    ("Cannot overwrite", "同じ項目が2度あります。どちらかを消すか、並べる表なら見出しを [[ ]] で囲んでください。"),
    ("Cannot declare", "同じ見出しが2度書かれています。何度も並べる表の見出しは [[ ]] で囲んでください。"),
    ("Cannot redefine", "同じ見出しが2度書かれています。何度も並べる表の見出しは [[ ]] で囲んでください。"),
    ("Cannot mutate", "同じ表が2か所に分けて書かれています。1か所にまとめてください。"),
    ("Duplicate inline table key", "{ } の中に同じ項目が2度あります。どちらかを消してください。"),
    ("Expected '='", "項目の名前の後に「=」がありません。「項目 = 値」の形で書いてください。"),
    ("Invalid value", '値として読めません。文字は " " で囲み、日付と数は囲まないでください。'),
    ("Invalid date", "暦にない日付か時刻です。2025-04-30 のように書いてください。"),
    ("Expected newline", "1行に2つのことが書かれています。行を分けるか、値の書き方を確かめてください。"),
    ("Invalid statement", "行の始まりが項目の名前になっていません。文の途中なら、前の行の書き方を確かめてください。"),
    ("Invalid initial character for a key", "項目の名前に使えない文字です。半角の英字で書いてください。"),
    ("Unclosed array", "一覧の「]」か、区切りの「,」がありません。書き足してください。"),
    ("Unclosed inline table", "{ } の「}」か、区切りの「,」がありません。書き足してください。"),
    ("Expected ']", "見出しの「]」がありません。書き足してください。"),
    ("Unterminated string", '「"」で閉じていない文字があります。閉じてください。'),
    ('Expected "', '「"」で閉じていない文字があります。閉じてください。'),
    ("Unescaped", "文字の中の「\\\\」の後に、使えない文字があります。「\\\\」は2つ続けて書いてください。"),
    ("Illegal character", '使えない文字（改行や制御文字）があります。文字は1行の中で「"」で閉じてください。'),
)


def misspelt(text: str, error: Exception) -> Fault:
    """The fault that tomllib found in `text`."""
    if isinstance(error, RecursionError):
        return Fault(1, (), "括弧の入れ子が深すぎます。決まった形で書いてください。")
    found = _AT.fullmatch(str(error))
    what, line, column = found.groups() if found else (str(error), None, None)
    hint = next(
        (hint for start, hint in _HINTS if what.startswith(start)), "この行と前の行の書き方を確かめてください。"
    )
    if line is None:
        return Fault(
            max(len(text.splitlines()), 1), (), f"TOML の書き方が正しくありません（終わりまで読んだところ）。{hint}"
        )
    return Fault(int(line), (), f"TOML の書き方が正しくありません（{column}文字目）。{hint}")

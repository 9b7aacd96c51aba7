"""Everything that can be wrong with an edition is told with its line, its key, what it means and what to do."""

import re
from datetime import date

import pytest

from hoshu import catalog
from hoshu.authoring import Checked, Finding, check
from hoshu.catalog import Source
from tests.authoring.kettles import TEXT, kettle, line_of


def row(table: str, *lines: str, clause: str = "第5条", rule: str = "KE-05") -> str:
    """A `[[table]]` of these lines."""
    return "\n".join([f"[[{table}]]", *lines, f'clause = "{clause}"', f'rule = "{rule}"', "", ""])


def found(*replaced: tuple[str, str]) -> list[Finding]:
    return list(check(kettle(*replaced)).findings)


def only(*replaced: tuple[str, str]) -> Finding:
    findings = found(*replaced)
    assert len(findings) == 1, findings
    return findings[0]


def test_a_right_edition_has_nothing_to_put_right() -> None:
    checked = check(kettle())
    assert checked.findings == ()
    assert checked.errors == 0
    assert checked.examples == 3
    assert checked.edition is not None


@pytest.mark.parametrize("edition", catalog.every_edition(), ids=lambda each: f"{each.service}/{each.edition}")
def test_the_packaged_editions_are_right(edition: catalog.Edition) -> None:
    checked = check(catalog.source_of(edition.service, edition.edition))
    assert [finding for finding in checked.findings if finding.severity == "error"] == []
    assert checked.examples == len(catalog.examples(edition.service, edition.edition))


@pytest.mark.parametrize(
    ("old", "new", "severity", "key", "says", "do"),
    [
        # Names that stand twice
        (
            'reason = "other"',
            'reason = "disagree_with_terms"',
            "error",
            "refund.ground[1].reason",
            "2度あります",
            "消す",
        ),
        ('kind = "years"', 'kind = "site"', "error", "change.kind[1].kind", "2度あります（1番目と2番目）", "消す"),
        ('name = "contact"', 'name = "serial"', "error", "card_field[1].name", "2度あります", "名前を分けて"),
        ('name = "6年"', 'name = "3年"', "note", "plan[1].name", "画面で見分けられません", "呼び名を変えて"),
        ('short = "水あか"', 'short = "高い所"', "note", "exclusion[1].short", "見分けられません", "呼び名"),
        # Names that are not there
        (
            'received_in = "always"',
            'received_in = "alwais"',
            "error",
            "window.attend[0].received_in",
            "「alwais」",
            "「always」の書き間違い",
        ),
        (
            'part = "hardware"\nreceived_in',
            'part = "software"\nreceived_in',
            "error",
            "window.attend[0].part",
            "どのプランでも対応しない",
            "windows",
        ),
        (
            'default_part = "hardware"',
            'default_part = "mail"',
            "error",
            "window.default_part",
            "どのプランでも対応しない",
            "windows",
        ),
        (
            'parts = ["hardware", "desk"]',
            'parts = ["hardware", "vendor"]',
            "error",
            "coverage.parts",
            "「vendor」: どのプランでも対応しない",
            "windows",
        ),
        (
            'part = "hardware"\nexempt',
            'part = "reception"\nexempt',
            "error",
            "coverage.cap[0].part",
            "別に終わる窓口ではありません",
            "parts",
        ),
        (
            'exempt_in_time = "pack_purchased"',
            'exempt_in_time = "purchased"',
            "error",
            "coverage.cap[0].exempt_in_time",
            "登録の期限はありません",
            "registration.deadline",
        ),
        (
            "exempt_years = [6]",
            "exempt_years = [7]",
            "error",
            "coverage.cap[0].exempt_years",
            "この年数のプランはありません",
            "plan",
        ),
        (
            'mounting_exclusion = "KE-EX-01"',
            'mounting_exclusion = "KE-EX-09"',
            "error",
            "entitlement.mounting_exclusion",
            "対象外のコードはありません",
            "KE-EX-0",
        ),
        (
            "[terms_change]",
            (
                '[costs]\nrequired = ["lines"]\nunlisted = { clause = "第8条", rule = "KE-08" }\n'
                'only_with_others = ["ground"]\n'
                'only_with_others_rule = { clause = "第8条", rule = "KE-08" }\n\n[terms_change]'
            ),
            "error",
            "costs.only_with_others",
            "「ground」: この費用の種類はありません",
            "[[cost_item]] の kinds",
        ),
        (
            'spared_by = "serial"',
            'spared_by = "seriall"',
            "error",
            "card_field[1].spared_by",
            "この欄はありません",
            "「serial」の書き間違い",
        ),
        ('than = "serial"', 'than = "cereal"', "error", "card_field[1].check[0].than", "この欄はありません", "serial"),
        (
            'spared_by = "serial"',
            'wanted_with = ["serials"]',
            "note",
            "card_field[1].wanted_with",
            "「serials」という欄はありません",
            "「serial」の書き間違い",
        ),
        # Facts
        (
            'fact = "site_matches"',
            'fact = "site_match"',
            "error",
            "entitlement.check[1].fact",
            "という事実は、対応の可否の質問にありません",
            "「site_matches」",
        ),
        ('"bodies", ', '"bodyes", "bodies", ', "error", "registration.optional", "「bodyes」という事実", "「bodies」"),
        # Circles
        (
            'required = "always"\nhint',
            'required = "always"\nspared_by = "contact"\nhint',
            "error",
            "card_field[0].spared_by",
            "serial → contact → serial",
            "spared_by",
        ),
        (
            'spared_by = "serial"',
            'spared_by = "contact"',
            "error",
            "card_field[1].spared_by",
            "contact → contact",
            "spared_by",
        ),
        (
            'spared_by = "serial"',
            'wanted_with = ["contact"]',
            "error",
            "card_field[1].wanted_with",
            "自分自身",
            "消して",
        ),
        ('than = "serial"', 'than = "contact"', "error", "card_field[1].check[0].than", "自分自身と比べて", "ほかの欄"),
        # Hours
        (
            '[["09:00", "18:00"]]',
            '[["09:00", "12:00"], ["11:00", "18:00"]]',
            "error",
            "window_hours[0].hours",
            "月曜日の09:00から12:00までと月曜日の11:00から18:00までが重なって",
            "hours",
        ),
        (
            '[["20:00", "02:00"]]',
            '[["20:00", "02:00"], ["01:00", "03:00"]]',
            "error",
            "window_hours[1].hours",
            "重なって",
            "hours",
        ),
        (
            '[["09:00", "18:00"]]',
            '[["08:30", "12:00"], ["13:00", "17:30"]]',
            "note",
            "window_hours[0].hours",
            "12:00から13:00までは対応しない時間",
            "昼休み",
        ),
        (
            '[["09:00", "18:00"]]',
            '[["09:00", "12:00"], ["12:00", "18:00"]]',
            "note",
            "window_hours[0].hours",
            "12:00で切れ目なく続く",
            "1つの時間に",
        ),
        (
            'desk = "desk", reception = "always" }\nclause = "第1条"\nrule = "KE-01"\n\n[[plan]]',
            'desk = "visit", reception = "always" }\nclause = "第1条"\nrule = "KE-01"\n\n[[plan]]',
            None,
            "",
            "",
            "",
        ),
        # Rules without effect
        (
            'fact = "serial_registered"\nvalue = false',
            'fact = "site_matches"\nvalue = false',
            "error",
            "entitlement.check[1]",
            "結果が、1番目の「対象外」とこの「保留」で食い違って",
            "条件を分けて",
        ),
        (
            'value = false\noutcome = "refuse"',
            'value = "no"\noutcome = "refuse"',
            "error",
            "registration.check[0].value",
            "",
            "",
        ),
        (
            'among = ["card"]',
            'among = ["post"]',
            "error",
            "registration.check[2]",
            "「申し込みの方法」が「post」になることはない",
            "web、card",
        ),
        (
            "more_than = 1\n",
            "more_than = 2000000000000000\n",
            "error",
            "registration.check[1]",
            "になることはない",
            "値を直して",
        ),
        # Tables of rows
        (
            'when = { part = "lid" }',
            "when = { }",
            "error",
            "restoration.level[1]",
            "先に書かれた1番目の行がいつも当てはまる",
            "先に書く",
        ),
        (
            'when = { part = "base", raid = false }',
            'when = { part = "base", raid = true }',
            "error",
            "restoration.level[2]",
            "2番目の行がいつも",
            "先に書く",
        ),
        (
            'codes = { part = ["lid", "base"] }',
            'codes = { part = ["lid", "base", "cord"] }',
            "note",
            "restoration.level",
            "「cord」のときの行がありません",
            "行を書き足して",
        ),
        # What has to stand together
        ('name = "3年"\nyears = 3\n', 'name = "3年"\n', "error", "plan[0]", "年数がなく", "years"),
        (
            'kit = { fact = "extension_kits", years = 1, clause = "第2条", rule = "KE-02" }\n',
            "",
            "error",
            "extension",
            "延長する年数の定め",
            "kit",
        ),
        (
            'exempt = { clause = "第2条", rule = "KE-02" }\n',
            "",
            "error",
            "coverage.cap[0]",
            "根拠がありません",
            "exempt",
        ),
        ('fact = "end_of_sale"\n', "", "error", "coverage.cap[0]", "上限の日を決める事実がありません", "recorded"),
        (
            '"part", "service_days", "repair_needed"',
            '"part", "repair_needed"',
            "error",
            "window",
            "service_days を聞きません",
            "optional に service_days",
        ),
        # Sentences and settings
        (
            'says = "登録の済んだ{day}',
            'says = "登録の済んだ{dya}',
            "error",
            "coverage.start.says",
            "{dya} に入るものがありません",
            "{day}",
        ),
        (
            'setting = "coverage.elapsed.rounding"',
            'setting = "coverage.elapsed.runding"',
            "error",
            "reading[0].setting",
            "「coverage.elapsed.runding」という項目はありません",
            "「rounding」",
        ),
        (
            'setting = "coverage.elapsed.rounding"',
            'setting = "slo.target"',
            "error",
            "reading[0].setting",
            "表 [slo] が、この版にありません",
            "表を書き足すか",
        ),
        (
            'setting = "coverage.elapsed.rounding"',
            'setting = "registration.deadline.move_off_day_off"',
            None,
            "",
            "",
            "",
        ),
        # Examples
        (
            "start = 2024-04-20",
            "start = 2024-04-21",
            "error",
            "example[0]",
            "提供開始日は「2024年4月21日」を期待していますが、答えは「2024年4月20日」です。",
            "例を直して",
        ),
        (
            'clause = ["第4条"]',
            'clause = ["第2条"]',
            "error",
            "example[1]",
            "根拠に「第2条」を期待していますが、答えの根拠は第4条です。",
            "例を直して",
        ),
        (
            'error = { field = "purchased" }',
            'error = { field = "registered" }',
            "error",
            "example[2]",
            "のためのお断りを期待していますが、",
            "例を直して",
        ),
        (
            "facts = { registered = 2024-04-20 }",
            "facts = { registered = 2024-04-20, purchased = 2024-04-10 }",
            "error",
            "example[2]",
            "お断りを期待していますが、答えが出ました",
            "例を直して",
        ),
        (
            "purchased = 2024-04-10, registered = 2024-04-20 }\nanswer",
            "registered = 2024-04-20 }\nanswer",
            "error",
            "example[0]",
            "お断りになりました",
            "例を直して",
        ),
        (
            "end = 2027-04-09 }",
            "end = 2027-04-09, ende = 1 }",
            "error",
            "example[0]",
            "（ende）がありません",
            "例を直して",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_key_and_what_to_do(
    old: str, new: str, severity: str | None, key: str, says: str, do: str
) -> None:
    if severity is None:
        assert [finding for finding in found((old, new)) if finding.severity == "error"] == []
        return
    findings = found((old, new))
    matching = [finding for finding in findings if finding.key == key]
    assert matching, findings
    finding = matching[0]
    assert finding.severity == severity
    assert says in finding.says
    assert do in finding.do
    assert finding.file == "kettle.toml"
    assert finding.says.endswith(("。", "）"))
    assert all(re.search(r"[ぁ-ん]", text) for text in (finding.says, finding.do))


def test_a_finding_names_the_line_of_its_key_and_its_place_in_words() -> None:
    finding = only(("exempt_years = [6]", "exempt_years = [7]"))
    assert finding.line == line_of(TEXT, "exempt_years = ")
    assert finding.place == f"kettle.toml:{finding.line}: coverage.cap[0].exempt_years"
    assert finding.where == "提供期間 › 期間の上限「部品の期限」 › 上限のかからない年数"
    assert finding.label == "誤り"


def test_a_later_check_that_an_earlier_one_always_hides_is_told() -> None:
    twin = row(
        "entitlement.check",
        'fact = "site_matches"',
        "value = false",
        'outcome = "on_hold"',
        'parts = ["hardware"]',
        'says = "違う"',
        'until = "待ちます。"',
    )
    finding = only(("[restoration]", f"{twin}[restoration]"))
    assert finding.key == "entitlement.check[2]"
    assert "2番目で決まるため、この定めは使われません" in finding.says
    # For another part only, neither hides the other.
    split = twin.replace('"on_hold"', '"refused"')
    desk = ("lifted_by_decision = true\n", 'lifted_by_decision = true\nparts = ["desk"]\n')
    assert found(("[restoration]", f"{split}[restoration]"), desk) == []


def test_a_check_about_who_asks_is_looked_at_before_one_that_stands_above_it() -> None:
    first = row(
        "entitlement.check",
        'fact = "site_matches"',
        "value = false",
        'outcome = "refused"',
        "before_period = true",
        'says = "違う"',
        'until = "伺えません。"',
    )
    finding = only(("[restoration]", f"{first}[restoration]"))
    assert finding.key == "entitlement.check[1]"
    assert "3番目の「お断り」とこの「保留」" in finding.says


def with_check(*lines: str) -> tuple[str, str]:
    """One more check of an application."""
    more = row("registration.check", *lines, 'flag = "more"', 'says = "別の確かめです。"', clause="第4条")
    return "[window]\n", f"{more}[window]\n"


def test_checks_of_an_application_contradict_each_other_only_on_the_same_value() -> None:
    assert found(with_check('fact = "bodies"', "more_than = 9", 'outcome = "refuse"')) == []
    finding = only(with_check('fact = "bodies"', "more_than = 9", 'outcome = "note"'))
    assert (finding.severity, finding.key) == ("note", "registration.check[3]")
    finding = only(with_check('fact = "terms_agreed"', "value = false", 'outcome = "note"'))
    assert "1番目の「お断り」とこの「注記だけ」で食い違って" in finding.says
    finding = only(with_check('fact = "terms_agreed"', "value = false", 'outcome = "refuse"'))
    assert "1番目でも確かめています" in finding.says
    finding = only(with_check('fact = "channel"', 'among = ["web", "card"]', 'outcome = "refuse"'))
    assert "食い違って" in finding.says


def test_a_fact_that_the_question_does_not_take_makes_its_rule_idle() -> None:
    finding = only(('"extension_kits", "end_of_sale", ', '"end_of_sale", '))
    assert finding.key == "coverage.kit.fact"
    assert "「延長キットの数」（extension_kits）を聞かない" in finding.says
    assert finding.do == "[coverage] の optional に書き足してください。"


def test_a_window_that_no_plan_uses_is_a_note() -> None:
    unused = row(
        "window_hours", 'id = "old"', 'label = "前の時間"', 'weekdays = ["mon"]', 'hours = [["09:00", "10:00"]]'
    )
    finding = only(("[coverage]\n", f"{unused}[coverage]\n"))
    assert (finding.severity, finding.key) == ("note", "window_hours[3]")
    assert "「前の時間」を使うプランがありません" in finding.says


def test_a_night_window_meets_the_morning_of_the_next_day() -> None:
    finding = only(('[["20:00", "02:00"]]', '[["01:00", "03:00"], ["20:00", "02:00"]]'))
    assert "月曜日の20:00から翌02:00までと火曜日の01:00から03:00までが重なって" in finding.says


def test_facts_that_stand_in_for_each_other_are_a_circle() -> None:
    second = row(
        "registration.deadline",
        'fact = "purchased"',
        'instead = "pack_purchased"',
        'label = "購入日"',
        "days = 60",
        "required = false",
    )
    findings = found(
        ('label = "パックの購入日"\n', 'label = "パックの購入日"\ninstead = "purchased"\n'),
        ("[[registration.day]]\n", f"{second}[[registration.day]]\n"),
    )
    rings = [finding.key for finding in findings if "たがいに代わりの事実" in finding.says]
    assert rings == ["registration.deadline[0].instead"]


def test_replaced_values_that_make_each_other_s_conditions_are_a_circle() -> None:
    one = row("restoration.correction", "when = { raid = true }", "sets = { hardware_fault = true }", 'says = "甲。"')
    other = row("restoration.correction", "when = { hardware_fault = true }", "sets = { raid = true }", 'says = "乙。"')
    finding = only(("[[restoration.level]]", f"{one}{other}[[restoration.level]]"))
    assert finding.key == "restoration.correction[0].when"


def test_costs_that_are_all_billed_only_with_others_are_a_circle() -> None:
    rule = '{ clause = "第8条", rule = "KE-08" }'
    terms = f'[costs]\nrequired = ["lines"]\nunlisted = {rule}\nonly_with_others = ["air"]\n'
    finding = only(("[terms_change]", f"{terms}only_with_others_rule = {rule}\n\n[terms_change]"))
    assert finding.key == "costs.only_with_others"
    assert "どの費用も請求できません" in finding.says


def test_the_gaps_of_a_table_of_rows_are_told_with_the_fewest_facts() -> None:
    last = row(
        "restoration.level",
        'when = { part = "base", raid = false }',
        'steps = ["exchange"]',
        'says = "台座を交換します。"',
    )
    finding = only((last.rstrip(), ""))
    assert "「交換する部品」が「base」、「RAID の構成か」が「いいえ」のときの行がありません" in finding.says


def test_levels_of_failures_that_are_never_reached_are_told() -> None:
    rule = '{ clause = "第8条", rule = "KE-08" }'
    levels = "".join(
        row(
            "failure_level.level",
            f'level = "{number}"',
            "when = { service_down = true }",
            'criterion = "止まった"',
            "contact = false",
            f"contact_rule = {rule}",
        )
        for number in (1, 2)
    )
    terms = f"[failure_level]\nrequired = []\ndays = {rule}\nundecided = {rule}\n\n{levels}"
    findings = found(("[[exclusion]]\n", f"{terms}[[exclusion]]\n"))
    assert [finding.key for finding in findings if "いつも当てはまる" in finding.says] == ["failure_level.level[1]"]


# A text that is no edition


def test_all_that_keeps_a_text_from_being_read_is_told_at_once() -> None:
    checked = check(
        kettle(
            ('title = "ケトル保守サービス規約"', 'titel = "ケトル保守サービス規約"'),
            ("years = 3\n", 'years = "3"\n'),
            ("required = false\nclause", 'required = "no"\nclause'),
        )
    )
    assert checked.edition is None
    assert [(finding.key, finding.line) for finding in checked.findings] == [
        ("titel", 5),
        ("plan[0].years", line_of(TEXT, "years = 3")),
        ("registration.deadline[0].required", line_of(TEXT, "required = false")),
    ]
    first = checked.findings[0]
    assert first.says == "「titel」という項目はありません。"
    assert first.do == "「title」ではありませんか。"
    assert checked.findings[1].where == "プラン（1番目） › 年数"


def test_bands_of_the_day_without_a_price_or_with_two_are_told_with_their_hours() -> None:
    finding = only(('closes = "06:00"', 'closes = "05:30"'))
    assert finding.says == "05:30から06:00までの料金がありません。"
    finding = only(('opens = "18:00"', 'opens = "17:00"'))
    assert finding.says == "「夜」が、ほかの時間帯と17:00から18:00までで重なっています。"


def test_a_clause_that_does_not_exist_is_told_with_the_nearest() -> None:
    finding = only(
        (
            'clause = "第2条"\nrule = "KE-02"\n\n[[coverage.origin]]',
            'clause = "第２条"\nrule = "KE-02"\n\n[[coverage.origin]]',
        )
    )
    assert finding.key == "coverage.start.clause"
    assert finding.says == "「第２条」という条項はありません。"
    assert "「第2条」ではありませんか" in finding.do


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('a = "x\n', 1, "使えない文字（改行や制御文字）"),
        ("a = 1\na = 2\n", 2, "同じ項目が2度"),
        ("[[plan]]\n[plan]\n", 2, "同じ見出しが2度"),
        ("a = [1, 2\nb = 3\n", 2, "「]」か、区切りの「,」"),
        ("a 1\n", 1, "「=」がありません"),
        ("a = 2024-13-45\n", 1, "1行に2つのこと|暦にない"),
        ("a = " + "[" * 5000, 1, "入れ子が深すぎます"),
    ],
)
def test_a_text_that_is_no_toml_is_told_with_its_line(text: str, line: int, says: str) -> None:
    checked = check(Source("broken.toml", text))
    assert checked.edition is None
    finding = checked.findings[0]
    assert finding.line == line
    assert re.search(says, finding.says + finding.do)


def test_examples_that_cannot_be_read_are_told_beside_what_else_is_wrong() -> None:
    checked = check(kettle(("years = 3\n", 'years = "3"\n'), ('ask = "coverage"', 'aks = "coverage"')))
    assert [finding.key for finding in checked.findings] == ["plan[0].years", "example[0].aks"]
    assert checked.findings[1].line == line_of(TEXT, 'ask = "coverage"')


# Editions over time


def successor(in_force: str, published: str = "", edition: str = "2") -> Source:
    return kettle(
        ('edition = "1"', f'edition = "{edition}"'), ("in_force = 2024-01-01", f"in_force = {in_force}\n{published}")
    )


def over_time(source: Source) -> list[tuple[str, str, str]]:
    checked: Checked = check(source, beside=[kettle()])
    return [(finding.severity, finding.key, finding.says) for finding in checked.findings]


def test_an_edition_announced_as_the_one_before_asks_is_right() -> None:
    assert over_time(successor("2025-04-22", "published = 2025-04-01")) == []


@pytest.mark.parametrize(
    ("source", "severity", "key", "says"),
    [
        (successor("2024-01-01"), "error", "in_force", "「1」版も、同じ2024年1月1日から適用されます"),
        (successor("2025-04-22", edition="1"), "error", "edition", "すでにあります"),
        (
            successor("2025-04-21", "published = 2025-04-01"),
            "error",
            "in_force",
            "2025年4月1日に公表した版の適用は2025年4月22日から",
        ),
        (successor("2025-04-23", "published = 2025-04-01"), "note", "in_force", "より遅い2025年4月23日"),
        (successor("2025-03-01", "published = 2025-04-01"), "error", "in_force", "公表日の2025年4月1日より前から"),
        (successor("2025-04-22"), "note", "in_force", "公表した日がない"),
    ],
)
def test_what_does_not_agree_with_the_edition_before_is_told(
    source: Source, severity: str, key: str, says: str
) -> None:
    findings = over_time(source)
    assert [(found[0], found[1]) for found in findings] == [(severity, key)]
    assert says in findings[0][2]


def test_the_day_of_publication_may_be_given_beside_the_text() -> None:
    late = check(successor("2025-04-21"), beside=[kettle()], published=date(2025, 4, 1))
    assert [finding.severity for finding in late.findings] == ["error"]
    assert check(successor("2025-04-22"), beside=[kettle()], published=date(2025, 4, 1)).findings == ()


def test_editions_of_other_services_and_unreadable_ones_stand_beside_without_effect() -> None:
    other = kettle(('service = "kettle"', 'service = "pot"'))
    assert check(kettle(), beside=[other, Source("x", "a =")]).findings == ()


def test_a_table_that_no_question_can_be_asked_of_is_a_finding_and_no_traceback() -> None:
    """`by_service` topics read their facts by name when they are made ready; whatever breaks there is told."""
    findings = found(('required = ["purchased", "registered"]', 'required = ["purchased", "registered", "weather"]'))
    assert {finding.key for finding in findings} == {"coverage.required"}
    assert "「weather」という事実は、提供期間の質問にありません" in findings[0].says


def test_an_example_whose_question_breaks_is_a_finding_and_no_traceback() -> None:
    findings = found(('fact = "registered"\nsays', 'fact = "register"\nsays'))
    keys = [finding.key for finding in findings]
    assert keys[0] == "coverage.start.fact"
    assert "この質問に答えを出せません（KeyError）" in findings[keys.index("example[0]")].says

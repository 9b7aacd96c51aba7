"""The template tags: what they say to the eye, to a screen reader, and to a reader of the source."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, engines
from django.test import RequestFactory

from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import NOBODY
from hoshu.authoring import timeline
from hoshu.dates import JST
from hoshu.web.common.answer import OUTCOMES, AnswerView, Fact, Missing, Reason, Step
from hoshu.web.common.forms import speak_plainly
from hoshu.web.common.icons import ICONS

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=JST)


def draw(source: str, **context: object) -> str:
    return engines["django"].from_string(source).template.render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("outcome", "word", "sign"),
    [
        ("covered", "対象", "✓"),
        ("chargeable", "有償", "¥"),
        ("excluded", "対象外", "✕"),
        ("on_hold", "保留", "…"),
        ("not_covered", "期間外", "―"),
        ("refused", "受付拒否", "⊘"),
    ],
)
def test_a_status_is_a_word_and_a_sign_and_never_a_colour_alone(outcome: str, word: str, sign: str) -> None:
    html = draw("{% status outcome %}", outcome=outcome)
    assert word in html
    assert f'aria-hidden="true">{sign}<' in html
    assert f"badge--{OUTCOMES[outcome].tone}" in html


def test_a_limit_that_has_passed_is_said_in_words_too() -> None:
    assert "due--late" in (late := draw("{% due when %}", when=NOW - timedelta(days=2)))
    assert "2026/11/18(水) 08:30" in late
    assert "2日超過" in late
    assert "due--late" not in draw("{% due when %}", when=NOW.date())
    assert draw("{% due when %}", when=None) == ""


def test_filters_leave_what_is_not_known_empty() -> None:
    for tag in ("{{ x|jdate }}", "{{ x|jdatetime }}", "{{ x|remaining:now }}", "{{ x|yen }}", "{{ x|serial }}"):
        assert draw(tag, x=None) == "", tag
    assert draw("{{ x|yen }}", x=0) == "0円"


def test_a_serial_is_escaped_in_its_text_and_in_its_copy_button() -> None:
    html = draw("{{ number|serial }}", number='<b>"A1')
    assert "<b>" not in html
    assert html.count("&lt;b&gt;&quot;A1") == 3


def test_every_icon_draws_and_one_that_stands_alone_has_a_name() -> None:
    for name in ICONS:
        assert 'aria-hidden="true"' in draw("{% icon name %}", name=name)
    assert 'role="img" aria-label="印刷"' in draw('{% icon "print" "印刷" %}')


VIEW = AnswerView(
    outcome="covered",
    sentence="無償で伺います。",
    facts=[
        Fact(label="いつから", when=NOW + timedelta(hours=5), counts="from"),
        Fact(label="いつまで", when=date(2028, 5, 31), counts="until"),
        Fact(label="費用", text="お客様負担なし"),
    ],
    reasons=[
        Reason(text="期間の中です。", clause="第4章 2.", clause_text="月の末日に終わります。", edition="2022年10月")
    ],
    missing=[Missing(text="ソフトウェアの版", field="id_version")],
    steps=[Step(label="受付して手配する", form="intake", name="act", value="open"), Step(label="やめる", url="/x")],
    derivation=["起点は購入日です。"],
)


def test_the_answer_comes_in_the_order_in_which_it_is_read_out() -> None:
    html = draw("{% answer view %}<input id='id_version'>{% endanswer %}", view=VIEW)
    order = [
        "対象", "無償で伺います。", "いつから", "2026/11/20(金) 13:30", "5時間後", "2028/05/31(水)", "あと1年6か月",
        "お客様負担なし", "期間の中です。", "第4章 2.", "月の末日に終わります。", "#id_version",
        "<input id='id_version'>", "受付して手配する", "起点は購入日です。",
    ]  # fmt: skip
    places = [html.index(text) for text in order]
    assert places == sorted(places)
    assert html.count("button--primary") == 1


def test_the_fields_of_an_answer_are_not_escaped_twice_and_its_texts_are() -> None:
    view = AnswerView(outcome="on_hold", sentence="<script>")
    html = draw("{% answer view %}{{ typed }}{% endanswer %}", view=view, typed="<i>")
    assert "<script>" not in html
    assert "&lt;i&gt;" in html


def test_a_timeline_has_a_title_a_description_and_a_table() -> None:
    drawing = timeline.coverage(
        counted_from=date(2025, 5, 10), start=date(2025, 6, 3), end=date(2028, 5, 31), today=NOW.date()
    )
    html = draw('{% timeline drawing name="t1" %}', drawing=drawing)
    assert 'aria-labelledby="t1-title t1-text"' in html
    assert "起点 2025年5月10日、登録完了 2025年6月3日、今日 2026年11月20日、満了日 2028年5月31日" in html
    assert "<table" in html
    assert 'fill="url(#t1-hatch)"' in html


class Form(forms.Form):
    serial = forms.CharField(label="製造番号", help_text="底面にあります。")
    weekday = forms.ChoiceField(label="曜日", choices=[("mon", "月")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意しました")
    note = forms.CharField(label="備考", required=False, widget=forms.TextInput(attrs={"placeholder": "備考"}))


def test_a_field_ties_hint_and_error_to_its_input() -> None:
    html = draw("{% field form.serial example='A12045' %}", form=Form({}))
    assert 'aria-describedby="id_serial_hint id_serial_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_serial_hint"' in html
    assert 'id="id_serial_error"' in html
    assert "必須" in html
    assert "例: A12045" in html


def test_an_optional_field_is_not_marked_and_has_no_placeholder() -> None:
    html = draw("{% field form.note %}", form=Form())
    assert "必須" not in html
    assert "placeholder" not in html
    assert "aria-describedby" not in html


def test_the_summary_of_faults_links_each_fault_to_something_that_takes_the_focus() -> None:
    form = Form({})
    page = draw(
        "{% error_summary form %}{% field form.serial %}{% field form.weekday %}{% field form.agreed %}", form=form
    )
    assert "（3件）" in page
    for target in ("id_serial", "id_weekday_0", "id_agreed"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert draw("{% error_summary form %}", form=Form()).strip() == ""


def test_faults_are_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in (forms.Field, forms.ChoiceField, forms.BooleanField, forms.IntegerField, forms.FileField):
        monkeypatch.setattr(field, "default_error_messages", dict(field.default_error_messages))
    speak_plainly()

    class Plain(forms.Form):
        serial = forms.CharField()
        weekday = forms.ChoiceField(choices=[("mon", "月")])
        named = forms.CharField(error_messages={"required": "お名前を入力してください。"})

    errors = Plain({}).errors
    assert errors["serial"] == ["入力してください。"]
    assert errors["weekday"] == ["選んでください。"]
    assert errors["named"] == ["お名前を入力してください。"]


def test_a_column_sorts_up_then_down_and_keeps_the_filters() -> None:
    def column(query: str) -> str:
        return draw('{% column "due" "期限" %}', request=RequestFactory().get(f"/cases?{query}"))

    assert 'href="?q=A&amp;sort=due"' in column("q=A&page=3")
    assert 'aria-sort="ascending"' in column("sort=due")
    assert 'href="?sort=-due"' in column("sort=due")
    assert 'aria-sort="descending"' in column("sort=-due")


def test_pages_say_how_many_rows_there_are() -> None:
    request = RequestFactory().get("/cases?q=A&page=2")
    html = draw("{% pages page %}", request=request, page=Paginator(range(120), 50).page(2))
    assert "120件中 51〜100件" in html
    assert 'href="?q=A&amp;page=3"' in html
    assert "0件" in draw("{% pages page %}", request=request, page=Paginator([], 50).page(1))


def test_a_link_is_shown_to_those_who_may_open_it() -> None:
    source = '{% if actor|may:"intake.use" %}受け付ける{% endif %}'
    assert draw(source, actor=replace(NOBODY, roles=frozenset({Role.DESK}))) == "受け付ける"
    assert draw(source, actor=replace(NOBODY, roles=frozenset({Role.ENGINEER}))) == ""

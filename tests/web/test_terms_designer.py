"""約款の設計: a service designer writes, checks, tries out and publishes an edition, beside a second one."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoshu import catalog, terms
from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.authoring import check
from hoshu.contracts import consents
from hoshu.publishing import current, drafts
from hoshu.publishing.models import Draft, PublishedEdition
from tests.contracts.test_consents import ix
from tests.flows.registering import JUNE_1, accepted, checked, known_scans, shop  # noqa: F401  (fixtures)
from tests.people import FUJII, HAYASHI, MORI, YAMADA
from tests.publishing.conftest import coffee

pytestmark = pytest.mark.django_db

FUTURE = coffee(edition="2099-01", in_force="2099-01-01").text


@pytest.fixture(autouse=True)
def alone():
    current.forget()
    yield
    current.forget()


@pytest.fixture
def designer(login):
    return login(FUJII)


def body(response):
    return response.content.decode()


def begin(browser, text=FUTURE, title="来年の改定"):
    """A draft from pasted text; its address."""
    response = browser.post(reverse("console:terms_new"), {"title": title, "start": "text", "text": text})
    assert response.status_code == 302
    return response.headers["Location"]


def only_draft():
    with act_as(SYSTEM):
        return Draft.objects.get()


# -- drafts


def test_the_list_shows_editions_of_the_package_and_drafts(designer):
    place = begin(designer)
    page = body(designer.get(reverse("console:terms")))
    assert place in page
    assert "来年の改定" in page
    assert page.count("製品に付属") == len(catalog.every_edition())


def test_a_draft_begins_as_a_copy_with_its_own_name_and_day(designer):
    entries = {
        "title": "写し",
        "start": "copy",
        "source": "ix/2022-10",
        "edition": "2099-04",
        "in_force": "令和81年4月1日",
    }
    designer.post(reverse("console:terms_new"), entries)
    draft = only_draft()
    assert (draft.service, draft.edition) == ("ix", "2099-04")
    assert "in_force = 2099-04-01" in draft.text
    again = body(designer.get(reverse("console:terms_new"), {"from": f"draft/{draft.pk}"}))
    assert re.search(rf'value="draft/{draft.pk}" selected', again)


def test_a_draft_begins_with_a_file(designer):
    file = SimpleUploadedFile("coffee.toml", b"\xef\xbb\xbf" + FUTURE.encode())
    designer.post(reverse("console:terms_new"), {"title": "ファイル", "start": "file", "file": file})
    assert only_draft().text == FUTURE


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"title": "", "start": "text", "text": "a"}, "入力してください。"),
        ({"title": "a", "start": "copy", "source": "ix/2022-10", "edition": "", "in_force": "2099/2/30"}, "2099"),
        ({"title": "a", "start": "copy", "source": "ix/1999"}, "選べません"),
        ({"title": "a", "start": "text", "text": ""}, "入力してください。"),
        ({"title": "a", "start": "file", "file": SimpleUploadedFile("a.toml", b"\x82\xa0")}, "UTF-8"),
        ({"title": "a", "start": "file", "file": SimpleUploadedFile("a.toml", b"a\0b")}, "テキスト"),
        ({"title": "a", "start": "text", "text": "あ" * 800_001}, "長すぎます"),
    ],
)
def test_what_is_no_beginning_is_told_and_nothing_typed_is_lost(designer, entries, told):
    response = designer.post(reverse("console:terms_new"), entries)
    assert response.status_code == 422
    assert told in body(response)
    assert f'value="{entries["title"]}"' in body(response) or not entries["title"]
    with act_as(SYSTEM):
        assert not Draft.objects.exists()


def test_findings_stand_beside_the_text_and_lead_to_their_lines(designer):
    broken = FUTURE.replace('clause = "第6条"', 'clause = "第60条"', 1)
    place = begin(designer, broken)
    [finding] = [each for each in check(drafts.source_of(only_draft())).findings if "第60条" in each.says][:1]
    page = body(designer.get(place))
    assert finding.says.replace("“", "“") in page
    lines = f"{reverse('console:terms_lines')}?of=draft/{only_draft().pk}"
    assert f'href="{lines}#L{finding.line}" data-line="{finding.line}"' in page
    numbered = body(designer.get(lines))
    assert re.search(rf'<li id="L{finding.line}"><code>[^<]*第60条', numbered)
    assert "まだ読めません" in body(designer.get(reverse("console:terms_explain"), {"of": f"draft/{only_draft().pk}"}))


def test_of_two_designers_the_second_is_told_and_chooses(designer, login):
    place = begin(designer)
    first = {"title": "来年の改定", "text": FUTURE + "# 一人目\n", "version": 1}
    second = {"title": "来年の改定", "text": FUTURE + "# 二人目\n", "version": 1}
    designer.post(place, first)
    other = login(YAMADA)
    response = other.post(place, second)
    page = body(response)
    assert response.status_code == 409
    assert "藤井 舞" in page
    assert "<del>－ # 一人目</del>" in page
    assert "<ins>＋ # 二人目</ins>" in page
    assert "# 二人目\n</textarea>" in page
    assert "一人目" in only_draft().text
    version = re.search(r'name="version" value="(\d+)"', page)[1]

    kept = other.post(place, {**second, "version": version, "as": "new"})
    assert kept.status_code == 302
    with act_as(SYSTEM):
        assert sorted("一人目" in draft.text for draft in Draft.objects.all()) == [False, True]
    other.post(place, {**second, "version": version, "as": "mine"})
    with act_as(SYSTEM):
        assert "二人目" in Draft.objects.get(title="来年の改定").text


def test_every_step_leaves_a_row_in_the_history(designer, django_capture_on_commit_callbacks):
    place = begin(designer)
    designer.post(place, {"title": "別の名前", "text": FUTURE, "version": 1})
    second = begin(designer, "# まだ何もない", "捨てる")
    designer.post(f"{second}discard")
    designer.post(f"{place}publish", {"version": 2})
    with act_as(SYSTEM):
        rows = HistoryEntry.objects.filter(table__startswith="publishing").order_by("id")
        done = [(row.table.removeprefix("publishing_"), row.action) for row in rows]
        assert {row.actor.partition(" (")[0] for row in rows} == {"藤井 舞"}
    assert done == [
        ("draft", "insert"),
        ("draft", "update"),
        ("draft", "insert"),
        ("draft", "delete"),
        ("publishededition", "insert"),
        ("draft", "delete"),
    ]


# -- the tools


@pytest.mark.parametrize("service", ["ix", "video", "supportpack", "remote-care", "mimamori"])
def test_every_edition_is_checked_and_explained(designer, service):
    edition = catalog.editions(service)[0]
    ref = f"{service}/{edition.edition}"
    page = body(designer.get(reverse("console:terms_check"), {"of": ref}))
    assert "の、この約款で" not in page
    assert "件を、この約款で確かめました。" in page
    clause = next(each for each in edition.clause if each.not_computed is None)
    shown = body(designer.get(reverse("console:terms_explain"), {"of": ref, "clause": clause.id}))
    assert clause.text in shown
    assert "この条文から計算すること" in shown


def test_an_unknown_clause_or_text_is_said_to_be_so(designer):
    page = body(designer.get(reverse("console:terms_explain"), {"of": "ix/2022-10", "clause": "第4章 99."}))
    assert "「第4章 99.」という条文はありません。" in page
    for ref in ("ix/1999", "draft/999", "draft/x", "nothing"):
        assert designer.get(reverse("console:terms_check"), {"of": ref}).status_code == 404


def test_two_texts_are_compared_in_sentences(designer):
    begin(designer, FUTURE.replace("years = 2", "years = 3", 1))
    after = f"draft/{only_draft().pk}"
    designer.post(reverse("console:terms_new"), {"title": "元", "start": "text", "text": FUTURE})
    with act_as(SYSTEM):
        before = f"draft/{Draft.objects.get(title='元').pk}"
    page = body(designer.get(reverse("console:terms_diff"), {"before": before, "after": after, "book": "1"}))
    assert re.search(r'data-label="今">2年.*data-label="新しい版">3年', page, re.DOTALL)
    assert "契約は、まだありません" in page
    same = body(designer.get(reverse("console:terms_diff"), {"before": after, "after": after}))
    assert "違いはありません。" in same


def test_the_agreements_that_change_are_counted_with_their_dates(designer, shop, acting):  # noqa: F811
    with acting(HAYASHI, on=JUNE_1):
        agreement = accepted(checked())
    text = catalog.source_of("ix", "2022-10").text.partition("\n[[example]]")[0]
    assert 'rounding = "month_end"' in text
    begin(designer, text.replace('rounding = "month_end"', 'rounding = "day_before"', 1))
    asked = {"before": "ix/2022-10", "after": f"draft/{only_draft().pk}", "book": "1"}
    page = body(designer.get(reverse("console:terms_diff"), asked))
    assert "1件のうち、<b>1件</b>の日付が変わります。" in page
    assert agreement.device.serial in page
    assert re.search(r"満了日: 2028\S+ → 2028", page)
    drawn = body(designer.get(reverse("console:terms_timeline"), {"of": asked["after"], "number": agreement.number}))
    assert 'class="drawing"' in drawn


def test_an_agreement_is_drawn_from_its_dates(designer):
    asked = {"of": "ix/2022-10", "plan": "5d-3y", "fact-purchased": "令和7年5月10日", "fact-registered": "2025/6/3"}
    page = body(designer.get(reverse("console:terms_timeline"), asked))
    assert "満了日" in re.search(r'class="drawing".*?alt="([^"]*)"', page, re.DOTALL)[1]
    address = unescape(re.search(r'<img src="([^"]*timeline.svg[^"]*)"', page)[1])
    picture = designer.get(address)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"2028/5/31" in picture.content
    wrong = body(designer.get(reverse("console:terms_timeline"), asked | {"fact-purchased": "きのう"}))
    assert "きのう" in wrong
    assert 'class="drawing"' not in wrong
    nothing = body(designer.get(reverse("console:terms_timeline"), {"of": "ix/2022-10", "number": "SA999"}))
    assert "「SA999」はありません。" in nothing


# -- trying a question


def tried(browser, topic, of="ix/2022-10", **facts):
    given = {f"fact-{name.replace('__', '.')}": value for name, value in facts.items()}
    return {"of": of, "ask": topic, "asked": "1", "plan": "", **given}


def test_every_question_of_every_edition_has_a_form_that_asks_it(designer):
    for edition in catalog.every_edition():
        ref = f"{edition.service}/{edition.edition}"
        page = body(designer.get(reverse("console:terms_try"), {"of": ref}))
        topics = re.findall(r'<option value="([a-z_]+)"', page.partition('name="ask"')[2].partition("</select>")[0])
        assert topics
        for topic in topics:
            response = designer.get(reverse("console:terms_try"), {"of": ref, "ask": topic, "asked": "1"})
            assert response.status_code == 200, (ref, topic)
            assert "答え" in body(response)


def test_an_answer_comes_with_its_reasons_and_what_would_change_it(designer):
    asked = tried(
        designer,
        "entitlement",
        at="2025/11/20 10:00",
        coverage__start="2025/6/3",
        coverage__end="2028/5/31",
        weekday_changes="変更日=2025/7/1、変更後の開始基準曜日=火曜日",
        start_weekday="mon",
        serial_registered="はい",
        in_japan="はい",
        site_matches="いいえ",
    )
    page = body(designer.get(reverse("console:terms_try"), asked))
    assert "根拠" in page
    assert "答えが変わるのは" in page
    assert "登録した設置場所と同じかが<b>「はい」</b>なら" in page
    assert "site_matches" not in re.sub(r"<[^>]+>", "", page)


def test_a_refusal_names_the_fact_in_words(designer):
    page = body(designer.get(reverse("console:terms_try"), tried(designer, "entitlement")))
    assert "<b>判断する日時</b>" in page


@pytest.mark.parametrize(
    ("name", "text"), [("at", "きのうの朝"), ("weekday_changes", "月曜から"), ("weekday_changes", "曜日=月")]
)
def test_what_cannot_be_read_is_told_at_its_field_and_stays(designer, name, text):
    page = body(designer.get(reverse("console:terms_try"), tried(designer, "entitlement", **{name: text})))
    assert "入力を確かめてください" in page
    assert text in page
    assert "例として保存" not in page


def test_an_answer_becomes_an_example_that_holds(designer):
    place = begin(designer)
    draft = only_draft()
    asked = tried(designer, "coverage", of=f"draft/{draft.pk}", shipped="2099/2/1", registered="2099/2/10")
    page = body(designer.get(reverse("console:terms_try"), asked))
    assert "例として保存" in page
    kept = designer.post(
        reverse("console:terms_keep"), {**asked, "draft": draft.pk, "says": "出荷の翌日から数えます。"}
    )
    assert kept.headers["Location"] == place
    [example] = catalog.read_examples(drafts.source_of(only_draft()))
    assert example["says"] == "出荷の翌日から数えます。"
    assert example["answer"]["counted_from"].isoformat() == "2099-02-02"
    assert "例 1件を、この約款で確かめました。" in body(designer.get(place))
    unsaid = designer.post(reverse("console:terms_keep"), {**asked, "draft": draft.pk, "says": " "})
    assert unsaid.status_code == 422
    assert "何の例か" in body(unsaid)
    assert 'name="fact-shipped" value="2099/2/1"' in body(unsaid)


# -- publishing


def test_what_publishing_means_is_shown_before_and_done_after(designer, django_capture_on_commit_callbacks):
    place = begin(designer)
    preview = body(designer.get(f"{place}publish"))
    assert "2099/01/01" in preview
    assert "最初の版" in preview
    with django_capture_on_commit_callbacks(execute=True):
        response = designer.post(f"{place}publish", {"version": only_draft().version})
    assert response.headers["Location"] == reverse("console:terms")
    with act_as(SYSTEM):
        assert not Draft.objects.exists()
    assert PublishedEdition.objects.get().published_by.email == FUJII.email
    page = body(designer.get(reverse("console:terms")))
    assert "2099-01版を公表しました。" in page
    assert "藤井 舞が公表" in page
    assert page.count("適用前") == 1
    assert designer.get(reverse("entrance:edition", args=["coffee", "2099-01"])).status_code == 200


def test_a_draft_with_errors_is_not_published(designer):
    place = begin(designer, FUTURE.replace('clause = "第6条"', 'clause = "第60条"', 1))
    for response in (designer.get(f"{place}publish"), designer.post(f"{place}publish", {"version": 1})):
        assert "まだ公表できません" in body(response)
        assert "第60条" in body(response)
    assert not PublishedEdition.objects.exists()


def test_what_changed_since_the_preview_is_looked_at_again(designer):
    place = begin(designer)
    designer.post(place, {"title": "a", "text": FUTURE + "# 追記\n", "version": 1})
    response = designer.post(f"{place}publish", {"version": 1})
    assert response.headers["Location"] == f"{place}publish"
    assert not PublishedEdition.objects.exists()


def test_the_preview_says_what_the_running_terms_demand_and_for_whom(designer):
    text = catalog.source_of("mimamori", "2020-03").text.partition("\n[[example]]")[0]
    copy = drafts.copied(
        text, edition="2099-01", in_force=catalog.edition("mimamori", "2020-03").in_force.replace(2099)
    )
    page = body(designer.get(f"{begin(designer, copy)}publish"))
    assert "約款 1.2" in page
    assert "移る契約は、今はありません。" in page
    assert "違い" in page or "変わるところ" in page


@pytest.mark.req("MM-DOC-02")
def test_an_agreement_shows_the_terms_it_came_under(shop, acting, login):  # noqa: F811
    """Under terms that bind agreements to later ones, which the package does not hold."""
    binding = ix("2024-01", date(2024, 1, 1), binds=True)
    terms.adopt([binding])
    with acting(HAYASHI, on=JUNE_1):
        agreement = accepted(checked())
    terms.adopt([binding, ix("2025-07", date(2025, 7, 1))])
    with act_as(SYSTEM):
        assert consents.deem(service="ix", edition="2025-07", in_force=date(2025, 7, 1)) == 1
    page = body(login(MORI).get(reverse("console:agreement", args=[agreement.number])))
    assert "2024-01版" in page
    assert "2025/07/01(火) から2025-07版" in page
    assert "同意されたものとしています" in page

"""Where an address is, and what a postal code stands for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hoshu.japan.addresses import PREFECTURES, Place, formatted, lookup, place_of, postal_code


@pytest.mark.req("IX-SVC-02", "IX-PRE-01")
@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("大阪府大阪市北区0-0", Place.JAPAN),
        ("〒980-0001 宮城県仙台市青葉区0-0", Place.JAPAN),
        ("９８０－０００１　宮城県仙台市", Place.JAPAN),
        ("京都府京都市中京区0-0", Place.JAPAN),
        ("仙台市青葉区0-0", Place.UNCLEAR),
        ("千葉県船橋市0-0", Place.JAPAN),
        ("兵庫県明石市船上町0-0", Place.JAPAN),
        ("新潟県村上市岩船上浜町0-0", Place.JAPAN),
        ("Singapore 018956", Place.ABROAD),
        ("アメリカ合衆国カリフォルニア州", Place.ABROAD),
        ("东京", Place.ABROAD),
        ("東京都港区0-0 みなみ国大使館", Place.UNDECIDED),
        ("兵庫県神戸市 客船あけぼの船内", Place.UNDECIDED),
        ("兵庫県神戸市 客船あけぼの船上", Place.UNDECIDED),
    ],
)
def test_prefectures_decide_and_ships_and_embassies_are_left_to_a_person(address, place):
    assert place_of(address) is place


def test_there_are_47_prefectures():
    assert len(set(PREFECTURES)) == 47


@pytest.mark.parametrize(
    "typed", ["100-0001", "1000001", "〒100-0001", "１００－０００１", "１００ー０００１", "100 0001", " 100−0001\n"]
)
def test_a_postal_code_is_read_however_it_is_typed(typed):
    assert postal_code(typed) == formatted(typed) == "100-0001"
    assert [place.text for place in lookup(typed)] == ["東京都千代田区千代田"]


@pytest.mark.parametrize("typed", ["", "　", "100-000", "100-00011", "1OO-OOO1", "東京都", "😀", "𠮷", "٠٠١٠٠٠١"])
def test_what_is_no_postal_code_is_told(typed):
    for read in (postal_code, lookup):
        with pytest.raises(ValueError, match="郵便番号は7けたの数字で入力してください"):
            read(typed)
    assert formatted(typed) == typed.strip()


def test_a_code_that_nobody_has_stands_for_nothing():
    assert lookup("000-0000") == ()


def test_a_place_comes_with_its_parts_and_its_reading():
    (place,) = lookup("064-0821")  # in the directory: 北一条西（20～28丁目）
    assert (place.prefecture, place.city, place.town) == ("北海道", "札幌市中央区", "北一条西")
    assert place.postal_code == "064-0821"
    assert place.kana == "ホッカイドウサッポロシチュウオウクキタ1ジョウニシ"
    assert place.office == ""


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("004-0000", ["北海道札幌市厚別区", "北海道札幌市清田区"]),  # 以下に掲載がない場合, of two cities
        ("441-1324", ["愛知県新城市井道", "愛知県新城市奥井道", "愛知県新城市内井道"]),  # one row, three towns
        ("761-4103", ["香川県小豆郡土庄町甲", "香川県小豆郡土庄町乙"]),  # 甲、乙（大木戸）
    ],
)
def test_a_code_that_spans_several_places_gives_each(code, places):
    assert [place.text for place in lookup(code)] == places


def test_each_of_several_towns_has_its_own_reading():
    readings = [place.kana.removeprefix("アイチケンシンシロシ") for place in lookup("441-1324")]
    assert readings == ["イミチ", "オクイミチ", "ウチイミチ"]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("105-0000", "東京都港区"),  # 以下に掲載がない場合
        ("409-0142", "山梨県北都留郡小菅村"),  # 小菅村の次に１～６６３番地がくる場合
        ("766-0001", "香川県仲多度郡琴平町"),  # 琴平町の次に４２７番地以降がくる場合（川西）
        ("028-7915", "岩手県九戸郡洋野町種市"),  # 種市第１５地割～第２１地割（…）
        ("074-1273", "北海道深川市音江町"),  # twice, with two remarks
        ("522-0317", "滋賀県犬上郡多賀町一円"),  # 一円 is a town here
        ("070-0061", "北海道旭川市曙1条"),
        ("106-6101", "東京都港区六本木六本木ヒルズ森タワー1階"),
        ("106-6190", "東京都港区六本木六本木ヒルズ森タワー"),  # 地階・階層不明
    ],
)
def test_remarks_on_which_blocks_are_meant_are_no_part_of_an_address(code, place):
    assert [found.text for found in lookup(code)] == [place]


def test_a_row_cut_in_two_by_its_length_still_names_its_towns():
    towns = [place.town for place in lookup("029-5503")]  # 穴明２２地割、穴明２｜３地割, …
    assert towns == ["穴明", "清水ケ野", "間木野", "湯田"]


def test_an_office_with_a_code_of_its_own_is_named_with_its_block():
    (place,) = lookup("100-8111")
    assert (place.office, place.text) == ("宮内庁", "東京都千代田区千代田1-1")
    (boxed,) = lookup("040-8666")  # 東雲町 4番13号(函館中央郵便局私書箱第9号)
    assert boxed.text == "北海道函館市東雲町4番13号"


def test_it_is_asked_from_any_thread():
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lookup, ["100-0001"] * 8))

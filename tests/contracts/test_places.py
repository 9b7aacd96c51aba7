"""Where an address is."""

import pytest

from hoshu.contracts.places import PREFECTURES, Place, place_of


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
        ("Singapore 018956", Place.ABROAD),
        ("アメリカ合衆国カリフォルニア州", Place.ABROAD),
        ("东京", Place.ABROAD),
        ("東京都港区0-0 みなみ国大使館", Place.UNDECIDED),
        ("兵庫県神戸市 客船あけぼの船内", Place.UNDECIDED),
    ],
)
def test_prefectures_decide_and_ships_and_embassies_are_left_to_a_person(address, place):
    assert place_of(address) is place


def test_there_are_47_prefectures():
    assert len(set(PREFECTURES)) == 47

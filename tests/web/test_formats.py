"""Dates, durations and money as people read them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hoshu.dates import JST
from hoshu.web.common import formats
from hoshu.web.common.middleware import DateMiddleware

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=JST)


def test_a_date_carries_its_weekday() -> None:
    assert formats.japanese_date(date(2026, 11, 20)) == "2026/11/20(金)"


def test_a_moment_is_shown_in_japan_whatever_zone_it_comes_in() -> None:
    assert formats.japanese_moment(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)) == "2026/11/20(金) 08:30"
    assert formats.day_of(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)) == date(2026, 11, 20)


class TestTheDoor:
    """Dates are written out for whoever is not at the desk; the door of the request decides, and only for it."""

    CALLED = datetime(2025, 6, 10, 0, 58, tzinfo=UTC)
    SHORT = "2025/06/10(火) 09:58"
    LONG = "2025年6月10日(火) 09:58"

    def shown(self, path: str) -> str:
        door = DateMiddleware(lambda request: HttpResponse(formats.japanese_moment(self.CALLED)))
        return door(RequestFactory().get(path)).content.decode()

    @pytest.mark.req("MM-CND-28")
    @pytest.mark.parametrize("path", ["/", "/portal/", "/portal/cases/F1/", "/terms/", "/c/abc/", "/account/login/"])
    def test_customers_sellers_and_the_public_read_it_written_out(self, path: str) -> None:
        assert self.shown(path) == self.LONG

    @pytest.mark.parametrize("path", ["/console/", "/console/cases/F1/", "/mailbox/", "/design"])
    def test_the_desk_reads_it_in_short(self, path: str) -> None:
        assert self.shown(path) == self.SHORT

    def test_the_short_form_is_back_after_the_request_whatever_became_of_it(self) -> None:
        def fails(request: object) -> HttpResponse:
            raise ValueError(formats.japanese_moment(self.CALLED))

        with pytest.raises(ValueError, match="2025年6月10日"):
            DateMiddleware(fails)(RequestFactory().get("/portal/"))
        assert formats.japanese_moment(self.CALLED) == self.SHORT
        assert self.shown("/portal/") == self.LONG
        assert formats.japanese_moment(self.CALLED) == self.SHORT

    def test_two_doors_at_the_same_time_do_not_mix(self) -> None:
        both_inside = Barrier(2)

        def answer(path: str) -> str:
            def view(request: object) -> HttpResponse:
                both_inside.wait(timeout=10)
                shown = formats.japanese_moment(self.CALLED)
                both_inside.wait(timeout=10)
                return HttpResponse(shown)

            return DateMiddleware(view)(RequestFactory().get(path)).content.decode()

        with ThreadPoolExecutor(2) as workers:
            assert list(workers.map(answer, ["/portal/", "/console/"])) == [self.LONG, self.SHORT]


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=2, hours=3, minutes=59), "あと2日3時間"),
        (timedelta(days=3), "あと3日"),
        (timedelta(days=12, hours=5), "あと12日"),
        (timedelta(hours=3, minutes=20), "あと3時間"),
        (timedelta(hours=1, minutes=20), "あと1時間20分"),
        (timedelta(hours=2), "あと2時間"),
        (timedelta(minutes=45), "あと45分"),
        (timedelta(seconds=30), "あと1分未満"),
        (timedelta(0), "1分未満超過"),
        (-timedelta(hours=5), "5時間超過"),
        (-timedelta(days=2), "2日超過"),
    ],
)
def test_what_is_left_until_a_moment_is_cut_and_never_rounded_up(ahead: timedelta, words: str) -> None:
    assert formats.remaining(NOW + ahead, NOW) == words
    assert formats.is_over(NOW + ahead, NOW) is (ahead <= timedelta(0))


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        (date(2026, 11, 20), "本日まで"),
        (date(2026, 11, 21), "あと1日"),
        (date(2027, 11, 19), "あと364日"),
        (date(2028, 5, 31), "あと1年6か月"),
        (date(2028, 11, 20), "あと2年"),
        (date(2026, 11, 18), "2日超過"),
    ],
)
def test_a_last_day_counts_in_full(last_day: date, words: str) -> None:
    assert formats.remaining(last_day, NOW) == words
    assert formats.is_over(last_day, NOW) is (last_day < date(2026, 11, 20))


def test_a_period_that_is_over_has_ended_and_is_not_overdue() -> None:
    assert formats.ending(date(2028, 5, 31), NOW) == "あと1年6か月"
    assert formats.ending(date(2026, 11, 20), NOW) == "本日まで"
    assert formats.ending(date(2026, 10, 31), NOW) == "20日前に終了"
    assert formats.ending(NOW - timedelta(hours=5), NOW) == "5時間前に終了"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "今から"),
        (NOW + timedelta(days=2, hours=1), "2日1時間後"),
        (date(2026, 11, 20), "本日から"),
        (date(2026, 12, 8), "18日後"),
        (date(2024, 8, 18), "2年3か月前から"),
    ],
)
def test_how_far_off_a_beginning_is(at: date, words: str) -> None:
    assert formats.starting(at, NOW) == words


def test_money_is_grouped_and_negative_money_has_a_minus_sign() -> None:
    assert formats.yen(12_000) == "12,000円"
    assert formats.yen(-1_200) == "−1,200円"

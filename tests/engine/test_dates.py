"""FHIR dates of any precision: local calendar dates, instants, and values that are not dates (MEASURES 0.2)."""

from datetime import date

from tests.support.builders import evaluate

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
ZONED = '{"text": "VARCHAR", "zone": "VARCHAR"}'


def dates(*raw_lines: str | None, zone: str | None = None) -> list[date | None]:
    return evaluate(raw_lines, f"local_date(value, {_literal(zone)})")


def instants(*raw_lines: str | None, zone: str | None = None) -> list[str | None]:
    moment = f"timezone('UTC', instant(value, {_literal(zone)}))"
    return evaluate(raw_lines, f"strftime({moment}, '%Y-%m-%d %H:%M:%S')")


def _literal(text: str | None) -> str:
    return f"'{text}'" if text else "NULL::VARCHAR"


def test_a_date_is_a_day_and_its_midnight() -> None:
    assert dates("2025-03-01") == [date(2025, 3, 1)]
    assert instants("2025-03-01") == ["2025-03-01 00:00:00"]


def test_a_year_or_a_month_is_neither_a_day_nor_an_instant() -> None:
    assert dates("2025", "2025-03") == [None, None]
    assert instants("2025", "2025-03") == [None, None]
    assert evaluate(["2025", "2025-03", "2025-03-01"], "has_day(value)") == [False, False, True]


def test_an_invalid_value_is_not_a_date() -> None:
    nonsense = [
        "",
        "yesterday",
        "2025-02-30",
        "2025-13-01",
        "2025-03-01 10:00",
        "01.03.2025",
        "20250301",
        "2025-3-1",
        "2025-03-01T",
        "2025-03-01T24:00:00",
        "2025-03-01T10:60:00Z",
        "2025-03-01T10:00:61Z",
        "2025-03-01T10:00:00 Z",
        " 2025-03-01",
        None,
    ]
    assert dates(*nonsense) == [None] * len(nonsense)
    assert instants(*nonsense) == [None] * len(nonsense)


def test_a_date_is_precise_partial_or_unreadable() -> None:
    raw_lines = [
        "2025",
        "2025-03",
        "2025-03-01",
        "2025-02-30",
        "2025-13",
        "25",
        "",
        "soon",
        "2025-03-01T25:00Z",
        None,
    ]
    assert evaluate(raw_lines, "is_partial(value)") == [True, True, *[False] * 8]
    assert evaluate(raw_lines, "is_unreadable(value)") == [False, False, False, *[True] * 6, False]


def test_a_leap_second_is_the_second_before_it() -> None:
    assert instants("2016-12-31T23:59:60Z") == ["2016-12-31 23:59:59"]
    assert dates("2016-12-31T23:59:60Z") == [date(2016, 12, 31)]
    assert dates("2016-12-31T23:59:60.5Z", zone=NEW_YORK) == [date(2016, 12, 31)]


def test_the_first_and_the_last_year_are_read() -> None:
    assert dates("0385-02-28", "9999-12-31") == [date(385, 2, 28), date(9999, 12, 31)]
    raw_lines = ["0385-02-28T01:00:00Z", "9999-12-31T23:59:59-05:00"]
    assert instants(*raw_lines) == ["0385-02-28 01:00:00", "9999-12-31 23:59:59"]
    assert dates("9999-12-31T23:59:59-05:00", zone=BERLIN) == [date(9999, 12, 31)]


def test_no_date_is_after_the_last_possible_one() -> None:
    month_later = "days_after(local_date(value, NULL), 30)"
    raw_lines = ["2025-03-01", "9999-12-30", "2025"]
    assert evaluate(raw_lines, month_later) == [date(2025, 3, 31), date(9999, 12, 31), None]


def test_the_day_is_the_one_written_whatever_day_it_is_in_utc() -> None:
    evening, morning = "2025-03-01T23:50:00-05:00", "2025-03-02T01:00:00+09:00"
    assert dates(evening, morning) == [date(2025, 3, 1), date(2025, 3, 2)]
    assert instants(evening, morning) == ["2025-03-02 04:50:00", "2025-03-01 16:00:00"]


def test_fractions_of_seconds_and_half_hour_offsets_are_read() -> None:
    raw_lines = ["2025-03-01T12:00:00.123+05:30", "2025-03-01T12:00:00.5Z"]
    assert instants(*raw_lines) == ["2025-03-01 06:30:00", "2025-03-01 12:00:00"]


def test_instants_are_right_across_the_end_of_summer_time() -> None:
    start, end = instants("2022-11-06T01:52:06-04:00", "2022-11-06T01:07:06-05:00")
    assert (start, end) == ("2022-11-06 05:52:06", "2022-11-06 06:07:06")


def test_a_time_without_offset_is_local_to_the_hospital() -> None:
    text = "2019-06-21T23:30:00"
    assert instants(text) == ["2019-06-21 23:30:00"]
    assert instants(text, zone=BERLIN) == ["2019-06-21 21:30:00"]
    assert dates(text, zone=BERLIN) == [date(2019, 6, 21)]


def test_only_a_time_of_day_can_lack_an_offset() -> None:
    raw_lines = [
        "2019-06-21T08:00:00",
        "2019-06-21T08:00:00Z",
        "2019-06-21T08:00:00-04:00",
        "2019-06-21",
        "2019",
    ]
    assert evaluate(raw_lines, "lacks_offset(value)") == [True, False, False, False, False]


def test_only_a_time_of_day_is_a_time() -> None:
    raw_lines = ["2025-03-01T08:00:00Z", "2025-03-01T08:00Z", "2025-03-01", "2025-03", None]
    assert evaluate(raw_lines, "has_time(value)") == [True, True, False, False, False]


def test_a_configured_zone_decides_the_day_of_an_instant() -> None:
    winter, summer = "2025-03-01T23:30:00Z", "2025-07-01T22:30:00Z"
    assert dates(winter, summer) == [date(2025, 3, 1), date(2025, 7, 1)]
    assert dates(winter, summer, zone=BERLIN) == [date(2025, 3, 2), date(2025, 7, 2)]
    assert dates("2025-03-02T04:30:00Z", zone=NEW_YORK) == [date(2025, 3, 1)]


def test_a_configured_zone_does_not_move_a_date_but_its_midnight() -> None:
    assert dates("2025-03-01", zone=NEW_YORK) == [date(2025, 3, 1)]
    assert instants("2025-03-01", zone=NEW_YORK) == ["2025-03-01 05:00:00"]


def test_a_configured_zone_does_not_move_an_instant_that_has_an_offset() -> None:
    assert instants("2025-03-01T23:30:00-08:00", zone=BERLIN) == ["2025-03-02 07:30:00"]


def test_a_zone_may_be_a_column_and_null_is_as_written() -> None:
    evening = "2025-03-01T23:30:00Z"
    rows = [{"text": evening, "zone": zone} for zone in (BERLIN, NEW_YORK, None)]
    found = evaluate(rows, "local_date(value.text, value.zone)", ZONED)
    assert found == [date(2025, 3, day) for day in (2, 1, 1)]


def test_an_instant_without_offset_is_local_to_a_column_of_zones_and_else_utc() -> None:
    rows = [{"text": "2025-01-01T10:00:00", "zone": zone} for zone in (BERLIN, None)]
    found = evaluate(rows, "strftime(timezone('UTC', instant(value.text, value.zone)), '%H')", ZONED)
    assert found == ["09", "10"]


def test_a_local_time_that_comes_twice_is_the_first_and_one_that_is_skipped_comes_later() -> None:
    assert instants("2022-11-06T01:30:00", "2022-03-13T02:30:00", zone=NEW_YORK) == [
        "2022-11-06 05:30:00",
        "2022-03-13 07:30:00",
    ]
    assert instants("2025-04-06T01:45:00", zone="Australia/Lord_Howe") == [
        "2025-04-05 14:45:00"
    ]  # half an hour


def test_an_offset_that_no_zone_has_is_unreadable() -> None:
    raw_lines = ["2025-03-01T10:00:00+18:00", "2025-03-01T10:00:00+18:01", "2025-03-01T10:00:00-05:60"]
    assert evaluate(raw_lines, "is_unreadable(value)") == [False, True, True]
    assert instants(*raw_lines) == ["2025-02-28 16:00:00", None, None]


def test_a_time_without_seconds_is_the_full_minute_with_and_without_an_offset() -> None:
    raw_lines = ["2025-03-01T10:00", "2025-03-01T10:00Z", "2025-03-01T10:00-05:00", "2025-03-01T10:00+05:30"]
    assert evaluate(raw_lines, "is_unreadable(value)") == [False] * 4
    assert instants(*raw_lines) == [
        "2025-03-01 10:00:00",
        "2025-03-01 10:00:00",
        "2025-03-01 15:00:00",
        "2025-03-01 04:30:00",
    ]


def test_what_only_looks_like_a_time_is_none() -> None:
    raw_lines = [
        "2025-03-01T10:00:00+0500",
        "2025-03-01T10:00:00z",
        "2025-03-01T24:00Z",
        "2025-03-01 10:00",
        "20250301",
    ]
    assert evaluate(raw_lines, "is_unreadable(value)") == [True] * 5


def test_only_a_time_of_day_can_be_in_utc() -> None:
    raw_lines = [
        "2025-03-01T10:00:00Z",
        "2025-03-01T10:00:00+00:00",
        "2025-03-01T10:00:00-05:00",
        "2025-03-01",
        None,
    ]
    assert evaluate(raw_lines, "is_utc(value)") == [True, False, False, False, False]

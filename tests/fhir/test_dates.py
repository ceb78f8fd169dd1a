"""FHIR dates of any precision: local calendar dates, instants, and values that are not dates (MEASURES 0.2)."""

from datetime import date

from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F
from tests.support.builders import evaluate

from metriccare.fhir.dates import (
    days_after,
    has_day,
    has_time,
    instant,
    is_partial,
    is_unreadable,
    is_utc,
    lacks_offset,
    local_date,
)

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def dates(spark: SparkSession, *raw_lines: str | None, zone: str = "") -> list[date | None]:
    return evaluate(spark, raw_lines, lambda text: local_date(text, zone))


def instants(spark: SparkSession, *raw_lines: str | None, zone: str = "") -> list[str | None]:
    def written(text: Column) -> Column:
        return F.date_format(instant(text, zone), "yyyy-MM-dd HH:mm:ss")  # the session's zone is UTC

    return evaluate(spark, raw_lines, written)


def test_a_date_is_a_day_and_its_midnight(spark: SparkSession) -> None:
    assert dates(spark, "2025-03-01") == [date(2025, 3, 1)]
    assert instants(spark, "2025-03-01") == ["2025-03-01 00:00:00"]


def test_a_year_or_a_month_is_neither_a_day_nor_an_instant(spark: SparkSession) -> None:
    assert dates(spark, "2025", "2025-03") == [None, None]
    assert instants(spark, "2025", "2025-03") == [None, None]
    assert evaluate(spark, ["2025", "2025-03", "2025-03-01"], has_day) == [False, False, True]


def test_an_invalid_value_is_not_a_date(spark: SparkSession) -> None:
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
    assert dates(spark, *nonsense) == [None] * len(nonsense)
    assert instants(spark, *nonsense) == [None] * len(nonsense)


def test_a_date_is_precise_partial_or_unreadable(spark: SparkSession) -> None:
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
    assert evaluate(spark, raw_lines, is_partial) == [True, True, *[False] * 8]
    assert evaluate(spark, raw_lines, is_unreadable) == [False, False, False, *[True] * 6, False]


def test_a_leap_second_is_the_second_before_it(spark: SparkSession) -> None:
    assert instants(spark, "2016-12-31T23:59:60Z") == ["2016-12-31 23:59:59"]
    assert dates(spark, "2016-12-31T23:59:60Z") == [date(2016, 12, 31)]
    assert dates(spark, "2016-12-31T23:59:60.5Z", zone=NEW_YORK) == [date(2016, 12, 31)]


def test_the_first_and_the_last_year_are_read(spark: SparkSession) -> None:
    assert dates(spark, "0385-02-28", "9999-12-31") == [date(385, 2, 28), date(9999, 12, 31)]
    raw_lines = ["0385-02-28T01:00:00Z", "9999-12-31T23:59:59-05:00"]
    assert instants(spark, *raw_lines) == ["0385-02-28 01:00:00", "9999-12-31 23:59:59"]
    assert dates(spark, "9999-12-31T23:59:59-05:00", zone=BERLIN) == [date(9999, 12, 31)]


def test_no_date_is_after_the_last_possible_one(spark: SparkSession) -> None:
    def month_later(text: Column) -> Column:
        return days_after(local_date(text), 30)

    raw_lines = ["2025-03-01", "9999-12-30", "2025"]
    assert evaluate(spark, raw_lines, month_later) == [date(2025, 3, 31), date(9999, 12, 31), None]


def test_the_day_is_the_one_written_whatever_day_it_is_in_utc(spark: SparkSession) -> None:
    evening, morning = "2025-03-01T23:50:00-05:00", "2025-03-02T01:00:00+09:00"
    assert dates(spark, evening, morning) == [date(2025, 3, 1), date(2025, 3, 2)]
    assert instants(spark, evening, morning) == ["2025-03-02 04:50:00", "2025-03-01 16:00:00"]


def test_fractions_of_seconds_and_half_hour_offsets_are_read(spark: SparkSession) -> None:
    raw_lines = ["2025-03-01T12:00:00.123+05:30", "2025-03-01T12:00:00.5Z"]
    assert instants(spark, *raw_lines) == ["2025-03-01 06:30:00", "2025-03-01 12:00:00"]


def test_instants_are_right_across_the_end_of_summer_time(spark: SparkSession) -> None:
    start, end = instants(spark, "2022-11-06T01:52:06-04:00", "2022-11-06T01:07:06-05:00")
    assert (start, end) == ("2022-11-06 05:52:06", "2022-11-06 06:07:06")


def test_a_time_without_offset_is_local_to_the_hospital(spark: SparkSession) -> None:
    text = "2019-06-21T23:30:00"
    assert instants(spark, text) == ["2019-06-21 23:30:00"]
    assert instants(spark, text, zone=BERLIN) == ["2019-06-21 21:30:00"]
    assert dates(spark, text, zone=BERLIN) == [date(2019, 6, 21)]


def test_only_a_time_of_day_can_lack_an_offset(spark: SparkSession) -> None:
    raw_lines = [
        "2019-06-21T08:00:00",
        "2019-06-21T08:00:00Z",
        "2019-06-21T08:00:00-04:00",
        "2019-06-21",
        "2019",
    ]
    assert evaluate(spark, raw_lines, lacks_offset) == [True, False, False, False, False]


def test_only_a_time_of_day_is_a_time(spark: SparkSession) -> None:
    raw_lines = ["2025-03-01T08:00:00Z", "2025-03-01T08:00Z", "2025-03-01", "2025-03", None]
    assert evaluate(spark, raw_lines, has_time) == [True, True, False, False, False]


def test_a_configured_zone_decides_the_day_of_an_instant(spark: SparkSession) -> None:
    winter, summer = "2025-03-01T23:30:00Z", "2025-07-01T22:30:00Z"
    assert dates(spark, winter, summer) == [date(2025, 3, 1), date(2025, 7, 1)]
    assert dates(spark, winter, summer, zone=BERLIN) == [date(2025, 3, 2), date(2025, 7, 2)]
    assert dates(spark, "2025-03-02T04:30:00Z", zone=NEW_YORK) == [date(2025, 3, 1)]


def test_a_configured_zone_does_not_move_a_date_but_its_midnight(spark: SparkSession) -> None:
    assert dates(spark, "2025-03-01", zone=NEW_YORK) == [date(2025, 3, 1)]
    assert instants(spark, "2025-03-01", zone=NEW_YORK) == ["2025-03-01 05:00:00"]


def test_a_configured_zone_does_not_move_an_instant_that_has_an_offset(spark: SparkSession) -> None:
    assert instants(spark, "2025-03-01T23:30:00-08:00", zone=BERLIN) == ["2025-03-02 07:30:00"]


def test_a_zone_may_be_a_column_and_null_is_as_written(spark: SparkSession) -> None:
    evening = "2025-03-01T23:30:00Z"
    for zone, day in ((BERLIN, 2), (NEW_YORK, 1), (None, 1)):
        column = F.lit(zone).cast("string")
        found = evaluate(spark, [evening], lambda text, zone=column: local_date(text, zone))
        assert found == [date(2025, 3, day)]


def test_an_instant_without_offset_is_local_to_a_column_of_zones_and_else_utc(spark: SparkSession) -> None:
    for zone, hour in ((BERLIN, "09"), (None, "10")):
        column = F.lit(zone).cast("string")
        found = evaluate(
            spark,
            ["2025-01-01T10:00:00"],
            lambda text, zone=column: F.date_format(instant(text, zone), "HH"),
        )
        assert found == [hour]


def test_only_a_time_of_day_can_be_in_utc(spark: SparkSession) -> None:
    raw_lines = [
        "2025-03-01T10:00:00Z",
        "2025-03-01T10:00:00+00:00",
        "2025-03-01T10:00:00-05:00",
        "2025-03-01",
        None,
    ]
    assert evaluate(spark, raw_lines, is_utc) == [True, False, False, False, False]

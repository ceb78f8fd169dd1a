import pytest
from tests.support.rows import result_row

from metriccare.lake.run_log import newest_run
from metriccare.reporting.results import find_results
from metriccare.reporting.terminal import Terminal
from metriccare.reporting.terminal_tables import format_rate, show_measures, show_run

WIDTH = 80


@pytest.fixture
def console():
    return Terminal(record=True, width=WIDTH, file=None, quiet=False)


@pytest.mark.parametrize(
    ("measure", "rate", "low", "high", "text"),
    [
        ("readmission_30_day", 0.1234, 0.1012, 0.149, "12.3 % (10.1 to 14.9)"),
        ("mortality_30_day", 0.0, 0.0, 0.0312, "0.0 % (0.0 to 3.1)"),
        ("infection_per_100_discharges", 2.345, 2.0, 2.7, "2.35 (2.00 to 2.70)"),
        ("length_of_stay_median", 4.0, None, None, "4.00 days"),
        ("length_of_stay_midnights", None, None, None, "-"),
        ("measure_of_another_version", 0.5, 0.25, 0.75, "0.50 (0.25 to 0.75)"),
    ],
)
def test_rates_are_written_in_the_measures_own_unit(measure, rate, low, high, text):
    assert format_rate({"measure": measure, "rate": rate, "ci_low": low, "ci_high": high}) == text


def test_the_measures_say_what_they_are_and_fit_a_small_terminal(finished_lake, console):
    show_measures(console, find_results(finished_lake), is_synthetic=True)
    text = console.export_text()

    assert "observed, unadjusted" in text
    assert "as of 2025-06-30, synthetic data" in text
    assert "12.3 % (10.1 to 14.9)" in text
    assert "4.25 days (4.10 to 4.40)" in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_observed_and_expected_are_shown_with_their_interval_where_there_is_one(console):
    ratio = {
        "observed_expected": 1.234,
        "observed_expected_ci_low": 0.9,
        "observed_expected_ci_high": 1.655,
    }
    rows = [result_row(stratum="hospital", value=name, **more) for name, more in (("h1", ratio), ("h2", {}))]
    show_measures(console, rows, is_synthetic=False)
    text = console.export_text()

    assert "expected: indirectly standardised by age band and sex" in text
    assert "In-hospital mortality, observed, unadjusted" in text
    lines = [line for line in text.splitlines() if line.startswith((" h1", " h2"))]
    assert ["1.23 (0.90 to 1.66)" in line for line in lines] == [True, False]
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_ratio_of_all_stays_to_themselves_is_not_shown(console):
    show_measures(console, [result_row(observed_expected=1.0)], is_synthetic=False)

    assert "expected" not in console.export_text().lower()


def test_a_suppressed_hospital_is_named_without_numbers(finished_lake, console):
    show_measures(console, find_results(finished_lake, stratum="hospital"), is_synthetic=False)
    (line,) = [line for line in console.export_text().splitlines() if "Small Clinic" in line]

    assert line.split() == ["Small", "Clinic", "-", "-", "-", "suppressed"]


def test_the_reconciliation_shows_where_every_record_went(finished_lake, console):
    show_run(console, newest_run(finished_lake))
    text = console.export_text()

    assert "3 files, 16 records" in text
    assert "13 accepted + 2 skipped + 1 quarantined" in text
    assert ["Encounter", "7", "5", "0", "2", "0"] in [line.split() for line in text.splitlines()]
    assert "Quarantined: not_json 1" in text
    assert "Encounters: 3 in a stay, 1 not inpatient, 1 with status cancelled" in text

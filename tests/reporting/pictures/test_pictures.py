"""The pictures say what is counted, that it is unadjusted, and that synthetic data are synthetic."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from metriccare.reporting import pictures

DRAWN: dict[str, Callable[..., Any]] = {
    "readmission": pictures.readmission_by_hospital,
    "mortality": pictures.mortality_by_year,
    "infection": pictures.infection_by_code,
    "length_of_stay": pictures.length_of_stay_by_hospital,
}
PNG = b"\x89PNG\r\n"


def row(measure: str, stratum: str, value: str, numerator: float, denominator: float) -> dict[str, Any]:
    rate = numerator / denominator
    return {
        "measure": measure,
        "stratum": stratum,
        "stratum_value": value,
        "stratum_display": value.title(),
        "numerator": numerator,
        "denominator": denominator,
        "rate": rate,
        "ci_low": rate * 0.8,
        "ci_high": rate * 1.2,
        "is_immature": value == "2025",
    }


@pytest.fixture
def results() -> pd.DataFrame:
    by_code = [row("infection_per_100_discharges", "code", f"code {at}", 30 - at, 100) for at in range(12)]
    return pd.DataFrame(
        [
            row("readmission_30_day", "hospital", "h1", 20, 100),
            row("readmission_30_day", "hospital", "h2", 30, 100),
            row("readmission_30_day", "all", "all", 50, 200),
            row("length_of_stay_billing", "hospital", "h1", 500, 100),
            row("mortality_30_day", "year", "2024", 8, 100),
            row("mortality_30_day", "year", "2025", 6, 100),
            row("infection_per_100_discharges", "all", "all", 3, 100),
            *by_code,
        ]
    )


def texts(figure: Any) -> str:
    return "\n".join(
        item.get_text() for item in figure.findobj(lambda one: hasattr(one, "get_text")) if item.get_text()
    )


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_that_rates_are_observed_and_unadjusted(name: str, results: pd.DataFrame) -> None:
    assert "observed, unadjusted" in texts(DRAWN[name](results, is_synthetic=False)).replace("\n", " ")


@pytest.mark.parametrize("name", DRAWN)
def test_only_synthetic_data_are_watermarked(name: str, results: pd.DataFrame) -> None:
    assert "synthetic data" in texts(DRAWN[name](results, is_synthetic=True))
    assert "synthetic data" not in texts(DRAWN[name](results, is_synthetic=False))


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_without_results_says_so(name: str, results: pd.DataFrame) -> None:
    figure = DRAWN[name](results.assign(rate=None), is_synthetic=False)
    assert "No result to show" in texts(figure)
    assert figure._repr_png_().startswith(PNG)


def test_a_picture_is_the_same_bytes_each_time(results: pd.DataFrame) -> None:
    first, second = (pictures.infection_by_code(results, is_synthetic=True)._repr_png_() for _ in range(2))
    assert first == second


def test_hospitals_stand_by_rate_with_their_number_of_stays(results: pd.DataFrame) -> None:
    axes = pictures.readmission_by_hospital(results, is_synthetic=False).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["H1 (n = 100)", "H2 (n = 100)"]
    assert "all: 25.0 %" in texts(axes.figure)


def test_rare_codes_are_one_slice(results: pd.DataFrame) -> None:
    shown = texts(pictures.infection_by_code(results, is_synthetic=False))
    assert "other codes: 60" in shown  # 21 + 20 + 19 of the three rarest
    assert "Code 8 [code 8]: 22" in shown
    assert "Code 9 [code 9]" not in shown


def test_admissions_of_years_that_no_axis_can_show_are_counted() -> None:
    monthly = pd.DataFrame({"month": ["0385-01", "2025-02", "2025-03", "9999-12"], "count": [2, 30, 40, 1]})
    figure = pictures.admissions_by_month(monthly)
    assert "3 before 1900 or after 2261 are not drawn" in texts(figure)
    assert list(figure.axes[0].lines[0].get_ydata()) == [30, 40]

"""Every table, picture, report and explanation takes the titles of measures from the registry, so that they agree."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from tests.support.rows import result_row, run_row

from metriccare.definitions import measures
from metriccare.definitions.measures import DECISIONS, INFECTION, MEASURES, Kind, compared
from metriccare.reporting import pictures
from metriccare.reporting.html_report import render
from metriccare.reporting.notebook_tables import EXPLAINED, exclusion_table, measure_table
from metriccare.reporting.terminal import Terminal
from metriccare.reporting.terminal_tables import show_measures
from metriccare.reporting.why.decision import decided

DAY = date(2025, 6, 30)
EXCESS = {"factor": "sex", "group": "female", "stays": 50, "events": 9, "rate": 0.18, "rate_elsewhere": 0.1}


def titled(name: str) -> str:
    """Return a title that is no part of another one."""
    return f"«{name}»"


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every measure a title and an axis that stand nowhere but in the registry."""
    for name, measure in MEASURES.items():
        monkeypatch.setitem(
            MEASURES,
            name,
            replace(measure, title=titled(name), axis=f"axis of {name}"),  # type: ignore[arg-type]
        )
    monkeypatch.setattr(measures, "INFECTION_TITLE", titled(INFECTION))


def rows(stratum: str = "all", value: str = "all") -> list[dict[str, Any]]:
    return [result_row(name, value, stratum=stratum, expected=100.0) for name in MEASURES]


def frame() -> pd.DataFrame:
    places = (("all", "all"), ("hospital", "h1"), ("month", "2025-01"), ("year", "2025"), ("code", "1"))
    return pd.DataFrame([row for place in places for row in rows(*place)])


def printed(shown: list[dict[str, Any]]) -> str:
    console = Terminal(record=True, width=160, file=io.StringIO())
    show_measures(console, shown, is_synthetic=False)
    return console.export_text()


def reported() -> str:
    output = new_output("display_data", data={"text/html": measure_table(frame()).to_html()})
    notebook = new_notebook(cells=[new_code_cell("table", outputs=[output])])
    return str(render(nbformat.from_dict(notebook), run_row(as_of=DAY)))


def explained() -> Iterator[str]:
    nothing = dict.fromkeys(("exclusion", "exclusions", "matures_on", "event_on", "evidence"))
    stay = {name: nothing | {"numerator": False, "value": 0.0} for name in DECISIONS}
    stay |= {"admission_date": DAY, "discharge_date": DAY}
    return (decided(stay, name, DAY)["title"] for name in DECISIONS)


def written(figure: Any) -> list[str]:
    axes = figure.axes[0]
    legend = axes.get_legend()
    labels = [text.get_text() for text in legend.get_texts()] if legend else []
    return [figure.texts[0].get_text(), axes.get_xlabel(), axes.get_ylabel(), *labels]


TABLES: dict[str, tuple[Callable[[], Any], Any]] = {
    "terminal": (lambda: printed(rows()), MEASURES),
    "terminal, split": (lambda: printed(rows("hospital", "h1")), MEASURES),
    "notebook": (lambda: list(measure_table(frame()).index), MEASURES),
    "notebook, split": (lambda: list(measure_table(frame(), "hospital").index), MEASURES),
    "exclusions": (lambda: list(exclusion_table(frame()).columns), EXPLAINED),
    "report": (reported, MEASURES),
    "why": (lambda: list(explained()), DECISIONS),
}
MORTALITY = ("mortality_30_day", "mortality_in_hospital")
PICTURES: dict[str, tuple[Callable[..., Any], str]] = {
    "readmission": (pictures.readmission_by_hospital, "readmission_30_day"),
    "length of stay": (pictures.length_of_stay_by_hospital, "length_of_stay_billing"),
}


@pytest.mark.parametrize("place", TABLES)
def test_a_table_names_every_measure_by_its_title(place: str) -> None:
    show, names = TABLES[place]
    shown = show()
    assert [name for name in names if titled(name) not in shown] == []


@pytest.mark.parametrize("name", compared(Kind.PROPORTION, Kind.RATE))
def test_a_control_chart_has_the_title_and_the_axis_of_its_measure(name: str) -> None:
    title, _, axis, *_ = written(pictures.control_chart(frame(), name, is_synthetic=False))
    assert (title.partition(":")[0], axis) == (titled(name), f"axis of {name}")


@pytest.mark.parametrize("name", compared(Kind.PROPORTION))
def test_pictures_that_compare_hospitals_have_the_title_of_their_measure(name: str) -> None:
    funnel = written(pictures.funnel(frame(), name, is_synthetic=False))
    expected = written(pictures.funnel_expected(frame(), name, is_synthetic=False))
    groups = pd.DataFrame([EXCESS | {"excess": 4.0}])
    excess = written(
        pictures.excess_by_group(groups, name, hospital="", profile="all_adult", is_synthetic=False)
    )
    assert (funnel[0].partition(":")[0], funnel[2]) == (titled(name), f"axis of {name}")
    assert expected[0].startswith(f"{titled(name)}:")
    assert excess[0] == titled(name)


@pytest.mark.parametrize("place", PICTURES)
def test_bars_by_hospital_have_the_title_and_the_axis_of_their_measure(place: str) -> None:
    draw, name = PICTURES[place]
    title, axis, *_ = written(draw(frame(), is_synthetic=False))
    assert title.startswith(f"{titled(name)}, by hospital")
    assert axis == f"axis of {name}"


def test_the_lines_of_mortality_and_the_donut_of_infections_are_named_by_the_registry() -> None:
    lines = written(pictures.mortality_by_year(frame(), is_synthetic=False))[3:]
    donut = written(pictures.infection_by_code(frame(), is_synthetic=False))
    assert lines == [titled(name) for name in MORTALITY]
    assert donut[0].startswith(f"{titled(INFECTION)}, by")

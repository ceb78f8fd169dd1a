"""The survivors of drawn graphs of links, beside a walk from link to link; all graphs in one table."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metriccare.engine.schema import arrow_schema
from metriccare.silver import LINKED, survivors

Links = dict[str, str]
NODES = [f"n{number}" for number in range(7)]
GRAPHS = 150  # at least; each is a source of its own, with the same ids as all others
LONG = 200


def walk(links: Links, start: str) -> tuple[str, bool]:
    """Return the last of the chain that begins at `start`, or `start` itself and True where it has no end."""
    at, passed = start, set[str]()
    while at in links:
        if at in passed:
            return start, True
        passed.add(at)
        at = links[at]
    return at, False


@pytest.fixture(scope="module")
def graphs() -> list[Links]:
    """Return drawn graphs, then a long chain, a long cycle, and a long way into a cycle."""
    drawn: dict[tuple[tuple[str, str], ...], None] = {}

    @settings(
        max_examples=2 * GRAPHS,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.dictionaries(st.sampled_from(NODES), st.sampled_from(NODES), min_size=1))
    def draw(links: Links) -> None:
        drawn[tuple(links.items())] = None

    draw()
    chain = {f"c{at}": f"c{at + 1}" for at in range(LONG)}
    return [*map(dict, drawn), chain, chain | {f"c{LONG}": "c0"}, chain | {f"c{LONG}": f"c{LONG - 1}"}]


def test_every_patient_with_a_link_has_the_survivor_that_a_walk_finds(graphs: list[Links]) -> None:
    rows = [(f"s{at}", id, by) for at, links in enumerate(graphs) for id, by in links.items()]
    people = [{"source": source, "id": id, "is_live": True, "replaced_by_id": by} for source, id, by in rows]
    links = survivors(pa.Table.from_pylist(people, arrow_schema(LINKED))).to_pylist()
    found = {(row["source"], row["patient_id"]): (row["survivor_id"], row["in_cycle"]) for row in links}
    expected = {(source, id): walk(graphs[int(source[1:])], id) for source, id, _ in rows}
    assert len(links) == len(rows)
    assert found == expected
    assert len(graphs) > GRAPHS
    assert {in_cycle for _, in_cycle in expected.values()} == {True, False}

"""Who replaces whom, before a delivery and after it."""

import pyarrow as pa

from metriccare.pipeline.stages.patient_links import Linked, links_between


def linked(id: str, by: str) -> Linked:
    return {"source": "s", "id": id, "is_live": True, "replaced_by_id": by}


def pairs(links: pa.Table) -> list[tuple[str, str]]:
    return sorted((row["patient_id"], row["survivor_id"]) for row in links.to_pylist())


BEFORE = [linked("a", "b"), linked("x", "y")]


def test_without_a_change_there_is_one_state() -> None:
    assert pairs(links_between(BEFORE, [], set())) == [("a", "b"), ("x", "y")]


def test_a_link_that_changes_is_known_as_it_was_and_as_it_is() -> None:
    found = links_between(BEFORE, [linked("a", "c")], {("s", "a")})
    assert set(pairs(found)) == {("a", "b"), ("a", "c"), ("x", "y")}


def test_a_link_that_is_gone_is_known_as_it_was() -> None:
    found = links_between(BEFORE, [], {("s", "a")})
    assert pairs(found) == [("a", "b"), ("x", "y"), ("x", "y")]


def test_a_new_link_leads_on_to_the_last_survivor() -> None:
    found = links_between(BEFORE, [linked("b", "c")], {("s", "b")})
    assert set(pairs(found)) == {("a", "b"), ("a", "c"), ("b", "c"), ("x", "y")}

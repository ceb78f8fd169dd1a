"""Which records a person means."""

import pytest
from tests.pipeline.quarantine.records import record

from metriccare.errors import QuarantineError
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.choose import Filters, by_filters, by_ids, short_ids

OTHER = "aaaa1111cccc3333"
RECORDS = [
    record("9"),
    record("90", reason_code="no_id"),
    record("90/entry[2]", state=QuarantineState.DISMISSED),
    record("0", OTHER, source="east", file="/raw/source=east/b.ndjson"),
    record("90", OTHER, state=QuarantineState.REPLAYED),
]


def ids(*given: str) -> list[str]:
    return [found.id for found in by_ids(RECORDS, given)]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("aaaa1111bbbb2222:90", "aaaa1111bbbb2222:90"),  # not the entry within it
        ("aaaa1111b:9", "aaaa1111bbbb2222:9"),  # not 90, which begins so too
        ("aaaa1111b:90/", "aaaa1111bbbb2222:90/entry[2]"),
        ("aaaa1111c:0", f"{OTHER}:0"),
        ("aaaa:0", f"{OTHER}:0"),
    ],
)
def test_an_id_may_be_cut_as_long_as_it_is_of_one_record(given: str, meant: str) -> None:
    assert ids(given) == [meant]


def test_a_record_that_is_named_twice_is_meant_once() -> None:
    assert ids("aaaa1111b:9", "aaaa:0", "aaaa1111bbbb2222:9") == ["aaaa1111bbbb2222:9", f"{OTHER}:0"]


@pytest.mark.parametrize("given", ["aaaa1111b", "aaaa:90"])
def test_an_id_of_several_records_is_refused_with_their_names(given: str) -> None:
    with pytest.raises(
        QuarantineError, match=rf"begins with '{given}' \(aaaa1111bbbb2222:9.*: give more of it"
    ):
        ids(given)


@pytest.mark.parametrize("given", ["ffff", "aaaa1111b:7", "", ":9", "nonsense"])
def test_an_id_of_no_record_is_refused(given: str) -> None:
    with pytest.raises(
        QuarantineError, match=r"No quarantined record has the id .*quarantine list --state all"
    ):
        ids(given)


def test_a_short_id_is_of_one_record_and_can_be_typed() -> None:
    short = short_ids(RECORDS)
    assert short["aaaa1111bbbb2222:9"] == "aaaa1111b:9"
    assert [ids(name) for name in short.values()] == [[one.id] for one in RECORDS]
    assert short_ids(RECORDS[:1]) == {"aaaa1111bbbb2222:9": "aaaa1111:9"}
    assert short_ids([record("9", "v1")]) == {"v1:9": "v1:9"}
    assert short_ids([]) == {}


@pytest.mark.parametrize(
    ("filters", "positions"),
    [
        (Filters(), ["9", "90", "0"]),
        (Filters(reason_code="no_id"), ["90"]),
        (Filters(source="east"), ["0"]),
        (Filters(source="eas"), []),
        (Filters(file="b.ndjson"), ["0"]),
        (Filters(file="/raw/source=west/a.ndjson", reason_code="not_json"), ["9"]),
        (Filters(state="dismissed"), ["90/entry[2]"]),
        (Filters(state="replayed", source="west"), ["90"]),
        (Filters(state="all"), ["9", "90", "90/entry[2]", "0", "90"]),
    ],
)
def test_filters_hold_all_at_once_and_mean_open_records_unless_told(
    filters: Filters, positions: list[str]
) -> None:
    assert [one.position for one in by_filters(RECORDS, filters)] == positions

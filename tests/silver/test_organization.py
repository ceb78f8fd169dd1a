"""silver.organization: the names of hospitals."""

from tests.support.builders import by_id, organization, silver


def test_an_organization_has_a_name_or_a_flag() -> None:
    nameless = {"resourceType": "Organization", "id": "H2"}
    found = by_id(silver([organization("H1", "First"), nameless]).organization)
    assert (found["H1"].name, found["H1"].quality_flags, found["H1"].is_live) == ("First", [], True)
    assert (found["H2"].name, found["H2"].quality_flags) == (None, ["name_missing"])

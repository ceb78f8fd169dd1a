"""A reference of any form resolves to one id (docs/contracts.md#sources-and-ids)."""

import pytest
from tests.support.builders import evaluate

UUID = "0b2c2c5e-8a5b-4b6f-9b7e-2f4b9a1c7d10"


REFERENCE = '{"reference": "VARCHAR", "type": "VARCHAR"}'


def ids(forms: dict[str | None, str | None]) -> dict[str | None, str | None]:
    references = [{"reference": form} for form in forms]
    return dict(
        zip(forms, evaluate(references, "reference_id('Organization', value)", REFERENCE), strict=True)
    )


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param(
            {"Organization/h-1.A": "h-1.A", "Organization/h/_history/2": "h", "h": "h"}, id="relative"
        ),
        pytest.param(
            {
                "https://example.org/fhir/Organization/h": "h",
                "https://example.org/fhir/Organization/h/": "h",
                "http://localhost:8080/Organization/h/_history/12": "h",
            },
            id="absolute URL",
        ),
        pytest.param({f"urn:uuid:{UUID}": UUID, "urn:oid:1.2.840.99": "1.2.840.99"}, id="URN"),
        pytest.param(
            {
                "Organization?identifier=https://github.com/x/y|h": "h",
                "Organization?identifier=https://github.com/x/y%7Ch": "h",
                "Organization?identifier=h": "h",
                "Organization?identifier=|h": "h",
                "Organization?active=true&identifier=s|h": "h",
                "Organization?identifier=s|h&active=true": "h",
                "https://example.org/fhir/Organization?identifier=s|h": "h",
            },
            id="conditional by identifier",
        ),
        pytest.param({"Organization?name=h": None}, id="conditional by something else"),
        pytest.param({"#h": None}, id="contained"),
        pytest.param(
            {
                "Location/h": None,
                "Group/h/_history/1": None,
                "https://example.org/fhir/Practitioner/h": None,
                "Location?identifier=s|h": None,
                "https://OTHER/h": "h",
                "something/h": "h",
            },
            id="to another type",
        ),
        pytest.param({"": None, None: None}, id="nothing"),
    ],
)
def test_a_reference_resolves_to_an_id(forms: dict[str | None, str | None]) -> None:
    assert ids(forms) == forms


@pytest.mark.parametrize(
    ("named", "id"), [("Organization", UUID), ("Group", None), ("urn:logical", UUID), (None, UUID)]
)
def test_the_type_of_a_reference_may_stand_beside_it(named: str | None, id: str | None) -> None:
    reference = {"reference": f"urn:uuid:{UUID}", "type": named}
    assert evaluate([reference], "reference_id('Organization', value)", REFERENCE) == [id]

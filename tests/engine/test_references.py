"""A reference of any form resolves to one id (docs/contracts.md#sources-and-ids)."""

import pytest
from tests.support.builders import evaluate

UUID = "0b2c2c5e-8a5b-4b6f-9b7e-2f4b9a1c7d10"


def ids(forms: dict[str | None, str | None]) -> dict[str | None, str | None]:
    return dict(zip(forms, evaluate(forms, "reference_id(value)"), strict=True))


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
        pytest.param({"": None, None: None}, id="nothing"),
    ],
)
def test_a_reference_resolves_to_an_id(forms: dict[str | None, str | None]) -> None:
    assert ids(forms) == forms

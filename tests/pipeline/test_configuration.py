"""metriccare.toml: read whole, or refused with the file, the key, what was found and what is expected."""

from collections.abc import Callable
from pathlib import Path

import pytest

from metriccare.definitions.sources import NONE, Source
from metriccare.definitions.value_sets import Code
from metriccare.errors import ParameterError
from metriccare.pipeline.configuration import configured, load_sources
from metriccare.settings import Lake

CLASSES = """system,code,display,category,count
urn:oid:1.2,101,Hospital Encounter,acute_inpatient,1200
urn:oid:1.2,102,Clinic,not_inpatient,88
urn:oid:1.2,103,Unit,,7
,IP,,nonacute_inpatient,1
"""
DISPOSITIONS = """system,code,display,category,source,version
http://www.nubc.org/patient-discharge,43,Federal hospital,acute_transfer,local rule,2
"""
WHOLE = """
[sources.epic]
timezone = "America/Chicago"
has_dispositions = true
inpatient_by_type = true
class_map = "class.csv"
disposition_map = "disposition.csv"
cancer_hospitals = ["x"]
[sources.epic.hospital_timezones]
north = "America/New_York"
[sources.epic.hospital_aliases]
"old-id" = "north"
[sources.default]
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a configuration beside the two code maps."""
    (tmp_path / "class.csv").write_text(CLASSES, encoding="utf-8")
    (tmp_path / "disposition.csv").write_text(DISPOSITIONS, encoding="utf-8")

    def write(text: str) -> Path:
        path = tmp_path / "metriccare.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_everything_about_a_source_can_be_said(write: Write) -> None:
    sources = load_sources(write(WHOLE))
    epic = sources.by_name["epic"]
    assert (epic.timezone, epic.has_dispositions, epic.inpatient_by_type) == ("America/Chicago", True, True)
    assert (epic.cancer_hospitals, epic.hospital_timezones) == (("x",), {"north": "America/New_York"})
    assert epic.hospital_aliases == {"old-id": "north"}
    assert sources.by_name["default"] == Source()


def test_a_code_map_is_in_the_folder_of_the_file_and_a_row_without_category_waits(write: Write) -> None:
    rows = load_sources(write(WHOLE)).by_name["epic"].class_map
    assert [(row.system, row.code, row.category) for row in rows] == [
        ("urn:oid:1.2", "101", "acute_inpatient"),
        ("urn:oid:1.2", "102", "not_inpatient"),
        ("", "IP", "nonacute_inpatient"),
    ]


def test_a_row_of_a_code_map_says_where_it_is_from(write: Write) -> None:
    epic = load_sources(write(WHOLE)).by_name["epic"]
    system = "http://www.nubc.org/patient-discharge"
    assert epic.disposition_map == (
        Code(system, "43", "Federal hospital", "acute_transfer", "", "local rule", "2"),
    )
    assert epic.class_map[0].source == "class.csv"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[sources.a]\ntimezone = "Chicago"',
            r"metriccare.toml: sources.a.timezone is 'Chicago': expected .*Berlin",
        ),
        ("[sources.a]\ntimezone = 5", r"sources.a.timezone is 5: expected the name of a zone"),
        ('[sources.a]\nhas_dispositions = "yes"', r"has_dispositions is 'yes': expected true or false"),
        (
            "[sources.a]\ntimezones = 1",
            r"sources.a has the unknown key 'timezones'; expected timezone, has_disp",
        ),
        ("[source.a]", r"the file has the unknown key 'source'; expected sources"),
        ("sources = 3", r"sources is 3: expected a table like \[sources\]"),
        ('[sources]\na = "x"', r"sources.a is 'x': expected a table like \[sources.a\]"),
        ('[sources.a]\ncancer_hospitals = "x"', r"cancer_hospitals is 'x': expected a list"),
        (
            '[sources.a.hospital_timezones]\nh = "Mars"',
            r"hospital_timezones.h is 'Mars': expected the name of a zone",
        ),
        ("[sources.a.hospital_aliases]\nh = 1", r"hospital_aliases.h is 1: expected a text"),
        ('[sources.a]\nclass_map = "no.csv"', r"class_map names .*no.csv, which can't be read"),
        ("[sources.a", "is not valid TOML"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(write: Write, text: str, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence):
        load_sources(write(text))


@pytest.mark.parametrize(
    ("csv", "sentence"),
    [
        (
            "system,code,display,category\ns,1,d,inpatient\n",
            r"line 2: the category is 'inpatient'; .*acute_inpatient",
        ),
        ("system,code,display,category\ns,1,d,expired\n", r"the category is 'expired'"),
        ("system,code,display,category\ns,,d,not_inpatient\n", r"line 2: there is a category but no code"),
        ("system,code,category\n", r"has the columns system, code, category: expected system, code, display"),
        ("system,code,display,category,note\n", r"besides them only source, version, count"),
        (
            "system,code,display,category\ns,1,d,not_inpatient\ns,1,d,acute_inpatient\n",
            r"class.csv maps the code '1' of s twice: keep one",
        ),
        ("", r"has the columns none"),
    ],
)
def test_a_code_map_that_is_not_understood_is_refused(
    write: Write, tmp_path: Path, csv: str, sentence: str
) -> None:
    (tmp_path / "class.csv").write_text(csv, encoding="utf-8")
    with pytest.raises(ParameterError, match=sentence):
        load_sources(write('[sources.a]\nclass_map = "class.csv"'))


def test_without_a_file_nothing_is_configured_but_the_zone(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    assert configured(lake) == NONE
    assert configured(lake, timezone="Europe/Berlin").timezone == "Europe/Berlin"


def test_the_lakes_own_file_is_taken_unless_another_is_named(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[sources.b]\n", encoding="utf-8")
    write("[sources.a]")
    lake = Lake.at(tmp_path)
    assert list(configured(lake).by_name) == ["a"]
    assert list(configured(lake, other).by_name) == ["b"]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"gone\.toml can't be read"):
        configured(Lake.at(tmp_path), tmp_path / "gone.toml")

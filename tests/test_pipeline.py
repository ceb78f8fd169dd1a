import nbformat
import pytest

from metriccare import pipeline
from metriccare.errors import LakeError, NotebookError, ParameterError
from metriccare.settings import Lake

STAGES = {
    "01_generate": 'patients: int = 1000\nseed: int = 7\nout: str = ""',
    "02_bronze": 'raw: str = ""\nlake: str = ""\nrun_id: str = ""\nreceived_at: str = ""',
    "03_silver": 'lake: str = ""\nrun_id: str = ""\ntimezone: str = ""\nconfig: str = ""',
    "04_gold": 'lake: str = ""\nrun_id: str = ""\nas_of: str = ""\nconfig: str = ""',
}


@pytest.fixture
def project(write_notebook, tmp_path, monkeypatch):
    """Return a project's folder, the current one, whose four notebooks only count to one."""
    for name, parameters in STAGES.items():
        write_notebook(name, "1", parameters=parameters)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("METRICCARE_HOME", raising=False)
    return tmp_path


def given(folder):
    """Return the parameters that each executed notebook was given, by its name."""
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.iterdir())}
    return {name: dict(notebook.metadata.papermill.parameters) for name, notebook in notebooks.items()}


def test_the_three_stages_run_with_absolute_places_and_one_run_id(spark, project):
    run_id = pipeline.run(raw="in", as_of="2025-06-30", timezone="Europe/Berlin")

    lake = str(project / ".metriccare")
    shared = {"lake": lake, "run_id": run_id}
    assert given(project / ".metriccare" / "runs" / run_id) == {
        "02_bronze": {"raw": str(project / "in"), **shared},
        "03_silver": {"timezone": "Europe/Berlin", "config": "", **shared},
        "04_gold": {"as_of": "2025-06-30", "config": "", **shared},
    }


def test_a_configuration_is_handed_on_with_its_absolute_place(spark, project):
    (project / "sources.toml").write_text("[sources.a]")
    run_id = pipeline.run(raw="in", config="sources.toml")

    notebooks = given(project / ".metriccare" / "runs" / run_id)
    handed = {notebooks[name]["config"] for name in ("03_silver", "04_gold")}
    assert handed == {str(project / "sources.toml")}


@pytest.mark.parametrize("place", ["sources.toml", ".metriccare/metriccare.toml"])
def test_a_configuration_that_is_not_understood_is_refused_before_anything_runs(project, place):
    (project / ".metriccare").mkdir()
    (project / place).write_text("[sources.a]\ntimezone = 'Chicago'")
    config = "" if place.startswith(".") else place

    with pytest.raises(ParameterError, match=r"sources\.a\.timezone is 'Chicago'"):
        pipeline.run(config=config)

    assert not (project / ".metriccare" / "runs").exists()


def test_the_generator_runs_first_where_it_is_asked_for(spark, project):
    run_id = pipeline.run(lake=project / "lake", generate=5, seed=3, run_id="my-run")

    first = given(project / "lake" / "runs" / run_id)["01_generate"]
    assert first == {"patients": 5, "seed": 3, "out": str(project / "fhir_data")}
    assert run_id == "my-run"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"as_of": "30.06.2025"}, "as_of is a date like 2025-06-30; '30.06.2025' is none"),
        ({"timezone": "Berlin"}, "timezone is a name like Europe/Berlin; 'Berlin' is none"),
        ({"timezone": "../etc"}, "timezone is a name like Europe/Berlin"),
        ({"run_id": "../x"}, "run id is made of letters"),
        ({"generate": 5, "raw": "exports"}, "folder named json"),
    ],
)
def test_an_ill_formed_value_is_refused_before_anything_runs(project, value, sentence):
    with pytest.raises(ParameterError, match=sentence):
        pipeline.run(**value)

    assert not (project / ".metriccare").exists()


def test_a_lake_on_an_object_store_is_refused_in_a_sentence(project):
    with pytest.raises(LakeError, match="s3://bucket/lake is no local folder"):
        pipeline.run(lake="s3://bucket/lake")


def test_outside_a_project_the_error_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NotebookError, match=r"no notebook .*02_bronze\.ipynb; run this in the project"):
        pipeline.run(lake=tmp_path / "lake")


def test_run_ids_are_unique_and_name_their_moment():
    ids = {pipeline.new_run_id() for _ in range(20)}

    assert len(ids) == 20
    assert all(pipeline.run_folder(Lake("/lake"), run_id).name == run_id for run_id in ids)

"""Settings that would not work on AWS, each refused in a sentence; what works there is taken."""

from typing import Any

import pytest
from tests.runtime.glue_sessions.endpoint import ARGUMENTS, NEEDED, Glue

from metriccare.runtime.glue_sessions.account import LOCAL, WHEEL, Account
from metriccare.runtime.glue_sessions.api_error import GlueApiError
from metriccare.runtime.glue_sessions.glue_arguments import CONF, FORMATS, INSTALLER_OPTION, MODULES
from metriccare.runtime.glue_sessions.identity import ROLE
from metriccare.runtime.glue_sessions.settings_check import check_settings

ARCHIVE = "s3://scripts/code/0123/wheels.gluewheels.zip"
ACCOUNT = Account(
    LOCAL.roles,
    {
        **LOCAL.files,
        ARCHIVE: ("metriccare-1.0.0-py3-none-any.whl", "click-8.1.8-py3-none-any.whl"),
        "s3://scripts/other.whl": ("other-1.0-py3-none-any.whl",),
    },
)
HUDI = "spark.sql.extensions=org.apache.spark.sql.hudi.HoodieSparkSessionExtension"


def settings(**changed: Any) -> dict[str, Any]:
    """Return settings that work, with the service's defaults, but for what is changed."""
    fine = {"Id": "x", "SessionType": "LIVY", "IdleTimeout": 2880, "WorkerType": "G.1X", "NumberOfWorkers": 2}
    return fine | NEEDED | changed


def arguments(**changed: str) -> dict[str, Any]:
    return {
        "DefaultArguments": ARGUMENTS
        | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    }


def modules(text: str, option: str = "--no-deps") -> dict[str, Any]:
    return {"DefaultArguments": {MODULES: text, INSTALLER_OPTION: option}}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"Role": ROLE + "2"}, "should be given assume role permissions for Glue Service: set glue_role_arn"),
        ({"GlueVersion": "4.0"}, "Glue 4.0 has Python 3.10, and MetricCare needs 3.11: use %glue_version 5.0."),
        ({"GlueVersion": "3.0"}, "Python 3.7"),
        ({"GlueVersion": "2.0"}, "Glue version 2.0 is not supported"),
        ({"GlueVersion": "auto"}, "Glue version auto is not supported"),
        ({"WorkerType": "Standard"}, "Workers of type Standard are not for Spark sessions; use one of G.1X"),
        ({"WorkerType": "Z.2X"}, "Z.2X are not for Spark"),
        ({"WorkerType": "G.025X"}, "G.025X are not for Spark"),
        ({"NumberOfWorkers": 1}, "a session has at least 2"),
        ({"NumberOfWorkers": 0}, "a session has at least 2"),
        ({"NumberOfWorkers": None, "WorkerType": None, "MaxCapacity": 1.0}, "at least 2 DPUs"),
        ({"MaxCapacity": 2.0}, "either MaxCapacity, or WorkerType"),
        ({"IdleTimeout": 10_081}, "IdleTimeout is 10081 minutes; a session may last 10080"),
        ({"Timeout": 20_000}, "Timeout is 20000 minutes"),
        ({"Command": {"Name": "glueray", "PythonVersion": "3"}}, "glueray is no Spark session"),
        ({"Command": {"Name": "glueetl", "PythonVersion": "2"}}, "PythonVersion is 2"),
        (arguments(datalake_format="hudi"), "did you mean --datalake-formats?"),
        (arguments(additional_python_module="x"), "did you mean --additional-python-modules?"),
        (arguments(conf=HUDI), "Glue brings Hudi only with --datalake-formats hudi"),
        (arguments(conf=HUDI, datalake_formats="iceberg, delta"), "Glue brings Hudi only"),
        ({"DefaultArguments": {}}, "does not bring metriccare"),
        (modules("pandas"), "does not bring metriccare"),
        (modules("metriccare"), "does not bring metriccare"),  # no index has it
        (modules("s3://scripts/other.whl"), "does not bring metriccare"),
        (modules("s3://elsewhere/metriccare-1.0.0-py3-none-any.whl"), "which does not exist"),
        (modules(f"{WHEEL},s3://scripts/a.tar.gz"), "Glue installs wheels"),
        (modules(f"{WHEEL},https://example.org/a-1.0-py3-none-any.whl"), "files on S3"),
        (modules(f"{WHEEL},no-such-package==1.0"), "no-such-package==1.0 is not installed here"),
        (modules(f"{WHEEL},click==0.1"), "is not the version installed here"),
        (modules(f"{WHEEL},-r s3://scripts/requirements.txt"), "files on S3"),
        (modules(f"{WHEEL},pandas 2.2.3"), "which pip can't install"),
        (modules(f"{WHEEL},click", "--no-index"), "with --no-index, only wheels on S3 are installed"),
    ],
)  # fmt: skip
def test_what_would_not_work_on_aws_is_refused_with_what_to_do(
    changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(GlueApiError) as caught:
        check_settings(settings(**changed), ACCOUNT)
    assert sentence in str(caught.value)
    assert caught.value.code == "InvalidInputException"


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"GlueVersion": "5.1"},
        {"WorkerType": "R.8X", "NumberOfWorkers": 50},
        {"IdleTimeout": 10_080, "Timeout": 10_080},
        {"WorkerType": "G.025X", "Command": {"Name": "gluestreaming"}},
        {"WorkerType": None, "NumberOfWorkers": None, "MaxCapacity": 2.0},
        arguments(my_own_argument="x", conf="spark.a=1"),
        arguments(conf=HUDI, datalake_formats="delta, hudi"),
        modules(f"{WHEEL}, click>=8,pandas"),
        modules(ARCHIVE, "--no-index"),
        modules(f"{ARCHIVE},click", "--no-index"),
    ],
)
def test_what_works_on_aws_is_taken(changed: dict[str, Any]) -> None:
    check_settings({name: value for name, value in settings(**changed).items() if value is not None}, ACCOUNT)


def test_all_problems_are_named_at_once(plain: Glue) -> None:
    status, body = plain.post(
        "CreateSession",
        {"Id": "x", **NEEDED, "GlueVersion": "4.0", "Timeout": 20_000, "DefaultArguments": {}},
    )
    assert (status, body["__type"]) == (400, "InvalidInputException")
    for part in ("Python 3.10", "20000 minutes", "does not bring metriccare"):
        assert part in body["Message"]
    assert CONF not in body["Message"]
    assert FORMATS not in body["Message"]

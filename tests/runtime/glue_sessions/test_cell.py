import base64

import matplotlib as mpl
import pytest

from metriccare.runtime.glue_sessions.cell import run_cell

mpl.use("Agg")


@pytest.fixture
def names():
    return {"__name__": "__main__"}


def text(code, names):
    return run_cell(code, names)["Data"]["TextPlain"]


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("1 + 1", "2"),
        ("x = 1", ""),
        ("1\n2", "2"),
        ("print('a')\n'b'", "a\n'b'"),
        ("None", ""),
        ("", ""),
        ("# only a comment", ""),
        ("import sys\nprint('out')\nprint('err', file=sys.stderr)", "out\nerr"),
        ("for i in range(2):\n    i", "0\n1"),
        ("'''\n%matplot plt\n'''", "'\\n%matplot plt\\n'"),
    ],
)
def test_the_value_of_the_last_statement_and_what_is_printed_come_back(code, printed, names):
    assert text(code, names) == printed


def test_names_stay_from_cell_to_cell(names):
    run_cell("def double(n):\n    return factor * n\nfactor = 2", names)

    assert text("double(21)", names) == "42"


def test_an_error_has_name_value_and_the_cells_own_frames_only(names):
    run_cell("def fail():\n    raise ValueError('no such ward')", names)
    output = run_cell("print('lost')\nfail()", names)

    assert (output["Status"], output["ErrorName"], output["ErrorValue"]) == (
        "error",
        "ValueError",
        "no such ward",
    )
    assert output["Traceback"] == [
        "Traceback (most recent call last):\n",
        '  File "<stdin>", line 2, in <module>\n',
        '  File "<stdin>", line 2, in fail\n',
        "ValueError: no such ward\n",
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("x = (", "SyntaxError"),
        ("raise SystemExit(1)", "SystemExit"),
        ("%plotly fig", "UnknownMagic"),
        ("1\n%matplot", "UnknownMagic"),
        ("%matplot nothing", "KeyError"),
    ],
)
def test_whatever_ends_a_cell_is_an_error_of_that_cell(code, name, names):
    assert run_cell(code, names)["ErrorName"] == name


def test_matplot_gives_a_picture_of_the_package_by_its_name(names):
    made = "from metriccare.reporting.pictures.canvas import canvas\npicture, _ = canvas('t', 's', is_synthetic=True)"
    output = run_cell(f"{made}\n%matplot picture", names)

    assert base64.b64decode(output["Data"]["Result"]).startswith(b"\x89PNG")


def test_matplot_gives_the_current_figure_as_a_picture_next_to_the_text(names):
    output = run_cell(
        "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])\nprint('x')\n%matplot plt", names
    )

    data = output["Data"]
    assert data["MimeType"] == "image/png;base64"
    assert base64.b64decode(data["Result"]).startswith(b"\x89PNG")
    assert (data["StdOut"], data["StdErr"]) == ("x\n", "")

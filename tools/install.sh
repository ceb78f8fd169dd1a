#!/bin/sh
# Brings .venv in step with requirements.lock and pyproject.toml; `make` calls it when one of them changed.
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX
root=$(pwd -P)
python=.venv/bin/python

fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3 python; do
        if [ -n "$candidate" ] && fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        # Outside of the project uv looks at neither its pyproject.toml nor an old .venv.
        (cd / && uv python install --quiet 3.11 >&2 && UV_PYTHON_PREFERENCE=only-managed uv python find 3.11)
    fi
}

pip() {
    "$python" -m pip --quiet --no-input --disable-pip-version-check "$@"
}

# A moved or copied .venv still points to where it was made, so its pip names another folder.
case $(.venv/bin/pip --version 2>/dev/null) in
"pip "*" from $root/.venv/"*"(python 3.11)") ;;
*)
    found=$(find_python) || found=
    if [ -z "$found" ]; then
        echo "MetricCare needs Python 3.11 with its venv module and finds none: install python3.11" \
            "(on Debian and Ubuntu also python3.11-venv), or uv, which fetches one," \
            "or name one: make install PYTHON=FILE" >&2
        exit 1
    fi
    rm -rf .venv
    "$found" -m venv .venv
    ;;
esac

echo "Installing the locked packages into .venv (a few minutes the first time)"
# pyspark comes as source: setuptools, with its hash from the lock, is there before it is built.
awk '/^setuptools==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements.lock >.venv/setuptools.lock
pip install --require-hashes --requirement .venv/setuptools.lock
pip install --require-hashes --no-build-isolation --requirement requirements.lock
pip install --no-deps --no-build-isolation --editable .
printf '%s\n' "$root" >.venv/.installed

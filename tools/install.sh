#!/bin/sh
# Installs the packages of a lock into .venv; `make` calls it when the lock or pyproject.toml is newer than the last installation.
#   sh tools/install.sh run    what `make run` needs
#   sh tools/install.sh all    also what tests, checks, benchmarks and JupyterLab need
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX
root=$(pwd -P)
python=.venv/bin/python
case $1 in
run) locks=requirements-run.lock stamps=.runnable ;;
all) locks="requirements-run.lock requirements.lock" stamps=".runnable .installed" ;;
esac

# Stamps hold the folder they were made in: a .venv that was moved or copied, or whose making was interrupted, does not fit.
is_usable() {
    [ "$(cat .venv/.runnable 2>/dev/null)" = "$root" ] && is_python "$python"
}

is_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

can_make_environments() {
    is_python "$1" && "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

has_uv() {
    uv --version >/dev/null 2>&1
}

make_environment() {
    rm -rf .venv
    if has_uv; then
        uv venv --quiet --no-project --python "${PYTHON:-3.11}" .venv && return
    else
        for candidate in "${PYTHON:-}" python3.11 python3 python; do
            if [ -n "$candidate" ] && can_make_environments "$candidate"; then
                "$candidate" -m venv .venv && return
            fi
        done
    fi
    echo "MetricCare needs Python 3.11 with its venv module and finds none: install python3.11" \
        "(on Debian and Ubuntu also python3.11-venv), or uv, which fetches one," \
        "or name one: make install PYTHON=FILE" >&2
    exit 1
}

# uv reads no pip.conf: what it says about the package index and the company's certificate goes on to uv.
pip_setting() {
    "$python" -m pip config list | sed -n "s/^[^ ]*\.$1='\(.*\)'$/\1/p" | tail -n 1
}

bootstrap_uv() {
    awk '/^uv==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements.lock >.venv/uv.lock
    "$python" -m pip --quiet --no-input --disable-pip-version-check install --require-hashes --requirement .venv/uv.lock
    index=$(pip_setting index.url)
    certificate=$(pip_setting cert)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "$certificate" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificate}"
}

# What builds pyspark, which comes as source, and this package has its hash in the lock too.
install() {
    uv pip install --python "$python" --build-constraints requirements.lock "$@"
}

is_usable || make_environment
rm -f .venv/.runnable .venv/.installed
has_uv || bootstrap_uv
PATH=$PATH:$root/.venv/bin
for lock in $locks; do
    echo "Installing the packages of $lock into .venv"
    # With all of them in uv's cache this takes two seconds, and no network.
    install --quiet --offline --require-hashes --requirement "$lock" 2>/dev/null ||
        install --require-hashes --requirement "$lock"
done
install --quiet --offline --no-deps --editable . 2>/dev/null || install --quiet --no-deps --editable .
for stamp in $stamps; do
    printf '%s\n' "$root" >".venv/$stamp"
done

#!/bin/sh
# Installs what tests/browser drives, Chromium and chromedriver, from the packages of Debian or Ubuntu (`make browser`).
set -eu

if command -v chromedriver >/dev/null; then
    echo "chromedriver is installed already: $(command -v chromedriver)"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "make browser installs with apt-get, which is not here: install Chromium and chromedriver yourself." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "make browser needs root or sudo to install packages." >&2; exit 1; }
    as_root=sudo
fi
install() {
    $as_root apt-get -qq update &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends chromium chromium-driver
}

echo "Installing the packages chromium and chromium-driver with ${as_root:+$as_root }apt-get"
said=$(install 2>&1) || { echo "$said" >&2; exit 1; }

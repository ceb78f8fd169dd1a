#!/bin/sh
# Installs packages of Debian or Ubuntu, unless the command they are wanted for is there.
#   sh tools/apt_install.sh COMMAND PACKAGE...
set -eu
command=$1
shift

if command -v "$command" >/dev/null; then
    echo "$command is installed already: $(command -v "$command")"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "This installs $* with apt-get, which is not here: install them yourself." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Installing $* needs root or sudo." >&2; exit 1; }
    as_root=sudo
fi
install() {
    $as_root apt-get -qq update &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends "$@"
}

echo "Installing with ${as_root:+$as_root }apt-get: $*"
said=$(install "$@" 2>&1) || { echo "$said" >&2; exit 1; }

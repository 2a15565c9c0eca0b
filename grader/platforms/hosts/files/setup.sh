#!/usr/bin/env bash
# Runs once, as root, while the image is made. `system` and `packages` need the network; `arrange` does not.
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=/opt/handgrad

fitting() { # a Python of 3.11 or newer
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

system() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y --no-install-recommends bubblewrap ca-certificates
    local version
    for version in 3.13 3.12 3.11; do # what this release has of them; an image of Python's own needs none
        fitting >/dev/null || apt-get install -y --no-install-recommends "python$version" "python$version-venv" || true
    done
    if ! fitting >/dev/null; then
        echo "Handgrad needs Python 3.11 or newer, and this system has none to install: choose a newer base image." >&2
        exit 1
    fi
}

packages() {
    "$(fitting)" -m venv "$home/python"
    "$home/python/bin/pip" install --no-cache-dir -r "$here/requirements.txt"
}

arrange() {
    "$home/python/bin/python" -m pip install --no-deps --no-index --no-cache-dir "$here"/handgrad-*.whl
    (cd / && HOME=/root "$home/python/bin/python" -s -P -m grader.platforms.hosts.arrange "$here" "$home")
    install -m 755 "$here/grade" "$here/doctor" "$home/"
}

for step in "${@:-system packages arrange}"; do
    for name in $step; do "$name"; done
done

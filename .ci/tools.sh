# Sourced by the scripts beside it, from the top of the repository: installs what they run, each thing once, at one
# version, below target/validators. Once it is there, nothing reaches the network.

# A folder is told by printing it, and what cannot be installed must end the script that asked.
shopt -s inherit_errexit

VALIDATORS="$PWD/target/validators"
CHECK_JSONSCHEMA_VERSION=0.39.0
PRE_COMMIT_VERSION=4.7.0
DUCKDB_VERSION=2.0.1
export PIP_DISABLE_PIP_VERSION_CHECK=1

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# Each in an environment of its own: they ask for different versions of the same packages. Prints where.
from_pypi() {
    local name="$1" version="$2" home="$VALIDATORS/$1-$2"
    if [[ ! -e $home/installed ]]; then
        rm -rf "$home"
        python3 -m venv "$home" >&2
        "$home/bin/pip" install --quiet "$name==$version" >&2
        touch "$home/installed"
    fi
    printf '%s\n' "$home"
}

# Runs no script of any package while it installs. Prints where.
from_npm() {
    local name="$1" version="$2" home="$VALIDATORS/${1##*/}-$2"
    if [[ ! -e $home/installed ]]; then
        rm -rf "$home"
        mkdir -p "$home"
        printf '{ "private": true }\n' >"$home/package.json"
        npm install --prefix "$home" --silent --no-fund --no-audit --ignore-scripts "$name@$version" >&2
        touch "$home/installed"
    fi
    printf '%s\n' "$home"
}

# Prints nothing; fails where the program is missing and cannot be installed.
from_debian() {
    local program="$1" package="$2" as_root=()
    command -v "$program" >/dev/null && return
    command -v apt-get >/dev/null || return
    [[ $EUID -eq 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get install --yes --quiet "$package" ||
        { "${as_root[@]}" apt-get update --quiet && "${as_root[@]}" apt-get install --yes --quiet "$package"; }; } \
        </dev/null >/dev/null 2>&1
    command -v "$program" >/dev/null
}

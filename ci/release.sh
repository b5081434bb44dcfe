#!/usr/bin/env bash
# Builds one kind of file that is released, and lays it into target/release-files/:
#   bash ci/release.sh program|wheel|deb TARGET
# The versions of the tools are fixed here; the release workflow calls it, and so can you.
set -euo pipefail
cd "$(dirname "$0")/.."

MATURIN_VERSION=1.16.0
CARGO_DEB_VERSION=3.7.0

kind="${1:?program, wheel or deb}"
target="${2:?the target, such as x86_64-unknown-linux-gnu}"
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
files="$PWD/target/release-files"
mkdir -p "$files"
suffix=""
[[ $target != *windows* ]] || suffix=.exe

build() {
    cargo build --locked --release --target "$target"
}

case "$kind" in
program)
    build
    scratch="$(mktemp -d)"
    trap 'rm -rf "$scratch"' EXIT
    cp "target/$target/release/tickmark$suffix" README.md CHANGELOG.md LICENSE* "$scratch"
    "$scratch/tickmark$suffix" --version
    # Completions and manuals where the program can write them.
    if "$scratch/tickmark$suffix" man "$scratch/man" >/dev/null 2>&1; then
        mkdir "$scratch/completions"
        for shell in bash elvish fish powershell zsh; do
            "$scratch/tickmark$suffix" completions "$shell" >"$scratch/completions/tickmark.$shell"
        done
    fi
    (cd "$scratch" && tar -czf "$files/tickmark-$version-$target.tar.gz" -- *)
    ;;
wheel)
    python3 -m venv target/maturin 2>/dev/null || python -m venv target/maturin
    tools=target/maturin/bin
    [[ -d $tools ]] || tools=target/maturin/Scripts
    "$tools/python" -m pip install --quiet --disable-pip-version-check "maturin==$MATURIN_VERSION"
    "$tools/maturin" build --locked --release --target "$target" --out "$files"
    ;;
deb)
    build
    cargo deb --version 2>/dev/null | grep -qx "$CARGO_DEB_VERSION" ||
        cargo install cargo-deb --version "$CARGO_DEB_VERSION" --locked --force --target-dir target/tools
    mkdir -p target/shipped
    "target/$target/release/tickmark" man target/shipped/man
    for shell in bash fish zsh; do
        "target/$target/release/tickmark" completions "$shell" >"target/shipped/tickmark.$shell"
    done
    cargo deb --locked --no-build --target "$target" --output "$files"
    ;;
*)
    printf 'there is no kind of file called %s\n' "$kind" >&2
    exit 2
    ;;
esac

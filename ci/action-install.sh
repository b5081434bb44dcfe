#!/usr/bin/env bash
# The first step of action.yml: gets the program, and says where it is. Everything that it is told comes in variables.
set -euo pipefail

stop() {
    printf '::error title=tickmark::%s\n' "$1"
    exit 2
}

folder="$RUNNER_TEMP/tickmark"
mkdir -p "$folder/bin"
suffix=""
[[ $RUNNER_OS != Windows ]] || suffix=.exe
program="$folder/bin/tickmark$suffix"

if [[ -z $TICKMARK_VERSION ]]; then
    command -v cargo >/dev/null || stop "There is no cargo here to build tickmark with. Name a release instead: version."
    # The commit of this action is what the workflow pins, so that is what is built, with the versions it was tested with.
    cd "$TICKMARK_SOURCE"
    toolchain="$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)"
    if command -v rustup >/dev/null; then
        rustup toolchain install "$toolchain" --profile minimal --no-self-update
        export RUSTUP_TOOLCHAIN="$toolchain"
    fi
    cargo install --locked --path . --root "$folder" --target-dir "$folder/target" --no-track --force
else
    [[ $TICKMARK_VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
        stop "The input version is no version, such as 0.1.0."
    [[ -n $TICKMARK_REPOSITORY ]] || stop "GitHub does not say where this action comes from. Leave the input version out."
    case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) target=x86_64-unknown-linux-gnu ;;
    Linux-ARM64) target=aarch64-unknown-linux-gnu ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ;;
    *) stop "There is no release for this kind of machine. Leave the input version out." ;;
    esac
    archive="tickmark-$TICKMARK_VERSION-$target.tar.gz"
    from="$TICKMARK_SERVER/$TICKMARK_REPOSITORY/releases/download/v$TICKMARK_VERSION"
    cd "$folder"
    for file in "$archive" SHA256SUMS; do
        curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$file" "$from/$file" ||
            stop "Release $TICKMARK_VERSION cannot be fetched. Look at the name of the version."
    done
    # A line for this very file has to be there, and what was fetched has to be what it names.
    grep -F "  $archive" SHA256SUMS >expected || stop "SHA256SUMS of release $TICKMARK_VERSION does not name $archive."
    if command -v sha256sum >/dev/null; then check=(sha256sum); else check=(shasum -a 256); fi
    "${check[@]}" -c expected >/dev/null || stop "$archive is not the file whose SHA-256 the release names."
    tar -xzf "$archive" -C "$folder/bin"
fi

"$program" --version
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"

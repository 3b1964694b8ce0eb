#!/bin/sh
# Installs a download of Rootstock for one user: unpacks it below ~/.local/share/rootstock and links ~/.local/bin/rootstock.
#   install.sh [ARCHIVE]      ARCHIVE: rootstock-VERSION-PLATFORM.tar.zst with its .sha256 [default: the one beside this script]
#   install.sh --service      also starts the services with the user's session, by systemd
#   install.sh --uninstall    removes the program; the data in ~/.rootstock stays
# A later version replaces an earlier one; the data stays, and `rootstock up` restarts services of the earlier version.
# ROOTSTOCK_PREFIX names another folder than ~/.local/share/rootstock, ROOTSTOCK_BIN another one than ~/.local/bin.
set -eu

prefix=${ROOTSTOCK_PREFIX:-${XDG_DATA_HOME:-$HOME/.local/share}/rootstock}
bin=${ROOTSTOCK_BIN:-$HOME/.local/bin}
unit=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/rootstock.service
here=$(dirname "$(readlink -f "$0")")

fail() {
    echo "error: $1" >&2
    echo "hint: $2" >&2
    exit 1
}

platform() {
    case $(uname -sm) in
        'Linux x86_64') echo linux-x86_64 ;;
        'Linux aarch64') echo linux-aarch64 ;;
        'Darwin arm64') echo macos-arm64 ;;
        *) fail "no download runs on $(uname -sm)" "use Linux x86_64, Linux aarch64 or macOS arm64" ;;
    esac
}

# The archive to install: the argument, else the only one beside this script.
archive() {
    if [ -n "${1:-}" ]; then
        [ -f "$1" ] || fail "$1 not found" "name a rootstock-VERSION-$(platform).tar.zst"
        readlink -f "$1"
        return
    fi
    set -- "$here"/rootstock-*-"$(platform)".tar.zst
    [ $# -eq 1 ] || fail "several archives in $here" "name one: install.sh ARCHIVE"
    [ -f "$1" ] || fail "no rootstock-VERSION-$(platform).tar.zst in $here" "name the archive: install.sh ARCHIVE"
    echo "$1"
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

check_libc() {
    [ "$(uname -s)" = Linux ] || return 0
    libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2) || libc=
    [ -n "$libc" ] || fail "this system has no glibc" "use a distribution with glibc 2.35 or later, such as Debian 12"
    case $libc in
        2.[0-9] | 2.[12][0-9] | 2.3[0-4] | 2.[0-9].* | 2.[12][0-9].* | 2.3[0-4].*)
            fail "glibc $libc is older than 2.35" "use Debian 12, Ubuntu 22.04, Fedora 36 or later" ;;
    esac
}

install() {
    file=$(archive "${1:-}")
    case $file in
        *-"$(platform)".tar.zst) ;;
        *) fail "$file is not for $(platform)" "choose the archive whose name ends with -$(platform).tar.zst" ;;
    esac
    check_libc
    command -v zstd >/dev/null || fail "zstd not found" "install it (Debian and Ubuntu: apt install zstd; Fedora: dnf install zstd)"
    [ -f "$file.sha256" ] || fail "$file.sha256 not found" "download it too: it holds the SHA-256 of the archive"
    read -r expected _ <"$file.sha256"
    actual=$(sha256 "$file")
    [ "$expected" = "$actual" ] || fail "$file has the SHA-256 $actual, not $expected" "download the archive again"

    name=$(basename "$file" .tar.zst)
    mkdir -p "$prefix/versions" "$bin"
    # What an interrupted installation left.
    rm -rf "$prefix"/versions/.partial.*
    partial=$prefix/versions/.partial.$$
    trap 'rm -rf "$partial"' EXIT
    trap 'exit 130' INT TERM
    mkdir "$partial"
    echo "unpacking $file"
    zstd -dc "$file" | tar -xf - -C "$partial"
    # tar's failure is visible; that of zstd before it is not: the archive's last file is then missing.
    [ -e "$partial/$name/version.properties" ] || fail "$file is incomplete" "download it again"
    "$partial/$name/bin/rootstock" --version || fail "the program does not start, see above" \
        "check that libstdc++ of GCC 12 or later is installed (Debian: apt install libstdc++6)"
    version=$prefix/versions/$name-$(printf %s "$expected" | cut -c 1-12)
    previous=$(readlink "$prefix/current" 2>/dev/null || true)
    rm -rf "$version"
    mv "$partial/$name" "$version"
    # One step: the link always names a complete version.
    ln -s "$version" "$prefix/.current.$$"
    mv -fT "$prefix/.current.$$" "$prefix/current" 2>/dev/null || mv -fh "$prefix/.current.$$" "$prefix/current"
    ln -sfn "$prefix/current/bin/rootstock" "$bin/rootstock"
    "$prefix/current/lib/train-aot-caches" || echo "warning: no AOT caches; the program starts slower" >&2
    # The version before stays: its services may be running.
    for old in "$prefix"/versions/*; do
        [ "$old" = "$version" ] || [ "$old" = "$previous" ] || rm -rf "$old"
    done
    echo "installed $version"
    case :$PATH: in
        *:"$bin":*) echo "try: rootstock demo" ;;
        *) echo "try: $bin/rootstock demo (add $bin to PATH)" ;;
    esac
}

service() {
    command -v systemctl >/dev/null || fail "systemctl not found" "start the services by: rootstock up"
    mkdir -p "$(dirname "$unit")"
    sed "s|%h/.local/share/rootstock|$prefix|g" "$prefix/current/systemd/user.service" >"$unit"
    systemctl --user daemon-reload
    systemctl --user enable --now rootstock.service
    echo "started by systemd; see: systemctl --user status rootstock"
}

uninstall() {
    if [ -e "$unit" ]; then
        systemctl --user disable --now rootstock.service || true
        rm -f "$unit"
        systemctl --user daemon-reload || true
    fi
    if [ -x "$prefix/current/bin/rootstock" ]; then
        "$prefix/current/bin/rootstock" down || fail "the services did not stop, see above" "stop them, then run this again"
    fi
    [ "$(readlink "$bin/rootstock" 2>/dev/null)" != "$prefix/current/bin/rootstock" ] || rm -f "$bin/rootstock"
    rm -rf "$prefix/versions" "$prefix/current"
    rmdir "$prefix" 2>/dev/null || true
    echo "removed; the data stays in ${ROOTSTOCK_HOME:-$HOME/.rootstock}"
}

case ${1:-} in
    --uninstall) uninstall ;;
    --service)
        install "${2:-}"
        service
        ;;
    --help | -h) sed -n '2,8s/^# \{0,1\}//p' "$0" ;;
    -*) fail "unknown option $1" "install.sh --help" ;;
    *) install "${1:-}" ;;
esac

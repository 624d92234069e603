# shellcheck shell=bash
# What ./start and ./test have in common: finding out what this machine lacks, and installing it. To be sourced.

# Nothing is to stay in the background once a command has ended, and the SDK runs without ICU on a bare machine.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# Debian keeps mkfs.ext4, losetup and iptables where other users' PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
is_root() { [[ $(id -u) == 0 ]]; }
has_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# Runs apt-get, and once more with a temporary directory of our own: the shared one has been seen to go away under apt
# while something else cleaned up.
apt_get() {
    local own
    local -a command=(apt-get -q -y -o DPkg::Lock::Timeout=120 "$@")
    export DEBIAN_FRONTEND=noninteractive
    "${command[@]}" && return
    own=$(mktemp -d /var/tmp/mooring-apt.XXXXXX)
    if TMPDIR=$own "${command[@]}"; then
        rm -rf "$own"
    else
        rm -rf "$own"
        return 1
    fi
}

# Those of the given Debian packages that are not installed, one a line.
missing_packages() {
    local name
    for name; do
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) != installed ]]; then
            echo "$name"
        fi
    done
}

is_available() { [[ $(apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [^\(] ]]; }

# Installs the given Debian packages as root; otherwise, or where one is not to be had, says what is missing.
install_packages() {
    local name
    local -a missing wanted=()
    has_apt || { say "this is not Debian or Ubuntu: please see to these yourself: $*"; return; }
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    is_root || { say "not root, so these stay missing: ${missing[*]}"; return; }

    say "installing ${missing[*]}"
    apt_get update >/dev/null || say "apt-get update failed; going on with the lists at hand"
    for name in "${missing[@]}"; do
        if is_available "$name"; then wanted+=("$name"); else say "this distribution does not have $name"; fi
    done
    ((${#wanted[@]})) || return 0
    apt_get install --no-install-recommends "${wanted[@]}" >/dev/null || fail "apt-get could not install ${wanted[*]}"
}

has_sdk() { command -v dotnet >/dev/null && [[ $(dotnet --list-sdks 2>/dev/null) =~ (^|$'\n')10\. ]]; }

# Makes sure that `dotnet` is the .NET 10 SDK and that programs built with it find its runtime.
require_dotnet() {
    has_sdk || PATH=${DOTNET_ROOT:-$HOME/.dotnet}:$PATH
    if ! has_sdk && is_root && has_apt; then
        apt_get update >/dev/null || true
        if is_available dotnet-sdk-10.0; then install_packages dotnet-sdk-10.0; fi
        hash -r
    fi
    if ! has_sdk; then
        cat >&2 <<'TEXT'
The .NET SDK 10 is missing, and this distribution has no package of it. Either of these gets it:

  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0     (into ~/.dotnet, for you alone)
  https://learn.microsoft.com/dotnet/core/install/linux                           (Microsoft's packages)
TEXT
        exit 1
    fi
    DOTNET_ROOT=$(dirname "$(realpath "$(command -v dotnet)")")
    export DOTNET_ROOT PATH
}

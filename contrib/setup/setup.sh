#!/usr/bin/env bash
# Brings the machine to where the build works: Swift is checked, libraries are installed where apt can do it.
# Says nothing when nothing is missing; may be run any number of times.
set -euo pipefail

readonly least_major=6 least_minor=2

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
  say "$@"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Whether pkg-config finds the library, with its headers.
has_library() { has pkg-config && pkg-config --exists "$1"; }

# The C++ library that Swift's own libraries and BoringSSL are linked with.
has_cxx() { [ "$(uname -s)" = Darwin ] || compgen -G '/usr/lib/gcc/*/*/libstdc++.*' >/dev/null; }

# One line for each thing that is missing: the Debian package that has it.
missing_packages() {
  has pkg-config || echo pkg-config
  has git || echo git
  has python3 || echo python3
  python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
  has_cxx || echo g++
  has ld.gold || has ld.lld || [ "$(uname -s)" = Darwin ] || echo binutils
  if has pkg-config; then
    has_library json-c || echo libjson-c-dev
    has_library sqlite3 || echo libsqlite3-dev
    has_library zlib || echo zlib1g-dev
  else
    printf '%s\n' libjson-c-dev libsqlite3-dev zlib1g-dev
  fi
}

# apt-get, as root, without questions.
apt() {
  local -a command=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@")
  [ "$(id -u)" -eq 0 ] || command=(sudo "${command[@]}")
  "${command[@]}" >&2
}

install_packages() {
  local list="$*"
  has apt-get || stop "missing: $list (Debian's names). This is not Debian: install them with your system's packages."
  if [ "$(id -u)" -ne 0 ] && ! has sudo; then
    stop "missing: $list. Run this as root: apt-get update && apt-get install -y $list"
  fi
  say "installing $list"
  apt update || say "the lists of packages could not be brought up to date; going on with those that are here"
  apt install -y --no-install-recommends "$@" || stop "apt could not install $list; its reason stands above"
}

check_swift() {
  has swift || stop "there is no 'swift' on the PATH. Install Swift $least_major.3: https://www.swift.org/install/linux"
  local version major minor
  # A shim of another toolchain may print more than one line; the first version counts.
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] || stop "'swift --version' does not say a version; is the toolchain whole?"
  major=${version%%.*}
  minor=${version#*.}
  if [ "$major" -lt "$least_major" ] || { [ "$major" -eq "$least_major" ] && [ "$minor" -lt "$least_minor" ]; }; then
    stop "Swift $version is too old: Belay needs $least_major.$least_minor or newer, and is tested with $least_major.3"
  fi
}

main() {
  local missing
  missing=$(missing_packages)
  # The names are words, one to a line.
  # shellcheck disable=SC2086
  [ -z "$missing" ] || install_packages $missing
  missing=$(missing_packages)
  [ -z "$missing" ] || stop "still missing after the installation: ${missing//$'\n'/ }"
  check_swift
}

main "$@"

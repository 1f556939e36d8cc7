#!/usr/bin/env bash
# What the language is measured against: Lua 5.4 through apt, both Starlarks from PyPI in .build-bench/venv. Silent when
# nothing is missing. The venv is made with Debian's own Python, which is one of those measured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

readonly folder=.build-bench wanted="starlark-pyo3==2026.1.3 starlark-go==1.0.1"

if ! command -v luac5.4 >/dev/null; then
  echo "Installing lua5.4." >&2
  install=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 install -y lua5.4)
  [ "$(id -u)" -eq 0 ] || install=(sudo "${install[@]}")
  "${install[@]}" >&2
fi
if [ "$(cat "$folder/installed.txt" 2>/dev/null)" = "$wanted" ] && "$folder/venv/bin/python" -c '' 2>/dev/null; then
  exit 0
fi
echo "Installing $wanted into $folder." >&2
rm -rf "$folder"
/usr/bin/python3 -m venv "$folder/venv"
# The names are words.
# shellcheck disable=SC2086
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet $wanted
printf '%s\n' "$wanted" >"$folder/installed.txt"

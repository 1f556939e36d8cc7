#!/usr/bin/env bash
# Makes a folder with an archive of each library that belay is linked with, and a json-c.pc that names the folder: the
# linker looks there first and takes them in, so that belay has next to nothing to load when it starts. To load and link
# them each time would be a good part of what a short command takes. What has no archive stays a shared library.
# Usage: archives.sh FOLDER
set -euo pipefail

folder=$1
mkdir -p "$folder"
compiler=$(command -v clang || command -v gcc || command -v cc)
for name in json-c sqlite3 z stdc++; do
  archive=$("$compiler" -print-file-name="lib$name.a")
  # Without a path: there is none.
  case $archive in */*) ln -sfn "$(readlink -f "$archive")" "$folder/lib$name.a" ;; esac
done
pc=$(pkg-config --variable=pcfiledir json-c)/json-c.pc
new=$(sed "s|^libdir=.*|libdir=$(readlink -f "$folder")|" "$pc")
# Only when it changes: all that uses it is built anew.
[ -f "$folder/json-c.pc" ] && [ "$new" = "$(<"$folder/json-c.pc")" ] || printf '%s\n' "$new" >"$folder/json-c.pc"

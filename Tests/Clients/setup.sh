#!/usr/bin/env bash
# Installs the provider's clients into .build-clients when they are missing or pinned otherwise; silent when not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly here=Tests/Clients folder=.build-clients
wanted=$(cat "$here/mainland.txt" "$here/international.txt")
if [ "$(cat "$folder/installed.txt" 2>/dev/null)" = "$wanted" ] && "$folder/venv/bin/python" -c '' 2>/dev/null; then
  exit 0
fi

echo "Installing the provider's clients into $folder."
rm -rf "$folder"
python3 -m venv "$folder/venv"
install=("$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps --no-compile)
"${install[@]}" --requirement "$here/mainland.txt"
"${install[@]}" --requirement "$here/international.txt" --target "$folder/international"
printf '%s\n' "$wanted" >"$folder/installed.txt"

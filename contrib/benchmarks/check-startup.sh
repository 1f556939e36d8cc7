#!/usr/bin/env bash
# How long `belay check` takes on a runbook of 200 lines with 19 calls, beside a process that does nothing, belay without
# a runbook, and Debian's own Python doing nothing; all in one run, in turn. Needs hyperfine (apt-get install hyperfine).
set -euo pipefail

belay=${1:-.build-release/release/belay}
case $belay in /*) ;; *) belay=$PWD/$belay ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v hyperfine >/dev/null || {
  echo "check-startup: hyperfine is missing: apt-get install hyperfine" >&2
  exit 1
}
[ -x "$belay" ] || {
  echo "check-startup: there is no $belay; 'make build' makes it" >&2
  exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 contrib/benchmarks/language/texts.py belay 190 >"$folder/check.belay"
# Without debugging information, as it is installed.
strip -o "$folder/belay" "$belay"
belay=$folder/belay

# One Python that is not a shim of another.
readonly python=/usr/bin/python3
for round in 1 2 3; do
  hyperfine -N --warmup 5 --runs "${RUNS:-40}" --style none --export-csv "$folder/$round.csv" \
    -n nothing /bin/true -n version "$belay --version" -n check "$belay check $folder/check.belay" \
    -n python "$python -c pass" >/dev/null
done

# command,mean,stddev,median,user,system,min,max in seconds; of each the least of the rounds
awk -F, -v python="$python -c pass" -v lines="$(wc -l <"$folder/check.belay")" '
  FNR > 1 {
    if (!($1 in median)) order[++count] = $1
    if (!($1 in median) || $4 * 1000 < median[$1]) median[$1] = $4 * 1000
    if (!($1 in least) || $7 * 1000 < least[$1]) least[$1] = $7 * 1000
  }
  END {
    label["nothing"] = "/bin/true"; label["version"] = "belay --version"; label["python"] = python
    label["check"] = "belay check, " lines " lines"
    printf "%-28s %10s %10s\n", "start-up, ms", "median", "least"
    for (i = 1; i <= count; i++) printf "%-28s %10.2f %10.2f\n", label[order[i]], median[order[i]], least[order[i]]
    printf "check / python: %.2f of the median, %.2f of the least (at most 0.5 is asked)\n",
      median["check"] / median["python"], least["check"] / least["python"]
  }' "$folder"/[123].csv
printf 'load while measuring: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime)"

#!/usr/bin/env bash
# How long `belay check` takes on the fleet runbook, beside the floor: a process that does nothing, and belay without a
# runbook. Needs hyperfine (apt-get install hyperfine).
set -euo pipefail

belay=${1:-.build-release/release/belay}
case $belay in /*) ;; *) belay=$PWD/$belay ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly runbook=runbooks/ecm/fleet/web_fleet.belay

command -v hyperfine >/dev/null || {
  echo "check-startup: hyperfine is missing: apt-get install hyperfine" >&2
  exit 1
}
[ -x "$belay" ] || {
  echo "check-startup: there is no $belay; 'make build' makes it" >&2
  exit 1
}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

hyperfine -N --warmup 5 --runs "${RUNS:-60}" --style none --export-csv "$results" \
  -n nothing /bin/true -n version "$belay --version" -n check "$belay check $runbook" >/dev/null

# command,mean,stddev,median,user,system,min,max in seconds
awk -F, '
  NR > 1 { median[$1] = $4 * 1000; least[$1] = $7 * 1000; most[$1] = $8 * 1000; order[++count] = $1 }
  END {
    label["nothing"] = "/bin/true"; label["version"] = "belay --version"; label["check"] = "belay check web_fleet.belay"
    printf "%-28s %10s %10s %10s\n", "start-up, ms", "median", "least", "most"
    for (i = 1; i <= count; i++) {
      name = order[i]
      printf "%-28s %10.2f %10.2f %10.2f\n", label[name], median[name], least[name], most[name]
    }
    printf "check / true: %.1f; check / version: %.2f; above --version: %.2f ms\n",
      median["check"] / median["nothing"], median["check"] / median["version"], median["check"] - median["version"]
  }' "$results"
printf 'load while measuring: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime)"

#!/usr/bin/env bash
# Builds Hive and runs every test, against real servers. Installs what is missing (Debian packages) and ends with one line:
#   N passed, N failed, N skipped
# Usage: ./test.sh [FILTER]   FILTER is passed to the test runner, such as FullyQualifiedName~Goals
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

need() { # command package
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing+=("$2")
}

missing=()
need nats-server nats-server
need python3 python3
need git git
need node nodejs
need npm npm
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
/usr/bin/python3 -c 'import jsonschema' >/dev/null 2>&1 || missing+=(python3-jsonschema)
/usr/bin/python3 -c 'import yaml' >/dev/null 2>&1 || missing+=(python3-yaml)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  export DEBIAN_FRONTEND=noninteractive
  if ! { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/hive-install.log 2>&1; then
    tail -n 20 /tmp/hive-install.log
    echo "could not install ${missing[*]}; install them by hand and start again"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
  fi
fi

if ! dotnet build Hive.sln -c Release -v quiet --nologo; then
  echo "the build failed"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
status=0
for project in tests/*.Tests; do
  name="$(basename "$project")"
  echo "== $name"
  dotnet test "$project/$name.csproj" -c Release --no-build --nologo -v quiet \
    --logger "console;verbosity=minimal" --logger "trx;LogFileName=$name.trx" --results-directory "$results" ${1:+--filter "$1"} || status=1
done

sum() { # attribute of the <Counters> element
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*>' | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'
}

total="$(sum total)"
passed="$(sum passed)"
failed="$(sum failed)"
[ "$total" -gt 0 ] || status=1
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $((total - passed - failed > 0 ? total - passed - failed : 0)) skipped"
exit "$status"

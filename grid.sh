#!/usr/bin/env bash
# The grid of docker-compose.yml on this machine without containers: NATS, PostgreSQL, a hub with its standby, and a silo of each tier.
#   ./grid.sh secrets   make the passwords in ./secrets, once
#   ./grid.sh start     build Hive, start everything, and say how to use it
#   ./grid.sh status    who is there
#   ./grid.sh stop      stop everything; goals stay, and go on at the next start
# HIVE_GRID_PORT is NATS's port (4222), HIVE_GRID_DATABASE_PORT PostgreSQL's (5442). Everything lies in .grid and ./secrets, or in the folder HIVE_GRID_FOLDER; nothing listens beyond this machine.
set -euo pipefail
cd "$(dirname "$0")"
home="${HIVE_GRID_FOLDER:-$PWD}"
grid="$home/.grid"
keys="$home/secrets"
port="${HIVE_GRID_PORT:-4222}"
database_port="${HIVE_GRID_DATABASE_PORT:-5442}"
export HIVE_NATS="nats://127.0.0.1:$port" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "grid.sh: $*" >&2; exit 1; }

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

secrets() {
  (
    umask 077
    mkdir -p "$keys"
    for name in hub silo client admin postgres; do
      [ -s "$keys/$name" ] || random >"$keys/$name"
    done
    for name in hub silo client admin; do
      echo "$(echo "$name" | tr '[:lower:]' '[:upper:]'): \"$(cat "$keys/$name")\""
    done >"$keys/passwords.conf"
  )
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_server() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

background() { # name command…
  local name="$1"
  shift
  nohup "$@" >"$grid/$name.log" 2>&1 </dev/null &
  echo $! >"$grid/$name.pid"
}

running() { [ -s "$grid/$1.pid" ] && kill -0 "$(cat "$grid/$1.pid")" 2>/dev/null; }

wait_for() { # what, then a command that succeeds once it is there
  local what="$1" tries=0
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "$what did not come up; see $grid/*.log"
    sleep 0.2
  done
}

hive() { dotnet Hive.Silo/bin/Release/net10.0/hive.dll "$@"; }

start_database() {
  local bin
  bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
  if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed: the hub keeps its goals in $grid/data, without a standby"
    return 1
  fi
  if [ ! -d "$grid/postgres/data" ]; then
    mkdir -p "$grid/postgres"
    cp "$keys/postgres" "$grid/postgres/password"
    if [ "$(id -u)" -eq 0 ]; then chown -R postgres "$grid/postgres"; chmod a+x "$home" "$grid"; fi
    as_server "$bin/initdb" -D "$grid/postgres/data" -U hive --auth=scram-sha-256 --pwfile="$grid/postgres/password" -E UTF8 --no-locale >"$grid/initdb.log" 2>&1 ||
      fail "initdb failed; see $grid/initdb.log"
    rm -f "$grid/postgres/password"
    echo "CREATE DATABASE hive" | as_server "$bin/postgres" --single -D "$grid/postgres/data" postgres >>"$grid/initdb.log" 2>&1
  fi
  if [ "$(id -u)" -eq 0 ]; then
    background postgres setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D "$grid/postgres/data" -p "$database_port" -k "$grid/postgres" -c listen_addresses=127.0.0.1
  else
    background postgres "$bin/postgres" -D "$grid/postgres/data" -p "$database_port" -k "$grid/postgres" -c listen_addresses=127.0.0.1
  fi
  wait_for PostgreSQL "$bin/pg_isready" -h 127.0.0.1 -p "$database_port"
}

start() {
  command -v nats-server >/dev/null || [ -x /usr/sbin/nats-server ] || fail "nats-server is not installed; on Debian:  apt-get install nats-server"
  ! running nats || fail "the grid runs already; ./grid.sh status"
  secrets
  mkdir -p "$grid"
  [ -n "${HIVE_GRID_BUILT:-}" ] || dotnet build Hive.Silo -c Release -v quiet --nologo || fail "the build failed"
  cp deploy/nats.conf "$grid/nats.conf"
  (umask 077 && cp "$keys/passwords.conf" "$grid/passwords.conf")
  HIVE_NATS_LISTEN="127.0.0.1:$port" PATH="$PATH:/usr/sbin" background nats nats-server -c "$grid/nats.conf"
  wait_for NATS grep -q "Server is ready" "$grid/nats.log"
  local hive=(dotnet "$PWD/Hive.Silo/bin/Release/net10.0/hive.dll")
  export HIVE_NATS_USER=hub HIVE_NATS_PASSWORD_FILE="$keys/hub" HIVE_DATABASE_PASSWORD_FILE="$keys/postgres"
  if start_database; then
    local database="postgres://hive@127.0.0.1:$database_port/hive"
    background hub "${hive[@]}" hub --name hub-a --database "$database" --standby
    background standby "${hive[@]}" hub --name hub-b --database "$database" --standby
  else
    background hub "${hive[@]}" hub --name hub-a --database "$grid/data"
  fi
  export HIVE_NATS_USER=silo HIVE_NATS_PASSWORD_FILE="$keys/silo"
  for tier in edge worker core; do
    background "$tier" "${hive[@]}" silo --name "$tier-1" --tier "$tier"
  done
  for tier in edge worker core; do
    HIVE_NAME="$tier-1" wait_for "silo $tier-1" "${hive[@]}" silo list --here
  done
  status
  cat <<TEXT

The grid is up. Use it as its client:
  export HIVE_NATS=$HIVE_NATS HIVE_NATS_USER=client HIVE_NATS_PASSWORD_FILE=$keys/client
  dotnet run --project Hive.Silo -c Release -- run examples/circle-packing.json
Stop it with  ./grid.sh stop
TEXT
}

status() {
  HIVE_NATS_USER=silo HIVE_NATS_PASSWORD_FILE="$keys/silo" hive silo list
}

stop() {
  for name in core worker edge standby hub nats postgres; do
    if running "$name"; then
      # What a script starts in the background ignores SIGINT; PostgreSQL does not, and takes it to mean "now".
      signal=TERM
      [ "$name" != postgres ] || signal=INT
      kill "-$signal" "$(cat "$grid/$name.pid")" 2>/dev/null || true
      for _ in $(seq 150); do running "$name" || break; sleep 0.1; done
      ! running "$name" || kill -KILL "$(cat "$grid/$name.pid")" 2>/dev/null || true
    fi
    rm -f "$grid/$name.pid"
  done
  echo "the grid is stopped; what it keeps lies in $grid and $keys"
}

case "${1:-}" in
  secrets) secrets ;;
  start) start ;;
  status) status ;;
  stop) stop ;;
  *)
    sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//'
    exit 2
    ;;
esac

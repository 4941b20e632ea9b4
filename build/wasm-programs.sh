#!/usr/bin/env bash
# Builds real programs twice, for WASI and for this machine, so that tests can compare what they print.
#   build/wasm-programs.sh DIRECTORY
# leaves NAME.wasm and NAME (native) in DIRECTORY for: json (cJSON's parser and printer), gzip (zlib's minigzip), lua (Lua 5.4).
# Sources are Debian's, fetched with apt-get; nothing third-party is kept in this repository. What is there already is not built again.
# Needs: clang, lld, wasi-libc, libclang-rt-14-dev-wasm32 (installed if this runs as root and they are missing).
# Exits 3, with the reason on standard error, when the toolchain or the sources cannot be had.
set -euo pipefail

target=${1:?give the directory to build in}
mkdir -p "$target/sources/lists/partial"
target=$(cd "$target" && pwd)
exec 9>"$target/lock"
flock 9

missing() { echo "wasm-programs: $1" >&2; exit 3; }

if [ -e "$target/json.wasm" ] && [ -e "$target/gzip.wasm" ] && [ -e "$target/lua.wasm" ]; then exit 0; fi

if ! { command -v clang && command -v wasm-ld && [ -e /usr/lib/wasm32-wasi/libc.a ]; } > /dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || missing "install clang, lld, wasi-libc and libclang-rt-14-dev-wasm32"
  { apt-get update && apt-get install -y --no-install-recommends clang lld wasi-libc libclang-rt-14-dev-wasm32 libc6-dev; } > "$target/install.log" 2>&1 \
    || missing "the toolchain does not install; see $target/install.log"
fi

cd "$target/sources"
# The sources come from where the machine's own packages come from: its lists, read as lists of sources.
mkdir -p parts
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -e "$list" ] && sed -n 's/^deb /deb-src /p' "$list" > "parts/$(basename "$list" .list).list"
done
for list in /etc/apt/sources.list.d/*.sources; do
  [ -e "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" > "parts/$(basename "$list")"
done
apt_options=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$PWD/parts" -o "Dir::State::Lists=$PWD/lists" -o APT::Sandbox::User=)
if ! ls cjson_*.orig.tar.* zlib_*.orig.tar.* lua5.4_*.orig.tar.* > /dev/null 2>&1; then
  { apt-get "${apt_options[@]}" update && apt-get "${apt_options[@]}" source --download-only cjson zlib lua5.4; } > "$target/fetch.log" 2>&1 \
    || missing "the sources cannot be fetched; see $target/fetch.log"
fi
for archive in *.orig.tar.*; do tar xf "$archive"; done

# build NAME SOURCE... -- FLAG...
build() {
  local name=$1; shift
  local files=() ; while [ "$1" != -- ]; do files+=("$1"); shift; done; shift
  clang --target=wasm32-wasi -O2 -w -o "$target/$name.wasm" "${files[@]}" "$@" -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS \
    -lwasi-emulated-signal -lwasi-emulated-process-clocks -Wl,-z,stack-size=1048576
  clang -O2 -w -o "$target/$name" "${files[@]}" "$@" -lm
}

build json cJSON-*/cJSON.c cJSON-*/fuzzing/afl.c --
zlib=$(echo zlib-*)
build gzip "$zlib"/{adler32,compress,crc32,deflate,gzclose,gzlib,gzread,gzwrite,infback,inffast,inflate,inftrees,trees,uncompr,zutil}.c "$zlib/test/minigzip.c" -- \
  -I"$zlib" -DHAVE_UNISTD_H -D_LARGEFILE64_SOURCE=0

# wasi-libc has no setjmp, and neither processes nor temporary files. Lua needs setjmp only to catch errors, so a build that stops at the first error needs none.
mkdir -p shim
cat > shim/setjmp.h <<'SHIM'
typedef int jmp_buf[1];
SHIM
cat > shim/lua-wasi.h <<'SHIM'
#define LUAI_THROW(L, c) __builtin_trap()
#define LUAI_TRY(L, c, a) { a }
#define luai_jmpbuf int
#define l_signalT int
#include <stdio.h>
#include <stdlib.h>
#define LUA_TMPNAMBUFSIZE 32
#define lua_tmpnam(name, failed) { failed = 1; }
#define system(command) (-1)
#define tmpfile() ((FILE *)0)
SHIM
lua=$(echo lua-5.4.*)
sources=(); for file in "$lua"/src/*.c; do case $file in */luac.c) ;; *) sources+=("$file") ;; esac; done
build lua "${sources[@]}" -- -I"$PWD/shim" -include "$PWD/shim/lua-wasi.h"

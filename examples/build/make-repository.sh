#!/bin/sh
# Makes the little git repository that examples/build.json changes: .hive/greeter, with one test that fails.
set -eu
cd "$(dirname "$0")/../.."
rm -rf .hive/greeter
mkdir -p .hive/greeter
cd .hive/greeter
git init -q -b main .
cat > greeter.py <<'PY'
def greet(name):
    return f"Hello, {name}"
PY
cat > test_greeter.py <<'PY'
import unittest
from greeter import greet


class GreeterTests(unittest.TestCase):
    def test_it_greets_by_name(self):
        self.assertEqual("Hello, Ada", greet("Ada"))

    def test_it_greets_whoever_has_no_name(self):
        self.assertEqual("Hello, friend", greet("  "))

    def test_it_can_shout(self):
        self.assertEqual("HELLO, ADA!", greet("Ada", shout=True))
PY
git add -A
git -c user.name=Example -c user.email=example@localhost -c commit.gpgsign=false commit -q -m "Greet by name"
echo "made $(pwd); now:  hive run examples/build.json"

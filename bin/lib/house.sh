# Shared by the scripts in bin/: they run from the repository's root, with our own Python and Node first on the path.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="$PWD/.venv/bin:$PATH"
# Where Python may not keep what it compiled, each desk that starts compiles all its libraries again: twice the time.
unset PYTHONDONTWRITEBYTECODE

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

# digest PATH…: one hash over the names and contents of the files below these paths.
digest() {
  find "$@" \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32
}

# done_before STAMP HASH: whether the work that wrote this stamp was done for the same input.
done_before() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# build_web: make src/balie/static from web/, unless it was made from the same sources and tools.
build_web() {
  local stamp=src/balie/static/.built hash
  hash=$(digest web requirements/build.txt)
  done_before "$stamp" "$hash" && return
  say "Building the web files"
  npm run --prefix web --silent build
  echo "$hash" >"$stamp"
}

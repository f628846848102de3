# What has to be on the machine, and how it gets there: sourced by dev.

node_oldest=18            # Debian 12's own
cmake_oldest=3.25
emcc_oldest=3.1.69        # the first with a usable --emit-tsd in Debian
debian_suite=trixie       # the Debian release whose Emscripten and Catch2 are new enough

# ------------------------------------------------------------------------------------------------- setup: system tools

# What each verb needs, as "<command, or file that must exist> <Debian package>".
needs_build="cmake cmake
ninja ninja-build
g++ g++
python3 python3
node nodejs
npm npm
/etc/ssl/certs/ca-certificates.crt ca-certificates"
needs_emscripten="/usr/lib/llvm-19/bin/clang clang-19
/usr/lib/llvm-19/bin/wasm-ld lld-19
/usr/lib/llvm-19/bin/llvm-ar llvm-19"
needs_test="/usr/include/nlohmann/json.hpp nlohmann-json3-dev
/usr/include/eigen3/Eigen/Core libeigen3-dev
clang++-19 clang-19
/usr/lib/llvm-19/lib/clang/19/lib/linux libclang-rt-19-dev
clang-tidy-19 clang-tidy-19
clang-format-19 clang-format-19
chromium chromium
chromium-headless-shell chromium-headless-shell
/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk"
needs_counts="valgrind valgrind"
needs_dist="firefox-esr firefox-esr"
needs_books="pandoc pandoc
weasyprint weasyprint
hugo hugo
sphinx-build python3-sphinx
/usr/bin/myst-docutils-html python3-myst-parser"
needs_bench="/usr/include/benchmark/benchmark.h libbenchmark-dev
/usr/include/nlohmann/json.hpp nlohmann-json3-dev
chromium chromium
chromium-headless-shell chromium-headless-shell"

is_debian() { command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; }

# usage: system_tools <needs>
system_tools() {
  missing=
  absent=
  while read -r probe package; do
    case $probe in
      /*) if [ -e "$probe" ] || ! is_debian; then continue; fi ;; # elsewhere CMake looks for it, and says so
      chromium*) if [ -n "${CHROMIUM:-}" ]; then continue; fi ;;
    esac
    command -v "$probe" >/dev/null 2>&1 || { missing="$missing $package" absent="$absent $probe"; }
  done <<NEEDS
$1
NEEDS
  if [ -z "$missing" ]; then return 0; fi
  is_debian || die "these commands are missing:$absent" \
    "This system has no apt-get, so they cannot be installed from here. Debian calls their packages:$missing" \
    "Install them with your system's package manager, then run the same command again."
  line="apt-get install --no-install-recommends$missing"
  [ "$(id -u)" -eq 0 ] || die "these Debian packages are missing:$missing" \
    "Install them as root, then run the same command again:" "  sudo $line"
  say "Installing Debian packages:$missing"
  advice="Is there a network, and do the machine's apt sources work? Try it by hand: apt-get update && $line"
  logged apt-update "$advice" apt-get update
  # shellcheck disable=SC2086  # a list of names
  logged apt-install "$advice" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

tool_versions() {
  version=$(node --version | first_version)
  at_least "$version" "$node_oldest" || die "node $version is too old: $node_oldest or newer is needed." \
    "Debian 12 has 18 (apt-get install nodejs npm). $(command -v node) comes first in PATH now."
  version=$(cmake --version | first_version)
  at_least "$version" "$cmake_oldest" || die "cmake $version is too old: $cmake_oldest or newer is needed." \
    "Debian 12 has 3.25 (apt-get install cmake). $(command -v cmake) comes first in PATH now."
}

# usage: npm_install [folder]
npm_install() { npm ci --prefer-offline --no-audit --no-fund --fetch-retry-maxtimeout 10000 --prefix "${1:-.}"; }

node_modules() {
  key=$({ cat package-lock.json .npmrc; node --version; } | checksum)
  if done_before node_modules "$key" && [ -d node_modules ]; then return 0; fi
  need_space 600 "installing the npm packages"
  say "Installing the npm packages of package-lock.json"
  logged npm "Is there a network? Run the same command again; what was downloaded is kept." npm_install
  mark_done node_modules "$key"
}

# ------------------------------------------------------------------------------------------- setup: newer Debian tools

# apt with its own sources, lists and cache, so that packages of a newer Debian never reach the system.
isolated_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$tool/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$tool/apt/lists" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$tool/apt/cache" -o APT::Sandbox::User= -o APT::Update::Error-Mode=any \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# Prints "<mirror> <keyring or ->" of this Debian, from whichever kind of apt source the machine has.
debian_mirror() {
  # shellcheck disable=SC1091
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [ -f "$file" ]; then printf '#file %s\n' "$file" && cat "$file" && printf '\n\n'; fi
  done | awk -v suite="$codename" '
    function stanza_end() {
      if (uri && on && (" " suites " ") ~ (" " suite " ") && types ~ /deb( |$)/ && !found) found = uri " " (key ? key : "-")
      uri = suites = types = key = ""; on = 1
    }
    BEGIN { on = 1 }
    /^#file/ || /^[ \t]*$/ { stanza_end(); next }
    /^#/ { next }
    $1 == "deb" {
      key = ""; line = $0
      if (match(line, /\[[^]]*\]/)) {
        options = substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
        if (match(options, /signed-by=[^ ]*/)) key = substr(options, RSTART + 10, RLENGTH - 10)
      }
      split(line, word)
      if (word[3] == suite && !found) found = word[2] " " (key ? key : "-")
      next
    }
    tolower($1) == "types:" { types = $0 }
    tolower($1) == "uris:" { uri = $2 }
    tolower($1) == "suites:" { suites = $0 }
    tolower($1) == "signed-by:" { key = $2 }
    tolower($1) == "enabled:" { on = tolower($2) != "no" }
    END { stanza_end(); print found }'
}

isolated_apt_update() {
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "no Debian mirror was found in this machine's apt sources (/etc/apt)." \
    "Install Emscripten $emcc_oldest or newer another way (emsdk), put emcc on PATH or set EMSDK, and run again."
  keyring=${mirror#* }
  case $keyring in
    /*) option="[signed-by=$keyring] " ;;
    *) option= ;;
  esac
  mkdir -p "$tool/apt/lists/partial" "$tool/apt/cache/archives/partial" "$tool/downloads"
  {
    printf 'deb %s%s %s main\n' "$option" "${mirror% *}" "$debian_suite"
    printf 'deb-src %s%s %s main\n' "$option" "${mirror% *}" "$debian_suite"
  } >"$tool/apt/sources.list"
  logged isolated-apt-update "Is there a network, and does this machine's Debian mirror have $debian_suite?" isolated_apt update
}

# The libraries for threads, position-independent code and link-time optimisation are 1.4 of its 1.6 GB.
unpack_emscripten() {
  rm -rf "$tool/unpack" "$tool/emscripten"
  mkdir -p "$tool/unpack"
  dpkg-deb --fsys-tarfile "$tool"/downloads/emscripten_*.deb |
    tar -x -C "$tool/unpack" --exclude '*/wasm32-emscripten/*pic' --exclude '*/wasm32-emscripten/lto' \
      --exclude '*-mt*.a' --exclude '*-ww*.a' --exclude '*/libwasmfs*.a' \
      --exclude './usr/share/emscripten/test' --exclude './usr/share/doc' ./usr/share
  mv "$tool/unpack/usr/share/emscripten" "$tool/emscripten"
  rm -rf "$tool/unpack"
}

isolated_emscripten() {
  key=$({ cat tools/emscripten/package-lock.json; say "$debian_suite $root"; sed -n '/^unpack_emscripten/,/^}/p' tools/dev/setup.sh; } | checksum)
  if done_before emscripten "$key" && [ -x "$tool/emscripten/em++" ]; then return 0; fi
  need_space 2000 "Emscripten"
  say "Installing Emscripten into .toolchain (Debian $debian_suite's package, 240 MB to download; the system stays as it is)"
  isolated_apt_update
  (cd "$tool/downloads" && logged emscripten-download \
    "Is there a network? Run the same command again; what was downloaded is kept." isolated_apt download emscripten)
  say "Unpacking it"
  logged emscripten-unpack "Remove .toolchain/downloads and run the same command again." unpack_emscripten
  say "Installing binaryen and acorn from npm beside it"
  mkdir -p "$tool/npm"
  cp tools/emscripten/package.json tools/emscripten/package-lock.json "$tool/npm/"
  logged emscripten-npm "Is there a network? Run the same command again." npm_install "$tool/npm"
  ln -sfn ../npm/node_modules "$tool/emscripten/node_modules"
  # Its scripts are CommonJS, whatever this project's package.json says of the files below it.
  say '{ "type": "commonjs" }' >"$tool/emscripten/package.json"
  # The package's own cache is complete, so it is frozen; --emit-tsd wants a tsc on PATH.
  cat >"$tool/emscripten/.emscripten" <<CONFIG
import os
os.environ['PATH'] += os.pathsep + '$root/node_modules/.bin'
LLVM_ROOT = '/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$tool/npm/node_modules/binaryen'
NODE_JS = '$(command -v node)'
FROZEN_CACHE = True
CONFIG
  logged emscripten-check "Remove .toolchain and run the same command again." "$tool/emscripten/emcc" --version
  mark_done emscripten "$key"
  rm -f "$tool"/downloads/emscripten_*.deb
}

# Sets emscripten_home to a usable Emscripten of the user's own: emcc on PATH, or emsdk's. Else to nothing.
find_emscripten() {
  emscripten_home=
  for candidate in "$(command -v emcc || :)" "${EMSDK:+$EMSDK/upstream/emscripten/emcc}"; do
    if [ -z "$candidate" ] || [ ! -x "$candidate" ]; then continue; fi
    version=$("$candidate" --version 2>/dev/null | first_version) || :
    if at_least "${version:-0}" "$emcc_oldest"; then
      emscripten_home=$("$(dirname "$candidate")/em-config" EMSCRIPTEN_ROOT)
      return 0
    fi
    say "Passing over $candidate: its version is ${version:-unknown}, $emcc_oldest or newer is needed."
  done
  is_debian || die "no Emscripten $emcc_oldest or newer was found." \
    "Install emsdk, then put its emcc on PATH or set EMSDK to its folder, and run the same command again."
}

# CMake reads from .toolchain/emscripten.cmake which Emscripten it is.
emscripten() {
  if [ -z "$emscripten_home" ]; then
    isolated_emscripten
    emscripten_home="$tool/emscripten"
  fi
  line="include(\"$emscripten_home/cmake/Modules/Platform/Emscripten.cmake\")"
  if [ "$(cat "$tool/emscripten.cmake" 2>/dev/null)" != "$line" ]; then
    mkdir -p "$tool"
    say "$line" >"$tool/emscripten.cmake"
    rm -rf build/wasm-simd build/wasm-scalar # configured for another Emscripten
  fi
}

# Catch2 3 as source, since it is also compiled to WebAssembly. Without apt, CMake fetches it by itself.
catch2() {
  if ! is_debian || [ -f "$tool/catch2/CMakeLists.txt" ]; then return 0; fi
  say "Getting the source of Catch2 3 (Debian $debian_suite's package)"
  isolated_apt_update
  (cd "$tool/downloads" && logged catch2-download "Is there a network? Run the same command again." \
    isolated_apt source --download-only catch2)
  rm -rf "$tool/unpack" "$tool/catch2"
  mkdir -p "$tool/unpack"
  tar -x -z -f "$(ls "$tool"/downloads/catch2_*.orig.tar.gz)" -C "$tool/unpack" --strip-components 1
  mv "$tool/unpack" "$tool/catch2"
  rm -f "$tool"/downloads/catch2_*
}

# usage: setup [verb]
setup() {
  needs=$needs_build
  case ${1:-all} in
    build | serve | dist) ;;
    test) needs="$needs
$needs_test
$needs_counts" ;;
    format | lint | screenshots) needs="$needs
$needs_test" ;;
    bench) needs="$needs
$needs_bench
$needs_counts" ;;
    all) needs="$needs
$needs_test
$needs_counts
$needs_bench" ;;
    *) die "setup: there is no verb '$1'" ;;
  esac
  find_emscripten
  if [ -z "$emscripten_home" ]; then needs="$needs
$needs_emscripten"; fi
  system_tools "$needs"
  tool_versions
  node_modules
  emscripten
  case ${1:-all} in test | all) catch2 ;; esac
}

# What only a part of the tests needs: what the package's users use, and generators of books.
# usage: npm_tools <folder of tests/>
npm_tools() {
  key=$({ cat "tests/$1/package-lock.json"; node --version; } | checksum)
  if done_before "npm_tools_$1" "$key" && [ -d "tests/$1/node_modules" ]; then return 0; fi
  need_space 200 "installing the npm packages of tests/$1"
  say "Installing the npm packages of tests/$1/package-lock.json"
  # Not npm ci: it refuses a lock file without the platforms that a registry lacks, though none of them is needed.
  # No scripts: none is needed either, and Debian's npm 9 stops in the middle of them.
  logged "npm-$1" "Is there a network? Run the same command again; what was downloaded is kept." \
    npm install --no-save --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-retry-maxtimeout 10000 --prefix "tests/$1"
  mark_done "npm_tools_$1" "$key"
}

nginx_program() { command -v nginx || say "$tool/nginx/usr/sbin/nginx"; }

# A server to test the site on. Unpacked, not installed: Debian's package would also start it.
nginx_to_test() {
  if [ -x "$(nginx_program)" ]; then return 0; fi
  is_debian || die "nginx is missing, on which the site is tested." "Install it with your system's package manager."
  say "Getting nginx into .toolchain (Debian's package; it is not installed)"
  mkdir -p "$tool/downloads"
  (cd "$tool/downloads" && logged nginx-download "Is there a network, and do the machine's apt sources work?" \
    sh -c 'apt-get -q download nginx || { apt-get -q update && apt-get -q download nginx; }')
  rm -rf "$tool/nginx"
  dpkg-deb -x "$tool"/downloads/nginx_*.deb "$tool/nginx"
  rm -f "$tool"/downloads/nginx_*
}

# What only some parts of the tests need is got ahead of them.
# usage: tools_for <part ...>
tools_for() {
  for part_of_tests in "$@"; do
    case $part_of_tests in
      dist)
        if [ -z "${FIREFOX:-}" ]; then system_tools "$needs_dist"; fi
        npm_tools dist && nginx_to_test || return 1
        ;;
      books)
        system_tools "$needs_books"
        npm_tools books || return 1
        ;;
    esac
  done
}

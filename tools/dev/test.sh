# The parts of the tests, and their summary: sourced by dev.

# The runners' own closing lines, which a part of the tests must have printed, and what of its output is only noise.
lines_ctest='^[0-9]+(% tests| test cases) passed'
lines_catch='^All tests passed'
lines_node='^(ℹ|#) (tests|pass|fail|cancelled|skipped|todo) [0-9]+'
lines_playwright='^ +[0-9]+ (passed|failed|flaky|skipped|did not run)'
lines_own='^(tsc|clang-tidy|clang-format|prettier|instructions): '
noise='^ *Start |   Passed  '

# What failed, as the runners name it: so that the end of the output says it all.
failures='^ +[0-9]+\) .* › |^ *([A-Za-z]*Error:|Test timeout of |Expected|Received)|^✖ .*\(|\((Failed|Timeout)\)|: FAILED|[: ]error: |^\[warn\]'

summary=
passed=0
failed=0

# (Called in a condition, a function goes on after a failure whatever `set -e` says: so those below chain with &&.)
# Runs a part of the tests, shows its output, and keeps the runner's closing lines. It fails if there are none.
# usage: part <label> <name> <closing lines> <command ...>
part() {
  label=$1 report="$logs/test-$2.log" status="$logs/test-$2.status" closing=$3
  shift 3
  step "$label"
  started=$(date +%s)
  mkdir -p "$logs"
  rm -f "$status"
  { "$@" && say passed >"$status"; } 2>&1 | tee "$report" | grep -v -E "$noise" || :
  lines=$(grep -E "$closing" "$report" | tail -n 6) || :
  if [ -f "$status" ] && [ -n "$lines" ]; then
    passed=$((passed + 1)) outcome=passed
  else
    failed=$((failed + 1)) outcome="FAILED (the whole output is in $report)"
    lines=$(grep -E "$failures" "$report" | grep -v '✓' | head -n 30; say "$lines")
  fi
  summary="$summary
$label: $outcome, $(($(date +%s) - started)) s
${lines:-it printed no summary}
"
}

# Once in a run, though parts are processes of their own: each would ask CMake and bundle again.
page_as_it_is() {
  [ -f "$logs/page.done" ] || { build_page && : >"$logs/page.done"; }
}

# The same of the distribution, which is built again only when something in it has changed.
dist_as_it_is() {
  page_as_it_is || return 1
  if [ -f build/dist.done ] && [ -z "$(find web tools docs package.json package-lock.json ./*.md LICENSE -newer build/dist.done)" ]; then
    return 0
  fi
  pack
}

under_way= # what runs ahead, as " <name>:<process>"

# Starts what a later part is to show, beside the parts until then: a download waits for the network, a WebAssembly program
# runs on one processor.
# usage: ahead <name> <command ...>
ahead() {
  case "$under_way " in *" $1:"*) return 0 ;; esac
  ahead=$logs/ahead-$1 ahead_name=$1
  shift
  mkdir -p "$logs"
  rm -f "$ahead.status"
  {
    if ("$@") >"$ahead.log" 2>&1; then result=0; else result=1; fi
    say "$result" >"$ahead.status"
  } &
  under_way="$under_way $ahead_name:$!"
  trap stop_what_runs_ahead EXIT
  trap 'exit 130' INT HUP TERM # of which a shell may die without its EXIT trap
}

stop_what_runs_ahead() {
  for item in $under_way; do
    [ -f "$logs/ahead-${item%:*}.status" ] || stop "${item#*:}"
  done
}

# usage: caught_up <name>
caught_up() {
  process=${under_way##* "$1":}
  ticks=0
  while [ ! -f "$logs/ahead-$1.status" ] && kill -0 "${process%% *}" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ $((ticks % 50)) -eq 0 ]; then printf '   %4d s  waiting for %s\n' $((ticks / 5)) "$1"; fi
  done
  cat "$logs/ahead-$1.log"
  return "$(cat "$logs/ahead-$1.status")"
}

# CTest counts processes, and has their output in a log, with the closing lines of Catch2, which count tests.
test_core() {
  compile "$1" all && UBSAN_OPTIONS=print_stacktrace=1 ctest --preset "$1" &&
    awk '/^All tests passed \(/ { cases += $(NF - 2) } END { print cases + 0 " test cases passed"; exit cases == 0 }' \
      "build/$1/Testing/Temporary/LastTest.log"
}

# In one process: to start Node for each test takes longer than the tests.
test_wasm() {
  compile "$1" all && node "build/$1/tests/core/linreg_tests.cjs" --colour-mode none
}

# What uses the kernels, with every load and store of the module checked.
test_safe_heap() {
  compile "$1" linreg_tests_safe_heap &&
    node "build/$1/tests/core/linreg_tests_safe_heap.cjs" --colour-mode none "[kernels],[generator],[data_loader],[trainer]"
}

test_engine() {
  page_as_it_is || return 1
  files=$(find tests -name node_modules -prune -o -name '*.test.js' -print)
  [ -n "$files" ] || die "there is no *.test.js below tests/"
  # shellcheck disable=SC2086  # a list of files
  node --test --test-reporter=spec $files
}

test_types() {
  page_as_it_is || return 1
  printf '%s\n' tsconfig.json tools bench | xargs -P "${JOBS:-$(nproc)}" -n 1 node_modules/.bin/tsc -p &&
    say "tsc: no errors in $(node_modules/.bin/tsc -p tsconfig.json --listFilesOnly | grep -c "^$root/web/src/") modules"
}

# Chromium without its window, whose buttons are pages of their own by now and take half of the time; and with it.
browsers() {
  LINREG_CHROMIUM=${CHROMIUM:-$(command -v chromium-headless-shell)} LINREG_WHOLE_CHROMIUM=${CHROMIUM:-$(command -v chromium)}
  export LINREG_CHROMIUM LINREG_WHOLE_CHROMIUM
}

test_page() {
  page_as_it_is || return 1
  browsers
  LINREG_TEST_PORT=$(node tools/free-port.mjs 8931)
  export LINREG_TEST_PORT
  # Last, and one by one, those that say how long something takes.
  node_modules/.bin/playwright test --grep-invert @alone
  others=$?
  node_modules/.bin/playwright test --grep @alone --workers 1 && [ "$others" -eq 0 ]
}

test_dist() {
  caught_up tools && dist_as_it_is || return 1
  browsers
  LINREG_NGINX=$(nginx_program) LINREG_FIREFOX=${FIREFOX:-$(command -v firefox-esr)} node_modules/.bin/playwright test -c tests/dist
}

# Books that their own generators build, with a lab in them.
test_books() {
  caught_up tools && dist_as_it_is || return 1
  browsers
  node_modules/.bin/playwright test -c tests/books
}

test_parts='format native wasm safe-heap instructions engine types web dist books lint' # in this order

# usage: run_tests [part ...]
run_tests() {
  tests=ON
  rm -f "$logs/page.done"
  # shellcheck disable=SC2086 # words
  if [ $# -eq 0 ]; then set -- $test_parts; fi
  ahead tools tools_for "$@"
  for name in "$@"; do
    case $name in
      format) part "Formatting" format "$lines_own" format --check ;;
      native)
        part "Catch2, native, g++" release "$lines_ctest" test_core release
        part "Catch2, native, clang" release-clang "$lines_ctest" test_core release-clang
        part "Catch2, native, clang with ASan and UBSan" asan "$lines_ctest" test_core asan
        ;;
      wasm)
        ahead wasm-scalar test_wasm wasm-scalar
        part "Catch2, WebAssembly with SIMD in Node" wasm-simd "$lines_catch" test_wasm wasm-simd
        part "Catch2, WebAssembly without SIMD in Node" wasm-scalar "$lines_catch" caught_up wasm-scalar
        ;;
      safe-heap)
        ahead safe-heap-scalar test_safe_heap wasm-scalar
        part "Catch2, WebAssembly with SIMD, SAFE_HEAP" safe-heap-simd "$lines_catch" test_safe_heap wasm-simd
        part "Catch2, WebAssembly without SIMD, SAFE_HEAP" safe-heap-scalar "$lines_catch" caught_up safe-heap-scalar
        ;;
      instructions) part "Instruction counts by callgrind" instructions "$lines_own" instructions ;;
      engine) part "Engine and modules in Node" engine "$lines_node" test_engine ;;
      types) part "Types" types "$lines_own" test_types ;;
      web) part "Page in Chromium" page "$lines_playwright" test_page ;;
      dist) part "Distribution" dist "$lines_playwright" test_dist ;;
      books)
        case " $* " in *" lint "*) ahead lint lint ;; esac # books wait for one of their generators
        part "Books" books "$lines_playwright" test_books
        ;;
      lint)
        ahead lint lint # if it was not begun with the books
        part "Lint" lint "$lines_own" caught_up lint
        ;;
      *) die "test: there is no part '$name'" "The parts are: $test_parts" ;;
    esac
  done
  step "Summary"
  say "$summary"
  printf 'parts: %s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

# shellcheck shell=bash
# Fuzzes what reads the bytes of strangers: each entry of Tests/Fuzz is a program of its own around libFuzzer, which is
# in the Swift toolchain. The package does not know them: SwiftPM links a main of its own into each program.

FUZZ_DIRECTORY=.build-fuzz
# What the entries import, each after what it imports itself.
FUZZ_MODULES=(Identity Wire Addresses Media Canonical Dialects)
# As in Package.swift, and optimized with every check kept.
FUZZ_FLAGS=(
    -swift-version 6 -package-name llm-gateway -parse-as-library -O -assert-config Debug -whole-module-optimization
    -sanitize=fuzzer -strict-memory-safety -warnings-as-errors -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature NonisolatedNonsendingByDefault -I "$FUZZ_DIRECTORY" -L "$FUZZ_DIRECTORY"
)

# fuzz_entries [NAME] sets ENTRIES to that entry, or to all.
fuzz_entries() {
    local known
    mapfile -t known < <(basename -s .swift -a Tests/Fuzz/*.swift)
    ENTRIES=("${known[@]}")
    [[ -n ${1:-} ]] || return 0
    [[ -f Tests/Fuzz/$1.swift ]] || die "no fuzz entry '$1'; there are: ${known[*]}"
    ENTRIES=("$1")
}

fuzz_compile() {
    run_build "$WORK/fuzz-build.log" swiftc "${FUZZ_FLAGS[@]}" "$@" || explain_failed_build "$WORK/fuzz-build.log"
}

# Everything that the programs are made of, as one hash.
fuzz_fingerprint() {
    {
        command -v swiftc
        printf '%s\n' "${FUZZ_FLAGS[@]}"
        find "${FUZZ_MODULES[@]/#/Sources/Shared/}" Tests/Fuzz -type f -not -path '*/Corpus/*' \
            -printf '%p %s %T@\n' | LC_ALL=C sort
    } | sha256sum | cut -d' ' -f1
}

# build_fuzz_entries NAME... does nothing when nothing changed since the last time.
build_fuzz_entries() {
    local stamp=$FUZZ_DIRECTORY/built fingerprint module entry libraries=() sources
    fingerprint=$(fuzz_fingerprint)
    mkdir -p "$FUZZ_DIRECTORY"
    if [[ ! -f $stamp || $(<"$stamp") != "$fingerprint" ]]; then
        step "building the fuzzed modules, about 1 minute"
        rm -f "$stamp" "$FUZZ_DIRECTORY"/*.fuzz
        for module in "${FUZZ_MODULES[@]}"; do
            mapfile -t sources < <(find "Sources/Shared/$module" -name '*.swift' | LC_ALL=C sort)
            fuzz_compile -emit-module -emit-library -static -module-name "$module" \
                -emit-module-path "$FUZZ_DIRECTORY/$module.swiftmodule" -o "$FUZZ_DIRECTORY/lib$module.a" "${sources[@]}"
        done
        printf '%s' "$fingerprint" >"$stamp"
    fi
    for module in "${FUZZ_MODULES[@]}"; do libraries=("-l$module" "${libraries[@]}"); done
    for entry; do
        [[ ! -x $FUZZ_DIRECTORY/$entry.fuzz ]] || continue
        fuzz_compile -module-name Fuzz -o "$FUZZ_DIRECTORY/$entry.fuzz" "Tests/Fuzz/$entry.swift" \
            Tests/Fuzz/Support/*.swift "${libraries[@]}"
    done
}

# fuzz_words CORPUS FILE writes the quoted words of a corpus as a dictionary, for changes of bytes to try whole names.
fuzz_words() {
    { LC_ALL=C grep -aohE '"[A-Za-z0-9_./-]{1,40}"' -r "$1" || true; } | LC_ALL=C sort -u |
        sed 's/"/\\"/g; s/.*/"&"/' >"$2"
}

# run_fuzz [NAME] runs one entry or all, ROUTER_FUZZ_SECONDS each; what crashes one stays in .build-fuzz/found.
run_fuzz() {
    local seconds=${ROUTER_FUZZ_SECONDS:-60} entry log found status words
    fuzz_entries "${1:-}"
    [[ $seconds =~ ^[1-9][0-9]*$ ]] || die "ROUTER_FUZZ_SECONDS must be a whole number of seconds, not '$seconds'"
    build_fuzz_entries "${ENTRIES[@]}"
    step "fuzzing, $seconds s for each of ${#ENTRIES[@]}"
    for entry in "${ENTRIES[@]}"; do
        log=$WORK/fuzz-$entry.log found=$FUZZ_DIRECTORY/found/$entry status=0
        mkdir -p "$found" "$WORK/corpus-$entry"
        fuzz_words "Tests/Fuzz/Corpus/$entry" "$WORK/fuzz-$entry.dict"
        # libFuzzer refuses an empty dictionary.
        words=()
        [[ ! -s $WORK/fuzz-$entry.dict ]] || words=("-dict=$WORK/fuzz-$entry.dict")
        # New inputs go to the first directory; the committed ones are only read.
        SWIFT_BACKTRACE=enable=no "$FUZZ_DIRECTORY/$entry.fuzz" -max_total_time="$seconds" -max_len=65536 -timeout=5 \
            -rss_limit_mb=2048 -print_final_stats=1 "${words[@]}" -artifact_prefix="$found/" \
            "$WORK/corpus-$entry" "Tests/Fuzz/Corpus/$entry" </dev/null 9>&- >"$log" 2>&1 || status=$?
        if ((status == 0)); then
            PASSED=$((PASSED + 1))
            step "  $entry: $(sed -n 's/^stat::average_exec_per_sec: *//p' "$log") inputs per second"
        else
            FAILED=$((FAILED + 1))
            # shellcheck disable=SC2016  # $s begins every Swift symbol
            grep -E 'Fatal error|ERROR: libFuzzer|^ +#[0-9]+ .* in \$s|Test unit written' "$log" | head -n 20 || true
            BROKEN+=("fuzzing $entry ended with status $status: $(sed -n 's/.*Test unit written to //p' "$log") (see $log)")
        fi
    done
    step "fuzzing: $PASSED passed, $FAILED failed so far"
}

# shellcheck shell=bash
# Builds what the gateway consists of, only when something changed, and says how it goes.

# Everything that a build reads, as one hash: names, sizes and times, and which compiler.
source_fingerprint() {
    {
        command -v swift
        find Sources Tests Package.swift -type f -printf '%p %s %T@\n' | LC_ALL=C sort
    } | sha256sum | cut -d' ' -f1
}

check_toolchain() {
    command -v swift >/dev/null ||
        die "no Swift toolchain on PATH: install Swift 6.3 from swift.org and put its usr/bin on PATH"
}

# check_space DIRECTORY MEBIBYTES WHAT
check_space() {
    local free
    free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) || die "not enough disk space: $1 has $free MiB free, and $3 needs $2 MiB"
}

# run_build LOG SWIFT-ARGUMENTS... runs a long command quietly and prints its last line every 20 seconds.
run_build() {
    local log=$1
    shift
    "$@" >>"$log" 2>&1 </dev/null 9>&- &
    local build=$! told=$SECONDS last
    while kill -0 "$build" 2>/dev/null; do
        sleep 0.5
        if ((SECONDS - told >= 20)); then
            told=$SECONDS
            last=$(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)
            step "  … $last"
        fi
    done
    wait "$build"
}

# Release programs carry Swift's own libraries: they run where no Swift is installed, and calls into the run-time go
# through no table, which is about a twentieth of the CPU time of a request. Optimising across all modules, not only
# where a module offers it, is another twentieth.
RELEASE_FLAGS=(--static-swift-stdlib -Xswiftc -cross-module-optimization)

# configuration_flags CONFIGURATION sets FLAGS to what swift build wants besides it.
configuration_flags() {
    FLAGS=()
    if [[ $1 == release ]]; then FLAGS=("${RELEASE_FLAGS[@]}"); fi
}

# build_products CONFIGURATION LOG PRODUCT...
build_products() {
    local configuration=$1 log=$2
    shift 2
    local stamp=.build/$configuration.built fingerprint product
    fingerprint="$(source_fingerprint) $*"
    local all_there=yes
    for product; do [[ -x .build/$configuration/$product ]] || all_there=no; done
    if [[ $all_there == yes && -f $stamp && $(<"$stamp") == "$fingerprint" ]]; then
        return 0
    fi
    check_toolchain
    if [[ $all_there == yes ]]; then
        step "building what changed ($configuration), about 1 to 5 minutes on 2 cores"
    else
        check_space . 4096 "the build"
        step "building $* ($configuration), the first time about 10 minutes on 2 cores; log: $log"
    fi
    : >"$log"
    configuration_flags "$configuration"
    for product; do
        if ! run_build "$log" swift build -c "$configuration" "${FLAGS[@]}" --product "$product"; then
            explain_failed_build "$log"
        fi
    done
    printf '%s' "$fingerprint" >"$stamp"
    step "built"
}

explain_failed_build() {
    local log=$1
    if grep -qiE 'could not resolve host|failed to (clone|fetch)|unable to access' "$log"; then
        die "no network for the Swift packages (see $log)"
    fi
    if grep -qiE 'no space left on device' "$log"; then
        die "the disk filled up during the build (see $log)"
    fi
    grep -E 'error:' "$log" | sort -u | head -n 20 >&2 || true
    die "the build failed (see $log)"
}

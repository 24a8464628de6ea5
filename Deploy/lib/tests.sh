# shellcheck shell=bash
# Runs parts of the test suite and adds up what passed and what failed.

PASSED=0
FAILED=0
BROKEN=()

# count_results NAME STATUS FILE... adds up JUnit files; a part that broke without saying which test failed
# counts as one failure.
count_results() {
    local name=$1 status=$2 file suite tests failures errors skipped bad=0 seen=no
    shift 2
    for file; do
        [[ -s $file ]] || continue
        while read -r suite; do
            seen=yes
            tests=$(attribute "$suite" tests) failures=$(attribute "$suite" failures)
            errors=$(attribute "$suite" errors) skipped=$(attribute "$suite" skipped)
            PASSED=$((PASSED + tests - failures - errors - skipped))
            bad=$((bad + failures + errors))
        done < <(grep -o '<testsuite [^>]*>' "$file")
    done
    FAILED=$((FAILED + bad))
    if [[ $seen == no ]] || ((status != 0 && bad == 0)); then
        FAILED=$((FAILED + 1))
        BROKEN+=("$name ended with status $status without naming a failed test")
    fi
}

attribute() {
    local value
    value=$(sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" <<<" $1")
    printf '%s' "${value:-0}"
}

# The Swift suites. run_swift NAME SCRATCH SWIFT-TEST-ARGUMENTS...
run_swift() {
    local name=$1 scratch=$2 results status=0
    shift 2
    results=$WORK/$name.xml
    # Left alone, all cases of a suite run at once: five hundred gateways are more threads than a sanitizer bears.
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=16 \
        swift test --scratch-path "$scratch" --disable-xctest --parallel --xunit-output "$results" "$@" </dev/null 9>&- \
        >"$WORK/$name.log" 2>&1 || status=$?
    # What passed is not shown; what failed is, and the last lines when the process died of it.
    grep -E '^✘|Sanitizer|^#[0-9]+ 0x|[Ee]rror:|Fatal' "$WORK/$name.log" | head -n 200 || true
    if ((status > 1)); then tail -n 40 "$WORK/$name.log"; fi
    count_results "$name" "$status" "$results" "${results%.xml}-swift-testing.xml"
}

# A private Python with the pinned packages of Tests/EndToEnd/requirements.txt; made once per list.
prepare_python() {
    VENV=$ROOT/.build/venv
    local list=Tests/EndToEnd/requirements.txt python=/usr/bin/python3
    if [[ -f $VENV/installed ]] && cmp -s "$list" "$VENV/installed"; then return 0; fi
    step "Python packages for the end-to-end tests, about a minute"
    rm -rf "$VENV"
    "$python" -m venv "$VENV" >"$WORK/venv.log" 2>&1 || die "no Python environment: $(tail -n 1 "$WORK/venv.log")"
    if ! "$VENV/bin/pip" install --disable-pip-version-check --no-input -q -r "$list" >>"$WORK/venv.log" 2>&1; then
        local why
        why=$(grep -E '^ERROR' "$WORK/venv.log" | tail -n 1)
        rm -rf "$VENV"
        die "PyPI packages could not be installed: ${why:-see the network}"
    fi
    cp "$list" "$VENV/installed"
}

# The end-to-end suite. run_end_to_end PYTEST-ARGUMENTS...
run_end_to_end() {
    local results=$WORK/end-to-end.xml status=0
    prepare_python
    ROUTER_CONFIGURATION=$CONFIGURATION PYTHONDONTWRITEBYTECODE=1 "$VENV/bin/python" -m pytest \
        -c Tests/EndToEnd/pytest.ini --rootdir Tests/EndToEnd --junitxml "$results" "$@" </dev/null 9>&- || status=$?
    count_results end-to-end "$status" "$results"
}

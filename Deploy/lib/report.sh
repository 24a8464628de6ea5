# shellcheck shell=bash
# How the scripts of Deploy/ speak: progress and problems go to standard error, so that standard output holds
# results only. A problem is one line, and the last one.

PROGRAM=Deploy/$(basename "$0")
STARTED_AT=$SECONDS

say() { printf '%s\n' "$*" >&2; }

# A step of the work, with the seconds since the start.
step() { printf '[%4ds] %s\n' "$((SECONDS - STARTED_AT))" "$*" >&2; }

die() {
    printf '%s: %s\n' "$PROGRAM" "$*" >&2
    exit 1
}

# Polls a command until it succeeds: wait_until SECONDS COMMAND...
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

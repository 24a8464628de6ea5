# shellcheck shell=bash
# Background programs: each has NAME.pid (pid, start time in the kernel's ticks, and a hash of what it was
# started with) in $RUN/pids and a log in $RUN/log. A pid is trusted only with its start time, so that a
# number that was given to another program is never killed.

STARTED_HERE=()

process_start_time() {
    # The name in field 2 may hold spaces and parentheses; what follows the last one is regular.
    local line fields
    { line=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    read -ra fields <<<"${line##*) }"
    [[ ${fields[0]} != Z ]] || return 1
    printf '%s' "${fields[19]}"
}

# Prints the pid of the running daemon NAME; fails when there is none.
daemon_pid() {
    local file=$RUN/pids/$1.pid pid start
    [[ -f $file ]] || return 1
    read -r pid start _ <"$file" || return 1
    [[ -n $pid && $(process_start_time "$pid") == "$start" ]] || return 1
    printf '%s' "$pid"
}

daemon_hash() {
    local file=$RUN/pids/$1.pid hash
    [[ -f $file ]] && read -r _ _ hash <"$file" && printf '%s' "$hash"
}

# daemon_listens NAME VARIABLE: whether the running daemon has the port that the variable holds.
daemon_listens() {
    local pid inode
    pid=$(daemon_pid "$1") || return 1
    [[ ${!2} =~ ^[0-9]{1,5}$ ]] || return 1
    while read -r inode; do
        # shellcheck disable=SC2010  # names of descriptors are numbers
        if ls -l "/proc/$pid/fd" 2>/dev/null | grep -qF "socket:[$inode]"; then return 0; fi
    done < <(listening_sockets "${!2}")
    return 1
}

# start_daemon NAME COMMAND... ; environment settings come as NAME=VALUE through env(1) in COMMAND.
# One that runs already with the same command and the same program is left alone.
start_daemon() {
    local name=$1 hash
    shift
    hash=$({ printf '%s\0' "$@"; stat -L -c '%n %i %s %Y' "$DAEMON_PROGRAM"; } | sha256sum | cut -c1-32)
    if daemon_pid "$name" >/dev/null; then
        [[ $(daemon_hash "$name") != "$hash" ]] || return 0
        stop_daemon "$name"
    fi
    # Its own session, no terminal, none of our descriptors; the log is appended to.
    setsid "$@" </dev/null >>"$RUN/log/$name.log" 2>&1 9>&- &
    local pid=$!
    STARTED_HERE+=("$name")
    printf '%s %s %s\n' "$pid" "$(process_start_time "$pid")" "$hash" >"$RUN/pids/$name.pid"
    disown "$pid"
}

# stop_daemon NAME asks it to finish, and kills it after 20 seconds; a data plane lets open streams end for 60 first.
stop_daemon() {
    local name=$1 pid patience=20
    [[ $name != data-plane ]] || patience=75
    if pid=$(daemon_pid "$name"); then
        kill -TERM "$pid" 2>/dev/null || true
        if ! wait_until "$patience" daemon_is_gone "$name"; then
            kill -KILL "$pid" 2>/dev/null || true
            wait_until 5 daemon_is_gone "$name" || true
        fi
    fi
    rm -f "$RUN/pids/$name.pid"
}

daemon_is_gone() { ! daemon_pid "$1"; }

# wait_for_daemon NAME URL SECONDS waits for its URL to answer 200; explains when it dies first.
wait_for_daemon() {
    local name=$1 url=$2 deadline=$((SECONDS + $3))
    until curl -fsS -m 2 -o /dev/null "$url" 2>/dev/null; do
        if ! daemon_pid "$name" >/dev/null; then
            tail -n 5 "$RUN/log/$name.log" >&2 || true
            die "the $name ended while starting (see $RUN/log/$name.log)"
        fi
        ((SECONDS < deadline)) ||
            die "the $name is not ready after $3 s at $url (see $RUN/log/$name.log)"
        sleep 0.1
    done
}

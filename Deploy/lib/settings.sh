# shellcheck shell=bash
# Ports and directories of the quick start, each from its environment variable.

: "${ROUTER_PORT:=8080}" "${ROUTER_OPS_PORT:=8081}" "${ROUTER_ADMIN_PORT:=8090}"
: "${ROUTER_PLANE_PORT:=8091}" "${ROUTER_DEMO_PORT:=8099}" "${ROUTER_RUN_DIR:=$ROOT/.run}"

# A relative run directory is meant from where the script was called.
case $ROUTER_RUN_DIR in
    /*) RUN=$ROUTER_RUN_DIR ;;
    *) RUN=$CALLED_FROM/$ROUTER_RUN_DIR ;;
esac

# prepare_run_directory makes it, private, and takes its lock (descriptor 9).
prepare_run_directory() {
    mkdir -p "$RUN" 2>/dev/null || die "cannot make the run directory $RUN (ROUTER_RUN_DIR)"
    RUN=$(realpath "$RUN")
    # Where PostgreSQL's user must pass through, postgres.sh has opened just that.
    [[ $(stat -c %a "$RUN") == 710 ]] || chmod 0700 "$RUN"
    mkdir -p "$RUN/log" "$RUN/pids" 2>/dev/null || die "cannot write in the run directory $RUN"
    exec 9>"$RUN/lock"
    flock -w 900 9 || die "another $PROGRAM has been at work in $RUN for 15 minutes"
}

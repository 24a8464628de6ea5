# shellcheck shell=bash
# A private PostgreSQL cluster: a unix socket, no TCP, its own data directory, never root.
#
# Whoever starts it as root has it run as the package's user postgres. The socket's directory belongs to that
# user with mode 0700 and connections are checked by their peer, so no password exists.

postgres_bin() {
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [[ -x $newest ]] || die "PostgreSQL's server programs are not in /usr/lib/postgresql"
    dirname "$newest"
}

as_postgres() {
    # initdb and postgres refuse root.
    if ((EUID == 0)); then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all -- "$@" 9>&-)
    else
        "$@" 9>&-
    fi
}

# Where the cluster lives. Below the run directory where its user can reach that; else in a directory of its
# own, to which $RUN/postgres is then a link.
prepare_postgres_home() {
    local home=$RUN/postgres elsewhere
    if [[ -L $home && ! -d $home ]]; then rm -f "$home"; fi
    if [[ ! -d $home ]]; then
        if ((EUID == 0)); then
            # Passing through is all that the user postgres may do in the run directory.
            chgrp postgres "$RUN" && chmod 0710 "$RUN"
            if as_postgres test -x "$RUN"; then
                install -d -o postgres -g postgres -m 0700 "$home"
            else
                chgrp root "$RUN" && chmod 0700 "$RUN"
                elsewhere=$(mktemp -d /var/lib/router-postgres.XXXXXX)
                chown postgres:postgres "$elsewhere"
                ln -s "$elsewhere" "$home"
            fi
        else
            install -d -m 0700 "$home"
        fi
    fi
    POSTGRES_HOME=$(realpath "$home")
    # A socket's path has at most 107 bytes.
    POSTGRES_SOCKETS=$POSTGRES_HOME/socket
    if ((${#POSTGRES_SOCKETS} > 80)); then
        if [[ -f $RUN/postgres-socket && -d $(<"$RUN/postgres-socket") ]]; then
            POSTGRES_SOCKETS=$(<"$RUN/postgres-socket")
        else
            POSTGRES_SOCKETS=$(mktemp -d /tmp/router-postgres.XXXXXX)
            if ((EUID == 0)); then chown postgres:postgres "$POSTGRES_SOCKETS"; fi
            printf '%s' "$POSTGRES_SOCKETS" >"$RUN/postgres-socket"
        fi
    elif [[ ! -d $POSTGRES_SOCKETS ]]; then
        as_postgres mkdir -m 0700 "$POSTGRES_SOCKETS"
    fi
}

# start_postgres LOG prepares and starts the cluster of $RUN. Sets POSTGRES_STARTED when it was not running.
start_postgres() {
    local log=$1 bin
    bin=$(postgres_bin)
    prepare_postgres_home
    if [[ ! -f $POSTGRES_HOME/data/initialised ]]; then
        # shellcheck disable=SC2034  # read by Deploy/up
        POSTGRES_IS_NEW=yes
        # What an interrupted initdb left behind holds nothing.
        as_postgres rm -rf "$POSTGRES_HOME/data"
        as_postgres "$bin/initdb" --pgdata="$POSTGRES_HOME/data" --username=postgres --data-checksums \
            --auth=peer --encoding=UTF8 --locale=C.UTF-8 >"$log" 2>&1 ||
            die "initdb failed: $(tail -n 1 "$log") (see $log)"
        as_postgres tee "$POSTGRES_HOME/data/pg_hba.conf" >/dev/null <<<'local all all peer map=router'
        write_ident
        as_postgres touch "$POSTGRES_HOME/data/initialised"
    fi
    if as_postgres "$bin/pg_ctl" status --pgdata="$POSTGRES_HOME/data" >/dev/null 2>&1; then return 0; fi
    as_postgres tee "$POSTGRES_HOME/data/postgresql.auto.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$POSTGRES_SOCKETS'
unix_socket_permissions = 0700
max_connections = ${POSTGRES_CONNECTIONS:-100}
logging_collector = off
CONF
    # shellcheck disable=SC2034  # read by Deploy/up
    POSTGRES_STARTED=yes
    if ! as_postgres "$bin/pg_ctl" start --wait --timeout=60 --silent --pgdata="$POSTGRES_HOME/data" \
        --log="$POSTGRES_HOME/postgres.log" >>"$log" 2>&1 </dev/null; then
        as_postgres tail -n 3 "$POSTGRES_HOME/postgres.log" >&2 || true
        die "PostgreSQL did not start (see $POSTGRES_HOME/postgres.log)"
    fi
}

# Who may connect as whom: the caller of this script and the cluster's user, as the roles that exist here.
write_ident() {
    local user role
    for user in $(id -un) postgres; do
        for role in router postgres; do printf 'router %s %s\n' "$user" "$role"; done
    done | sort -u | as_postgres tee "$POSTGRES_HOME/data/pg_ident.conf" >/dev/null
}

stop_postgres() {
    local bin
    [[ -d $RUN/postgres/data ]] || return 0
    bin=$(postgres_bin)
    POSTGRES_HOME=$(realpath "$RUN/postgres")
    as_postgres "$bin/pg_ctl" stop --mode=fast --wait --timeout=60 --silent --pgdata="$POSTGRES_HOME/data" \
        >/dev/null 2>&1 || true
}

# Percent-encodes a path for a connection URL.
url_encode() {
    local text=$1 out='' char i
    local LC_ALL=C
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
            [a-zA-Z0-9._~/-]) out+=$char ;;
            *) out+=$(printf '%%%02X' "'$char") ;;
        esac
    done
    printf '%s' "$out"
}

# database_url ROLE DATABASE
database_url() { printf 'postgresql://%s@/%s?host=%s' "$1" "$2" "$(url_encode "$POSTGRES_SOCKETS")"; }

superuser_sql() {
    psql -X -q -v ON_ERROR_STOP=1 -At -d "$(database_url postgres postgres)" "$@"
}

# Makes the role and the database once.
prepare_database() {
    local log=$1
    {
        [[ $(superuser_sql -c "SELECT 1 FROM pg_roles WHERE rolname = 'router'") == 1 ]] ||
            superuser_sql -c 'CREATE ROLE router LOGIN'
        [[ $(superuser_sql -c "SELECT 1 FROM pg_database WHERE datname = 'router'") == 1 ]] ||
            superuser_sql -c 'CREATE DATABASE router OWNER router'
    } >>"$log" 2>&1 || die "the database could not be made: $(tail -n 1 "$log") (see $log)"
}

# shellcheck shell=bash
# Which TCP ports are taken, from the kernel's own tables, so that no tool is needed.

# Prints the inode of each socket that listens on the port.
listening_sockets() {
    local hex
    hex=$(printf '%04X' "$((10#$1))")
    # State 0A is LISTEN; the second column is the local address, the tenth the inode.
    awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null || true
}

port_is_taken() { [[ -n $(listening_sockets "$1") ]]; }

# check_port VARIABLE WHAT
check_port() {
    local name=$1 what=$2 port=${!1}
    if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
        die "$name must be a port from 1 to 65535, not '$port'"
    fi
    if port_is_taken "$port"; then
        die "port $port, meant for $what, is in use by another program: free it, or choose another with $name"
    fi
}

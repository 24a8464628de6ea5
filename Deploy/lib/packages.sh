# shellcheck shell=bash
# Installs what is missing from Debian. Asks nothing, changes nothing that is already there.

# shellcheck disable=SC2034  # used by those who source this

# What building and running need.
readonly RUN_PACKAGES=(
    ca-certificates curl fonts-dejavu-core libcurl4-openssl-dev libgd-dev libmimalloc-dev libpq-dev libsimdjson-dev pkg-config
    postgresql procps util-linux zlib1g-dev
)
# What the tests need besides.
readonly TEST_PACKAGES=(python3 python3-venv tesseract-ocr)

as_root() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=2 "$@" </dev/null
}

missing_packages() {
    local package
    for package; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) == installed ]] ||
            printf '%s\n' "$package"
    done
}

# install_packages LOG PACKAGE...
install_packages() {
    local log=$1
    shift
    command -v dpkg-query >/dev/null || die "this is not a Debian system: install by hand what provides $*"
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    step "installing from Debian, about a minute: ${missing[*]}"
    if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
        die "not root, and sudo asks for a password; first run: sudo apt-get install ${missing[*]}"
    fi
    local updated=yes
    apt_get -o APT::Update::Error-Mode=any update >"$log" 2>&1 || updated=no
    if ! install_missing "${missing[@]}" >>"$log" 2>&1; then
        if [[ $updated == no ]]; then
            die "no network for apt, which must install: ${missing[*]} (see $log)"
        fi
        die "apt could not install: ${missing[*]} (see $log)"
    fi
}

install_missing() {
    local settings=/etc/postgresql-common/createcluster.conf
    if [[ " $* " != *" postgresql "* ]] || compgen -G '/etc/postgresql/*/*' >/dev/null; then
        apt_get --no-install-recommends install "$@"
        return
    fi
    # The package would make and start a cluster of its own, which nothing here uses. Told not to for the
    # length of the installation, it does not.
    apt_get --no-install-recommends install postgresql-common || return
    as_root cp -p "$settings" "$settings.before-router" || return
    printf 'create_main_cluster = false\n' | as_root tee -a "$settings" >/dev/null
    local status=0
    apt_get --no-install-recommends install "$@" || status=$?
    as_root mv "$settings.before-router" "$settings"
    return "$status"
}

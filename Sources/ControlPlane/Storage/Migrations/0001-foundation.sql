-- What the control plane is, what it has published, and who reads it.
--
-- A column named sealed_… holds AES-256-GCM under the key file, which is not in the database; its associated data
-- names table, row and column, so that a sealed value cannot be moved to another place.

-- The one cluster of this database. Its row is what publications queue for.
CREATE TABLE cluster (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    id text NOT NULL CHECK (id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
    -- Raised by hand after a restore from a backup, for the counters below went back with it.
    epoch bigint NOT NULL DEFAULT 1 CHECK (epoch >= 1),
    -- The last version given out in this epoch; 0 before the first.
    version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
    -- Rises with everything that nodes must hear of: publications, revocations, joins and removals.
    change bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Ed25519 keys that sign snapshots and heartbeats.
CREATE TABLE signing_key (
    id text PRIMARY KEY,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    sealed_private_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Still trusted, but no longer used to sign.
    retired_at timestamptz
);

-- Keys of the codes under which caller tokens are stored.
CREATE TABLE pepper (
    id text PRIMARY KEY,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE snapshot (
    epoch bigint NOT NULL,
    version bigint NOT NULL,
    -- Of the envelope's bytes; what nodes ask for.
    sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    -- Of the uncompressed body; equal for equal configurations.
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    envelope bytea NOT NULL,
    -- The provider credentials that belong to it.
    sealed_secrets bytea NOT NULL,
    -- Every revocation up to this one is in the body.
    revocation_sequence bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    reason text NOT NULL,
    restored_from bigint,
    PRIMARY KEY (epoch, version)
);
-- Envelopes are compressed already.
ALTER TABLE snapshot ALTER COLUMN envelope SET STORAGE EXTERNAL;

CREATE TABLE node (
    id text PRIMARY KEY,
    name text NOT NULL,
    signing_key bytea NOT NULL UNIQUE CHECK (octet_length(signing_key) = 32),
    sealing_key bytea NOT NULL CHECK (octet_length(sealing_key) = 32),
    join_token text NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    removed_by text
);
-- A removed node's name may be used again.
CREATE UNIQUE INDEX node_name ON node (name) WHERE removed_at IS NULL;

-- What each node last said of itself; apart from `node`, for it is written all the time.
CREATE TABLE node_report (
    node text PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    boot_id text NOT NULL,
    built_by text NOT NULL,
    polled_at timestamptz NOT NULL,
    running_epoch bigint,
    running_version bigint,
    running_sha256 bytea,
    revocation_sequence bigint NOT NULL,
    -- The node's clock minus ours, in milliseconds.
    clock_skew bigint NOT NULL,
    -- The last verdict and what it was on.
    verdict_epoch bigint,
    verdict_version bigint,
    verdict_sha256 bytea,
    -- Null for applied, else the code of the refusal.
    refusal_code text,
    refusal_detail text,
    verdict_at timestamptz
) WITH (fillfactor = 50);

CREATE TABLE join_token (
    id text PRIMARY KEY,
    -- SHA-256 of the secret, which has 256 random bits.
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    used_by text REFERENCES node
);

-- The provider credentials and peppers, sealed to one node for one snapshot. Made once and stored, so that every
-- control plane gives out the same bytes.
CREATE TABLE node_secrets (
    node text NOT NULL REFERENCES node ON DELETE CASCADE,
    snapshot_sha256 bytea NOT NULL REFERENCES snapshot (sha256) ON DELETE CASCADE,
    sealed_bundle bytea NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    PRIMARY KEY (node, snapshot_sha256)
);

-- Caller tokens that were revoked, in order.
CREATE TABLE revocation (
    sequence bigint PRIMARY KEY CHECK (sequence >= 1),
    token_id text NOT NULL UNIQUE,
    revoked_at timestamptz NOT NULL DEFAULT now(),
    revoked_by text NOT NULL
);

-- Who changed what. Append-only: each entry's hash covers its content and the hash before it, so that a change
-- or a gap shows.
CREATE TABLE audit (
    sequence bigint PRIMARY KEY CHECK (sequence >= 1),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    change jsonb NOT NULL,
    request_id text,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE FUNCTION audit_hash(
    sequence bigint, at timestamptz, actor text, action text, kind text, key text, change jsonb, request_id text,
    previous_hash bytea
) RETURNS bytea LANGUAGE sql STABLE AS $$
    -- An array of JSON texts has one reading only, whatever the fields hold.
    SELECT sha256(
        previous_hash || convert_to(
            jsonb_build_array(
                sequence, (extract(epoch FROM at) * 1000000)::bigint, actor, action, kind, key, change, request_id
            )::text,
            'UTF8'
        )
    )
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of % are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON revocation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

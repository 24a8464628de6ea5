-- What is known of models: what administrators vouch for, what probes found, and the runs that find it.
--
-- Evidence has an identity: provider, model, endpoint (base URL, path, authentication scheme and upstream model, as
-- one text), dialect and case. None of it refers to the tables of the configuration, for what was found at an
-- endpoint stays true of it when the configuration moves on; it counts only while the endpoint is the same.

-- A text of an endpoint is too long for an index.
CREATE FUNCTION fingerprint(endpoint text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(endpoint, 'UTF8'))
$$;

CREATE TABLE attestation (
    provider slug NOT NULL,
    model slug NOT NULL,
    dialect text NOT NULL,
    evidence_case text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('passed', 'failed')),
    reason text NOT NULL,
    attested_by text NOT NULL,
    attested_at timestamptz NOT NULL,
    -- Null for never.
    expires_at timestamptz,
    endpoint text NOT NULL,
    PRIMARY KEY (provider, model, dialect, evidence_case),
    FOREIGN KEY (provider, model) REFERENCES model ON DELETE CASCADE
);

-- A run: the cases of one model that somebody, a change or the schedule wants to know of.
CREATE TABLE validation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider slug NOT NULL,
    model slug NOT NULL,
    dialects text[] NOT NULL,
    cases text[] NOT NULL,
    requested_by text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('demand', 'change', 'schedule')),
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX validation_unfinished ON validation (provider, model) WHERE finished_at IS NULL;

-- One case of a run in one dialect. Whoever holds it says so anew before the lease ends; else another takes it.
CREATE TABLE validation_job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    validation bigint NOT NULL REFERENCES validation ON DELETE CASCADE,
    dialect text NOT NULL,
    evidence_case text NOT NULL,
    holder text,
    lease_expires_at timestamptz,
    -- How often it was taken.
    claims integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    UNIQUE (validation, dialect, evidence_case),
    CHECK ((holder IS NULL) = (lease_expires_at IS NULL))
);
CREATE INDEX validation_job_waiting ON validation_job (id) WHERE done_at IS NULL;

-- All that probes found.
CREATE TABLE evidence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    validation bigint NOT NULL REFERENCES validation ON DELETE CASCADE,
    provider slug NOT NULL,
    model slug NOT NULL,
    endpoint text NOT NULL,
    upstream_model text NOT NULL,
    dialect text NOT NULL,
    evidence_case text NOT NULL,
    probe_version integer NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('passed', 'failed', 'not-run')),
    -- Why it failed or was not run.
    reason text,
    passes integer NOT NULL CHECK (passes >= 0),
    attempts integer NOT NULL CHECK (attempts >= passes),
    latency_ms bigint,
    error_class text,
    input_tokens bigint,
    output_tokens bigint,
    answer text,
    at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX evidence_validation ON evidence (validation);
CREATE INDEX evidence_model ON evidence (provider, model, id);

-- The verdicts that stand; one flip of a probe does not always turn one over.
CREATE TABLE standing_evidence (
    provider slug NOT NULL,
    model slug NOT NULL,
    dialect text NOT NULL,
    evidence_case text NOT NULL,
    fingerprint bytea NOT NULL,
    endpoint text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('passed', 'failed')),
    probe_version integer NOT NULL,
    observed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- The last probe, whatever it found.
    looked_at timestamptz NOT NULL,
    -- When it last turned over; null for never.
    flipped_at timestamptz,
    -- How many probes in a row, up to the last, found the opposite.
    contrary integer NOT NULL DEFAULT 0 CHECK (contrary >= 0),
    PRIMARY KEY (provider, model, dialect, evidence_case, fingerprint)
);

-- What administrators decide: providers, their models, groups of targets, caller tokens, administrators.
--
-- Names are keys, and whatever one resource says about another is a foreign key. Members of a resource that only
-- data planes read are kept together in `options`, as the admin API shows them. `revision` counts the changes of
-- a row and is what If-Match compares.

CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9][a-z0-9-]{0,62}$');

CREATE TABLE provider (
    id slug PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1 CHECK (revision >= 1),
    base_url text NOT NULL,
    enabled boolean NOT NULL,
    allow_private_network boolean NOT NULL,
    auth_scheme text NOT NULL,
    -- dialects, headers, timeouts, region
    options jsonb NOT NULL,
    -- Null when it has none.
    sealed_secret bytea,
    -- Rises with every change of the secret, its removal included.
    secret_revision bigint NOT NULL DEFAULT 0 CHECK (secret_revision >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (sealed_secret IS NULL OR secret_revision >= 1)
);

-- A name that is used again must not repeat revisions that snapshots have seen.
CREATE TABLE provider_secret_floor (
    provider slug PRIMARY KEY,
    revision bigint NOT NULL
);

CREATE TABLE model (
    provider slug NOT NULL REFERENCES provider,
    id slug NOT NULL,
    revision bigint NOT NULL DEFAULT 1 CHECK (revision >= 1),
    -- The provider's own id.
    upstream_model text NOT NULL,
    context_tokens bigint,
    max_output_tokens bigint,
    -- declared, quirks
    options jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, id)
);

CREATE TABLE model_group (
    id slug PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1 CHECK (revision >= 1),
    display_name text,
    description text,
    strategy text NOT NULL,
    -- timeouts
    options jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE group_target (
    model_group slug NOT NULL REFERENCES model_group ON DELETE CASCADE,
    id slug NOT NULL,
    -- Its place in the list as it was given.
    position integer NOT NULL,
    provider slug NOT NULL,
    model slug NOT NULL,
    weight integer NOT NULL CHECK (weight >= 0),
    priority integer NOT NULL CHECK (priority >= 0),
    enabled boolean NOT NULL,
    tags text[] NOT NULL,
    PRIMARY KEY (model_group, id),
    UNIQUE (model_group, position),
    FOREIGN KEY (provider, model) REFERENCES model
);
CREATE INDEX group_target_model ON group_target (provider, model);

-- Caller tokens. A revoked one stays, so that its id is never given out again.
CREATE TABLE token (
    -- Sorted by its bytes, whatever the database's language is: lists are paged by it.
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1 CHECK (revision >= 1),
    -- HMAC-SHA256 of the whole token; the token itself is nowhere.
    code bytea NOT NULL CHECK (octet_length(code) = 32),
    pepper text NOT NULL REFERENCES pepper,
    state text NOT NULL CHECK (state IN ('active', 'revoked')),
    -- Null for all.
    endpoints text[],
    not_before timestamptz,
    -- Null for never.
    expires_at timestamptz,
    description text,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);

CREATE TABLE token_allow (
    token text COLLATE "C" NOT NULL REFERENCES token ON DELETE CASCADE,
    model_group slug NOT NULL REFERENCES model_group,
    PRIMARY KEY (token, model_group)
);
CREATE INDEX token_allow_group ON token_allow (model_group);

CREATE TABLE admin (
    id slug PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1 CHECK (revision >= 1),
    -- HMAC-SHA256 of the whole token, as for caller tokens.
    code bytea NOT NULL CHECK (octet_length(code) = 32),
    pepper text NOT NULL REFERENCES pepper,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    description text,
    -- Null for never.
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

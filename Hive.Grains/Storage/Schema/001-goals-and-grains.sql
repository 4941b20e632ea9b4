-- The same text runs on SQLite and on PostgreSQL. Instants and durations are BIGINTs in units of 100 ns, instants since
-- 1970-01-01 UTC; bodies are UTF-8 JSON. BLOB is a domain over bytea on PostgreSQL.

CREATE TABLE goal (
    id         TEXT   NOT NULL PRIMARY KEY,
    objective  TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body       BLOB   NOT NULL
);
CREATE INDEX goal_by_age ON goal (created_at, id);
CREATE INDEX goal_by_state ON goal (state, created_at, id);

CREATE TABLE goal_log (
    goal        TEXT   NOT NULL,
    sequence    BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    body        BLOB   NOT NULL,
    PRIMARY KEY (goal, sequence)
);

CREATE TABLE goal_request (
    goal         TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    body         BLOB   NOT NULL,
    PRIMARY KEY (goal, number)
);

-- A cleared state keeps its row, without a body, so that a version is never used twice.
CREATE TABLE grain_state (
    grain   TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    version BIGINT NOT NULL,
    body    BLOB,
    PRIMARY KEY (grain, name)
);

CREATE TABLE reminder (
    grain      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    grain_hash BIGINT NOT NULL,
    start_at   BIGINT NOT NULL,
    period     BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (grain, name)
);
CREATE INDEX reminder_by_hash ON reminder (grain_hash);

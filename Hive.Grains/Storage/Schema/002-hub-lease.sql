-- One row for each time that a hub held authority; the highest epoch is the last. All instants are by the database's own clock, so that
-- the machines' clocks do not matter. A hub that stops gently lets its lease expire at once.
CREATE TABLE hub_lease (
    epoch      BIGINT NOT NULL PRIMARY KEY,
    holder     TEXT   NOT NULL,
    taken_at   BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    written_at BIGINT NOT NULL
);

-- Which lease an entry was written under; 0 where its process needed none.
ALTER TABLE goal_log ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;

-- The trail of who saw and did what. Rows are only added; each carries the hash of the one before.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- How long the trail is and how it ends, so that rows missing at the end are found too.
CREATE TABLE audit_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    count INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (only, count, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN new.number <> (SELECT count + 1 FROM audit_head)
BEGIN SELECT raise(ABORT, 'the audit trail only grows at its end'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN new.count <> old.count + 1
BEGIN SELECT raise(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT raise(ABORT, 'the audit trail only grows'); END;

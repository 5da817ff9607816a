-- What was attached to events: sealed to the case and version that it came with, and never changed.
CREATE TABLE case_attachment (
    case_number INTEGER NOT NULL REFERENCES case_file (number),
    version INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (case_number, version)
) STRICT;
CREATE TRIGGER case_attachment_no_update BEFORE UPDATE ON case_attachment
BEGIN SELECT raise(ABORT, 'what was attached to a case is never changed'); END;
CREATE TRIGGER case_attachment_no_delete BEFORE DELETE ON case_attachment
BEGIN SELECT raise(ABORT, 'what was attached to a case is never taken out'); END;

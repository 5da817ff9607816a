-- Rule sets: the texts by which something was once decided, by the hash of them all, so that an old
-- decision can be made again by the rules of then. Never changed.
CREATE TABLE rule_set (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    kept_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE rule_source (
    rule_set INTEGER NOT NULL REFERENCES rule_set (number),
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (rule_set, ordinal)
) STRICT, WITHOUT ROWID;

-- A decision of all students on a day. Most students are alike to the rules: what was decided stands
-- once for each kind of student, and each student is of a kind.
CREATE TABLE award_run (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    known_ms INTEGER NOT NULL,
    term TEXT NOT NULL,
    school_year TEXT NOT NULL,
    rule_set INTEGER NOT NULL REFERENCES rule_set (number),
    hash BLOB NOT NULL,
    user TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE award_kind (
    run INTEGER NOT NULL REFERENCES award_run (number),
    kind INTEGER NOT NULL,
    inputs TEXT NOT NULL,
    PRIMARY KEY (run, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE award_verdict (
    run INTEGER NOT NULL REFERENCES award_run (number),
    kind INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    period TEXT NOT NULL,
    verdict TEXT NOT NULL,
    fen INTEGER NOT NULL,
    needs TEXT NOT NULL,
    PRIMARY KEY (run, kind, scheme)
) STRICT, WITHOUT ROWID;
CREATE TABLE award_person (
    run INTEGER NOT NULL REFERENCES award_run (number),
    person INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (run, person)
) STRICT, WITHOUT ROWID;

-- What a later decision of the same period says otherwise: a proposal to pay or to claim back, never
-- a change. `open` until it is settled, replaced by a later one, or withdrawn because a later
-- decision says again what the first did.
CREATE TABLE award_proposal (
    number INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    period TEXT NOT NULL,
    area TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('back_pay', 'recovery', 'review')),
    was_verdict TEXT NOT NULL,
    was_fen INTEGER NOT NULL,
    was_run INTEGER NOT NULL REFERENCES award_run (number),
    now_verdict TEXT NOT NULL,
    now_fen INTEGER NOT NULL,
    now_run INTEGER NOT NULL REFERENCES award_run (number),
    status TEXT NOT NULL CHECK (status IN ('open', 'replaced', 'withdrawn', 'settled'))
) STRICT;
CREATE UNIQUE INDEX award_proposal_open ON award_proposal (person, scheme, period)
    WHERE status = 'open';

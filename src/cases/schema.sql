-- Cases. What happened stands in case_event, which only grows; case_file and case_step are worked out from it
-- and from the texts, for quick lists, and can be thrown away and made again.
CREATE TABLE case_file (
    number INTEGER PRIMARY KEY,
    procedure TEXT NOT NULL,
    person INTEGER NOT NULL,
    unit TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('suspected', 'confirmed', 'returned', 'closed')),
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    id_masked TEXT NOT NULL,
    birth TEXT NOT NULL,
    area TEXT NOT NULL,
    stated_area TEXT NOT NULL,
    school TEXT NOT NULL,
    school_code TEXT NOT NULL,
    kinds TEXT NOT NULL,
    queue TEXT NOT NULL,
    reason TEXT NOT NULL,
    findings TEXT NOT NULL,
    opened TEXT NOT NULL,
    reopened TEXT NOT NULL,
    confirmed TEXT,
    returned TEXT,
    closed TEXT,
    outcome TEXT NOT NULL,
    settle TEXT NOT NULL,
    found INTEGER NOT NULL,
    unfound INTEGER NOT NULL,
    relapses INTEGER NOT NULL,
    contacts INTEGER NOT NULL,
    last_contact TEXT,
    due TEXT,
    step TEXT NOT NULL,
    UNIQUE (procedure, person, unit)
) STRICT;
CREATE INDEX case_file_due ON case_file (due, number, status, area, school_code)
WHERE status <> 'closed';
CREATE INDEX case_file_person ON case_file (person);
CREATE INDEX case_file_township ON case_file (substr(area, 1, 9), due, number, area)
WHERE status <> 'closed';
CREATE INDEX case_file_school ON case_file (school_code, due, number) WHERE status <> 'closed';

-- fields: the event's fields as JSON, sealed.
CREATE TABLE case_event (
    number INTEGER PRIMARY KEY,
    case_number INTEGER NOT NULL REFERENCES case_file (number),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    fields BLOB NOT NULL,
    UNIQUE (case_number, version)
) STRICT;
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event
BEGIN SELECT raise(ABORT, 'what happened in a case is never changed'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
BEGIN SELECT raise(ABORT, 'what happened in a case is never taken out'); END;
CREATE TRIGGER case_event_in_order BEFORE INSERT ON case_event
WHEN new.version <> 1 + coalesce((SELECT max(version) FROM case_event WHERE case_number = new.case_number), 0)
BEGIN SELECT raise(ABORT, 'a case only grows at its end'); END;

-- With whom an owed step lies, from when on: those who owe it, then up the chain once it is overdue.
CREATE TABLE case_step (
    case_number INTEGER NOT NULL REFERENCES case_file (number),
    step TEXT NOT NULL,
    position TEXT NOT NULL,
    role TEXT NOT NULL,
    level INTEGER NOT NULL,
    covers INTEGER NOT NULL,
    since TEXT NOT NULL,
    due TEXT NOT NULL,
    area TEXT NOT NULL,
    school_code TEXT NOT NULL,
    PRIMARY KEY (case_number, step, position)
) STRICT, WITHOUT ROWID;
-- A wide area is met soon when one goes by due day; a township or a school is not.
CREATE INDEX case_step_role ON case_step (role, due, case_number, since, area);
CREATE INDEX case_step_township ON case_step (role, substr(area, 1, 9), due, case_number, since, area);
CREATE INDEX case_step_school ON case_step (role, school_code, due, case_number, since);

-- The last run that looked at the cases, and by which texts and names their duties were worked out.
CREATE TABLE case_run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at TEXT NOT NULL,
    texts TEXT NOT NULL,
    holders TEXT NOT NULL
) STRICT;

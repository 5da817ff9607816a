-- The people who log in. Nobody is taken out: the trail names them.
CREATE TABLE user_account (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    school TEXT NOT NULL,
    password TEXT NOT NULL,                  -- Argon2id, with parameters and salt
    must_change INTEGER NOT NULL,
    second_factor BLOB,                      -- sealed secret; null: none
    second_factor_pending BLOB,              -- sealed secret that the user has not shown a code of
    second_factor_used INTEGER NOT NULL,     -- the step of the last code
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    disabled_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE user_area (
    user INTEGER NOT NULL REFERENCES user_account (number),
    area TEXT NOT NULL,
    PRIMARY KEY (user, area)
) STRICT, WITHOUT ROWID;

-- Who is logged in; hash is that of the token, which only the browser has.
CREATE TABLE session (
    hash BLOB PRIMARY KEY,
    user INTEGER NOT NULL REFERENCES user_account (number),
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

-- Wrong passwords in a row by name typed (its hash: people type passwords there).
CREATE TABLE login_failure (
    name_hash BLOB PRIMARY KEY,
    count INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to one person, batch or user.
CREATE INDEX audit_object ON audit (object);

-- The key that values are sealed with, wrapped under the key of a key file; no row: they are one.
CREATE TABLE data_key (
    key_fingerprint BLOB PRIMARY KEY,        -- of the key file
    wrapped BLOB NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What one user asked for and another decided: four eyes.
CREATE TABLE approval (
    number INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    areas TEXT NOT NULL,                     -- division codes with commas; '*': all
    asked_by TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    decided_by TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_ms INTEGER NOT NULL,             -- 0: waits
    granted INTEGER NOT NULL,
    used_ms INTEGER NOT NULL                 -- 0: not used
) STRICT;

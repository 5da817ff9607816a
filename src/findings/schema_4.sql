-- What stood badly at the newest look, and since when: a look tells from it what has become so. `since` is empty
-- where it was so at the first look of all.
CREATE TABLE watch_unit (
    watch TEXT NOT NULL,
    unit TEXT NOT NULL,
    bad INTEGER NOT NULL,
    since TEXT,
    PRIMARY KEY (watch, unit)
) STRICT, WITHOUT ROWID;
CREATE TABLE watch_look (
    watch TEXT PRIMARY KEY,
    first TEXT NOT NULL,
    last TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The how manieth check it was that made what stands in check_child: tells one from the next of the same day.
ALTER TABLE check_run ADD COLUMN number INTEGER NOT NULL DEFAULT 1;

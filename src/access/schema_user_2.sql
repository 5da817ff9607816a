-- Grows with each change of a user's name, role, areas, school or being disabled, so that two people who
-- change one user find out.
ALTER TABLE user_account ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

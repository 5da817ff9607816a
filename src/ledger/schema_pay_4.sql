-- What the bank says of a day that is closed counts on the first open day; its own day stands beside.
-- booked: NULL: on the bank's day, or where it states none on the day when it was kept.
ALTER TABLE pay_event ADD COLUMN booked TEXT;
ALTER TABLE pay_suspense ADD COLUMN day TEXT;
ALTER TABLE pay_suspense ADD COLUMN booked TEXT;

-- Which batches speak of a place, so that a list of batches looks at no others.
CREATE INDEX batch_scope_by_unit ON batch_scope (unit);
CREATE INDEX batch_area_by_area ON batch_area (area);
CREATE INDEX batch_area_by_school ON batch_area (school);

#ifndef REGISTRY_SCOPE_H
#define REGISTRY_SCOPE_H

#include "base/dict.h"
#include "registry/registry.h"

/* What a file covers. Each row belongs to one unit: its school where the profile's scope is
 * "school" and the row names one, "all" where it is "all", else its area as exactly as it is known.
 * A file covers the units of its rows and nothing else, so that an export of one school, or one
 * with a filter left on, says nothing about the others. */

/* The schools register as it stands: what a school's code or name tells about its rows. */
struct schools {
    struct dict codes;
    struct str *code_areas; /* by number in codes */
    size_t code_capacity;
    struct dict names;
    struct school_name *by_name; /* by number in names */
    size_t name_capacity;
};

struct school_name {
    struct str code, area;
    bool shared; /* several schools have this name: it tells nothing */
};

/* Reads the schools register (empty when there is none) into the arena. */
MUST_USE bool schools_read(struct schools *schools, struct arena *arena, struct registry *registry,
                           struct err *err);

/* Which fields of a profile name the unit. */
struct scope_fields {
    const struct profile *profile;
    int school_code, school_name; /* field numbers or -1 */
    bool by_school, all;
};

/* The fields of `profile`. */
struct scope_fields scope_fields_of(const struct profile *profile);

/* The area of the school that a row names, or empty. */
struct str scope_school_area(const struct scope_fields *fields, const struct schools *schools,
                             const struct str *values);

/* The unit of a row: "school 2162000123", "area 620422101", "area" when it is not known, "all".
 * Written into `text`, which is cleared first. */
struct str scope_unit(const struct scope_fields *fields, const struct schools *schools,
                      const struct str *values, struct str area, struct text *text);

/* A unit that a batch once had as the schools register would write it today: a school that was only
 * named may have its code now. In `text` where it differs. */
struct str scope_unit_today(const struct schools *schools, struct str unit, struct text *text);

/* True when the two are the same, or one an area above the other. */
bool scope_touches(struct str a, struct str b);

/* True when one of `units` touches `unit`. */
bool scope_overlaps(const struct dict *units, struct str unit);

/* Whether a unit is the asker's to speak of: of an area of theirs, or their school. A school that
 * the schools register does not know, and rows whose area is not known, are those of whoever has an
 * area. */
bool scope_belongs(const struct schools *schools, const struct asker *asker, struct str unit);

/* Whether it is known where a unit is: an area, or a school of the schools register. */
bool scope_is_known(const struct schools *schools, struct str unit);

/* What is printed for a file's units, in the arena: "620422", "school 2162000123", "all"; where
 * there are many areas, the divisions above them; where there are many schools, the first and how
 * many. Empty when none is known. */
struct str scope_print(struct arena *arena, const struct dict *units);

#endif

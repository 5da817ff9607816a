#ifndef LINK_PEOPLE_BUILD_H
#define LINK_PEOPLE_BUILD_H

#include "link/people.h"
#include "link/people_household.h"

/* Making a `struct people` row by row: what people_read does with the rows of the registry, and
 * tests with rows of their own. Says of every row whose birth and number it states, and sets adults
 * aside. Nothing is linked here. */

struct people_builder;

/* Starts: registers are those of `profiles` whose rows are people, in key order. `rows_expected` is
 * a hint for memory, 0 when not known. Everything lives in `arena`; `profiles` is borrowed. */
struct people_builder *people_begin(struct people *people, struct arena *arena,
                                    const struct profiles *profiles, struct read_at when,
                                    size_t rows_expected);

/* Adds a row of register number `register_number` (in order of registers, then statements).
 * `values` has canonical values by person_field; texts are copied. A row of an adult is only
 * counted: then it gives false. */
bool people_add(struct people_builder *builder, uint32_t register_number, int64_t statement,
                uint32_t part, const struct str values[PERSON_FIELD_COUNT]);

/* After the last row: children whose rows name no guardian, or no head of household, get those that
 * the same register lists under their household number (people_household.h); the record says so of
 * guardians (`kin_derived`). To be called once, also when reading failed; a builder that was never
 * given a household may do without. */
void people_settle_kin(struct people_builder *builder);

/* What was derived of a record so: false, and nothing, when nothing was; and putting it back where
 * the records were read without their households. Texts are borrowed from `people`, and copied. */
bool people_kin(const struct people *people, uint32_t record, struct household_kin *out);
void people_put_kin(struct people_builder *builder, uint32_t record,
                    const struct household_kin *kin);

/* From now on each row that is added is known to be a record of the people as they were read whole:
 * none is an adult's to be set aside, and who else is of its household is not asked. */
void people_take_chosen(struct people_builder *builder);

/* People named in the cells of one row who become records of their own. */
enum { PERSON_MENTIONS_MAX = 16 };

/* A stated date of any precision: *year is 0 when there is none, *whole is DAY_NONE unless the text
 * is a whole day. */
void person_date_read(struct str text, int *year, day *whole);

/* True when two days of birth are one day that a clerk wrote in two ways: month and day equal in
 * another year, day and month exchanged, the first of the month or year for an unknown day, a day
 * of the lunar calendar (17 to 52 days before the solar one), a day within two months. */
bool people_birth_slip(day a, day b);

/* Days of birth of all valid numbers that are one slip away from a mistyped one: a character wrong,
 * two neighbours exchanged, one left out. None for a number that is damaged in other ways. */
enum { PEOPLE_REPAIRS_MAX = 64 };
size_t people_births_repaired(struct str id, day out[PEOPLE_REPAIRS_MAX]);

/* The school year that a canonical grade stands for: 1 for "primary:1", 7 for "junior:1", 10 for
 * "senior:1" and "vocational:1", 0 or less for a kindergarten; INT32_MIN when it is none. */
int32_t people_school_year(struct str grade);

#endif

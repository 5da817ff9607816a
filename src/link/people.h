#ifndef LINK_PEOPLE_H
#define LINK_PEOPLE_H

#include "base/dict.h"
#include "base/progress.h"
#include "registry/registry.h"

/* The people of a workspace: all live statements of the people registers, and who is the same
 * person. `people_read` brings them into memory, dictionary-coded; `people_link` links them with
 * the engine and writes link and person tables; the checks read the same structure.
 *
 * Records are ordered by register key, then statement number; persons by number. Person numbers
 * are stable: a person keeps the number under which most of its statements were known, and numbers
 * are never used again. */

/* Fields that linking and checks read, by the key of profile.h. */
enum person_field {
    PERSON_NAME, PERSON_ID_NUMBER, PERSON_BIRTH_DATE, PERSON_SEX, PERSON_NATION,
    PERSON_STUDENT_NUMBER, PERSON_SCHOOL_NAME, PERSON_SCHOOL_CODE, PERSON_STAGE, PERSON_GRADE,
    PERSON_CLASS, PERSON_STATUS, PERSON_HOUSEHOLD_NUMBER, PERSON_HEAD_NAME, PERSON_HEAD_ID,
    PERSON_RELATION, PERSON_GUARDIAN_NAME, PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_NAME,
    PERSON_GUARDIAN2_ID, PERSON_PHONE, PERSON_AREA, PERSON_VILLAGE,
    PERSON_FROM, PERSON_TO, PERSON_REASON,
    PERSON_FIELD_COUNT,
};

struct person_record {
    uint32_t register_number; /* in people.registers */
    int64_t statement;
    uint32_t person;          /* number in people.persons, once linked */
    uint32_t values[PERSON_FIELD_COUNT]; /* number in people.texts[field]; 0 is empty */
    uint32_t part;            /* 0: the row's own person; 1 …: the nth child named in a FIELD_PEOPLE cell */
};

struct person {
    int64_t number;        /* stable */
    uint32_t first, count; /* in people.order */
};

/* A pair that was looked at and not joined, kept as the nearest of its record. */
struct person_candidate {
    uint32_t record, other; /* in people.records */
    int32_t weight_millibits;
    uint32_t probability_ppm;
    uint32_t pattern;
};

struct people {
    struct arena *arena;
    const struct profile **registers;
    size_t register_count;
    struct dict texts[PERSON_FIELD_COUNT]; /* number 0 is always the empty text */
    struct person_record *records;
    size_t record_count;
    struct person *persons;
    size_t person_count;
    uint32_t *order;              /* records by person */
    struct person_candidate *candidates; /* by record, heaviest first */
    size_t candidate_count;
    struct read_at when;
};

/* Reads all live statements of the people registers that the asker may see. Where a row states no
 * birth date or sex, those of its valid ID number stand in; a G student number stands in for a
 * missing ID number. Children named in a FIELD_PEOPLE cell become records of their own. Persons are
 * not known yet (person_count 0). The structure lives in `arena`. */
MUST_USE bool people_read(struct people *people, struct arena *arena, struct registry *registry,
                          const struct asker *asker, struct read_at when,
                          const struct progress *progress, struct err *err);

/* The text of a field of a record; empty when the row does not state it. */
struct str people_text(const struct people *people, uint32_t record, enum person_field field);

/* The number of a register in `people`, or -1. */
int people_register(const struct people *people, const char *key);

#endif

#ifndef JOBS_SEARCH_H
#define JOBS_SEARCH_H

#include "jobs/view.h"

/* Finding children and schools as somebody types: by name or a part of it, by pinyin with or
 * without blanks, by initials, by both mixed ("wang xm", "王xm"), by whole ID number or its first
 * digits (6 and more) or last four, by student number, by person number. A character with several
 * readings is found by each of them, a surname by its reading as a surname too. Only what a record
 * says that the asker sees is searched.
 *
 * What matches best stands first, then by area, then by person number. About a millisecond among
 * three hundred thousand children. */

enum {
    SEARCH_LIMIT = 20, /* when none is given */
    SEARCH_LIMIT_MAX = 50,
    SEARCH_SCHOOLS_MAX = 10,
    SEARCH_BYTES_MAX = 200, /* of what is typed; a longer text finds nothing */
};

/* By what a person was found. */
enum search_match {
    SEARCH_BY_NAME,
    SEARCH_BY_PINYIN,
    SEARCH_BY_INITIALS,
    SEARCH_BY_ID,
    SEARCH_BY_STUDENT_NUMBER,
    SEARCH_BY_NUMBER,
    SEARCH_MATCH_COUNT,
};

/* "name", "pinyin", "initials", "id", "student_number", "number". */
const char *search_match_key(enum search_match match);

/* Makes the index of a snapshot that is otherwise complete, in its arena; the same for any number
 * of threads (0: as many as the machine offers). It borrows from the snapshot. */
void search_build(struct snapshot *snapshot, size_t threads);

struct search_hit {
    uint32_t person;
    uint32_t record; /* that matches, and that the asker sees */
    enum search_match match;
};

struct search_found {
    struct search_hit persons[SEARCH_LIMIT_MAX];
    size_t person_count;
    uint32_t schools[SEARCH_SCHOOLS_MAX]; /* in snapshot.schools */
    size_t school_count;
};

/* At most `limit` (1 … SEARCH_LIMIT_MAX) persons, and schools. */
void search_find(const struct view *view, struct str typed, size_t limit, struct search_found *out);

#endif

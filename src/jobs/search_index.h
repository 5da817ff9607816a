#ifndef JOBS_SEARCH_INDEX_H
#define JOBS_SEARCH_INDEX_H

#include "base/dict.h"
#include "jobs/search.h"

/* Inside of search.h: the index. All is keyed by distinct texts, of which there are far fewer than
 * records: a text leads to its records, and from there to persons. Nothing changes once built. */

/* One record that has a text, with what most searches ask of it, so that they need not look at the
 * record itself. */
struct search_posting {
    uint32_t record;
    uint32_t rank; /* person_ranks of its person */
    uint32_t area; /* number in texts[PERSON_AREA] */
};

/* Records by the number of a text. */
struct search_postings {
    uint32_t *first; /* by text, and one more */
    struct search_posting *items;
    uint32_t *best;      /* by text: the lowest rank among them; UINT32_MAX when there is none */
    uint64_t *townships; /* by text: search_township_bit of all their areas, or-ed */
};

/* One of 64 bits for the township of an area (an area without one, by what it has): two areas with
 * different bits are of different townships. */
uint64_t search_township_bit(struct str area);

/* A character (second 0) or two neighbouring ones of a name: first << 32 | second. */
struct search_gram {
    uint64_t key;
    uint32_t name;  /* number in texts[PERSON_NAME] */
    uint32_t place; /* of the first of them in the name, in characters */
};

/* Where in `letters` a name may be read aloud from some character on: "WangXiaoMing", zero at the
 * end, a capital at each syllable. `head` has the first eight letters in lower case, for sorting
 * and for quick comparing. */
struct search_sound {
    uint64_t head;
    uint32_t at;
    uint32_t name;
};

/* The initials of a name from some character on: up to eight letters, the first highest. */
struct search_initials {
    uint64_t key;
    uint32_t name;
    bool whole; /* from the first character */
};

struct search {
    struct str *clean; /* by name text */
    struct search_postings names, ids, students;
    struct search_gram *grams; /* by key, then place, then name */
    size_t gram_count;
    char *letters;
    struct search_sound *sounds; /* by letters, then name */
    size_t sound_count;
    struct search_initials *initials; /* by key, whole ones first, then name */
    size_t initials_count;
    uint32_t *ids_forward, *ids_backward; /* texts sorted, and sorted as read from the end */
    uint32_t *students_forward, *students_backward;
    struct str *school_letters; /* by school: "GuoChengXiaoXue" */
};

/* What is found, best match first: one list for each way to match, each kept to the first of its
 * persons by area and number. */
enum { SEARCH_TIERS = 9 };

/* A person found, and by which record. */
struct search_candidate {
    uint32_t rank, person, record;
};

struct search_tier {
    enum search_match match;
    struct search_candidate items[SEARCH_LIMIT_MAX]; /* by rank */
    size_t count;
};

/* One search while it runs. */
struct searching {
    const struct view *view;
    const struct search *search;
    size_t limit;
    uint64_t townships; /* of the areas that the asker sees; UINT64_MAX: look at every text */
    struct search_tier tiers[SEARCH_TIERS];
};

/* Offers all records of a text for a tier; takes those that the asker sees while there is room. */
void search_offer(struct searching *searching, int tier, enum search_match match,
                  const struct search_postings *postings, uint32_t text);

/* Offers one record. */
void search_offer_record(struct searching *searching, int tier, enum search_match match,
                         uint32_t record);

/* Calls `each` with every name text that is read aloud, whole, as `letters` (ASCII, lower case) in
 * one of its ways; one that has several such ways comes more than once. */
void search_sounding(const struct search *search, struct str letters,
                     void (*each)(void *context, uint32_t name), void *context);

/* search_number.c: whoever has an ID or student number that is, begins or ends with `digits`
 * (digits and letters, upper case), or is the person of that number. */
void search_numbers(struct searching *searching, struct str digits);

/* Letters of `text` (ASCII) as a number that sorts as they do: the first eight, in lower case. */
uint64_t search_head(const char *text, size_t length);

#endif

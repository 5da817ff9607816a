#ifndef INTAKE_HEADING_H
#define INTAKE_HEADING_H

#include "profile/profile.h"

/* Which fields of a register a heading may name, and how surely. A heading is read once, whatever
 * the register: as it stands, with what stands in brackets, with the heading above it, without
 * decoration (是否, 情况, a number behind), and as a word for a person before an attribute. */

enum {
    HEADING_TEXTS_MAX = 16,
    HEADING_HITS_MAX = 8,
    HEADING_OWN = 100,    /* the register lists this heading */
    HEADING_SHARED = 97,  /* the shared fields list it */
    HEADING_PERSON = 92,  /* a word for a person and an attribute */
    HEADING_TRIMMED = 80, /* without decoration */
    HEADING_ENDING = 65,  /* ends in a known heading */
    HEADING_LEAST = 50,
};

struct heading_text {
    struct str text; /* cleaned */
    int less;        /* how much less sure than the heading as it stands */
};

struct heading {
    struct str written; /* "监护人/姓名" when two rows make it */
    struct heading_text texts[HEADING_TEXTS_MAX];
    size_t text_count;
    enum profile_person above; /* person that the heading above names, PROFILE_SELF when none */
    bool serial;               /* a column that only counts */
};

/* A field that a heading may name. */
struct heading_hit {
    int field;
    int strength;
};

struct heading_hits {
    struct heading_hit hits[HEADING_HITS_MAX]; /* strongest first */
    size_t count;
    bool foreign; /* an attribute of somebody whom the register has no field for */
    bool bare;    /* an attribute without a word for whose it is */
};

/* What the user says that headings mean. */
struct heading_map {
    struct str *headings; /* cleaned */
    struct str *keys;     /* of fields; "-" for a column to leave aside */
    size_t count;
};

/* The field that the user's map gives to a heading ("-" for a column to leave aside); empty when it
 * gives none. */
struct str heading_mapped(const struct heading_map *map, const struct heading *heading);

/* Reads a heading; `above` is the heading over a group of columns, or empty. */
void heading_read(struct arena *arena, const struct profiles *profiles, struct str written,
                  struct str above, struct heading *out);

/* The fields of `profile` that the heading may name. */
void heading_hits(const struct profiles *profiles, const struct profile *profile,
                  const struct heading *heading, struct heading_hits *out);

/* The person that a cleaned text begins with a word for; *rest gets what follows. PROFILE_SELF and
 * rest == text when there is none. */
enum profile_person heading_person(const struct profiles *profiles, struct str text,
                                   struct str *rest);

/* True when the text is understood in any register, or by the shared fields. */
bool heading_known(const struct profiles *profiles, const struct heading *heading);

#endif

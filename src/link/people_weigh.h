#ifndef LINK_PEOPLE_WEIGH_H
#define LINK_PEOPLE_WEIGH_H

#include "link/people.h"

/* A second, closer look at single pairs. The engine adds up independent fields over all pairs; here
 * a pair is weighed against everything else it could be: not only two children drawn at random, but
 * brother and sister, twins, and neighbours of one village, who share guardian, surname, home and
 * at times the day of birth. It is made for the few thousand children on whom a finding depends.
 *
 * How often each level is seen among pairs of one person is learnt from the linked people
 * themselves (equal valid ID numbers tell it for names, birth and family; equal names, births and
 * families tell it for numbers), over a prior of modest weight; how often among strangers, from
 * pairs drawn at regular steps. Deterministic. */

enum weigh_name {
    WEIGH_NAME_EQUAL,
    WEIGH_NAME_ALIKE, /* one character, of equal sound or near shape; or all equal in
                         sound */
    WEIGH_NAME_ONE,   /* one character otherwise */
    WEIGH_NAME_PART,  /* a character missing, order changed, a pet name */
    WEIGH_NAME_GIVEN, /* given name equal, surname another */
    WEIGH_NAME_SURNAME,
    WEIGH_NAME_OTHER,
    WEIGH_NAME_MISSING,
    WEIGH_NAME_COUNT,
};
enum weigh_birth {
    WEIGH_BIRTH_EQUAL,
    WEIGH_BIRTH_SLIP, /* one day written in two ways */
    WEIGH_BIRTH_NEAR, /* other slips: see people_birth_slip */
    WEIGH_BIRTH_YEAR, /* equal year, or a year off and neighbouring months */
    WEIGH_BIRTH_NEXT,
    WEIGH_BIRTH_FAR,
    WEIGH_BIRTH_MISSING,
    WEIGH_BIRTH_COUNT,
};
enum weigh_id {
    WEIGH_ID_CONFIRMED, /* equal, and both rows state its day of birth beside it */
    WEIGH_ID_EQUAL,
    WEIGH_ID_SLIP,           /* one of them invalid, and one slip away from the other */
    WEIGH_ID_EQUAL_DOUBTFUL, /* equal, but by one row somebody else's */
    WEIGH_ID_DAMAGED,        /* one is not valid and further away */
    WEIGH_ID_DOUBTFUL,       /* one is somebody else's or school-made */
    WEIGH_ID_OTHER,          /* both valid, different */
    WEIGH_ID_MISSING,
    WEIGH_ID_COUNT,
};
enum weigh_kin {
    WEIGH_KIN_NUMBER, /* a guardian's or head's number in common */
    WEIGH_KIN_HOUSE,  /* household number, or phone and a guardian's name */
    WEIGH_KIN_NAME,   /* a guardian's or head's name, or the phone */
    WEIGH_KIN_OTHER,
    WEIGH_KIN_MISSING,
    WEIGH_KIN_COUNT,
};
enum weigh_home {
    WEIGH_HOME_VILLAGE,
    WEIGH_HOME_TOWNSHIP,
    WEIGH_HOME_COUNTY,
    WEIGH_HOME_OTHER,
    WEIGH_HOME_MISSING,
    WEIGH_HOME_COUNT,
};
enum weigh_sex { WEIGH_SEX_EQUAL, WEIGH_SEX_OTHER, WEIGH_SEX_MISSING, WEIGH_SEX_COUNT };
enum weigh_grade { WEIGH_GRADE_FITS, WEIGH_GRADE_ODD, WEIGH_GRADE_MISSING, WEIGH_GRADE_COUNT };
enum weigh_school {
    WEIGH_SCHOOL_CLASS,
    WEIGH_SCHOOL_GRADE,
    WEIGH_SCHOOL_SAME,
    WEIGH_SCHOOL_OTHER,
    WEIGH_SCHOOL_MISSING,
    WEIGH_SCHOOL_COUNT,
};

/* How two records agree, field by field: values of the enums above. */
struct weigh_levels {
    uint8_t name, birth, id, kin, home, sex, grade, school;
};

struct weigher;

/* Learns from linked people (persons filled), on up to `threads` threads (0: as many as the machine
 * offers). Lives in the arena; borrows `people`. Nothing changes in it any more: any number of
 * threads may ask. */
struct weigher *weigher_open(struct arena *arena, const struct people *people, size_t threads);

/* How two records agree, field by field. */
struct weigh_levels weigher_levels(const struct weigher *weigher, uint32_t a, uint32_t b);

/* log2 of how much more often such a pair is one person than not, in millibits: to be added to the
 * log2 odds that the two are one person before looking. */
int32_t weigher_pair(const struct weigher *weigher, uint32_t a, uint32_t b);

/* The same for given levels; `a` and `b` tell how common the values are. */
int32_t weigher_of_levels(const struct weigher *weigher, struct weigh_levels levels, uint32_t a,
                          uint32_t b);

/* Keys under which two records of one person are likely to meet, for finding pairs worth weighing:
 * at most WEIGHER_KEYS_MAX 64-bit keys of a record. Quick keys need equal texts and cost next to
 * nothing; the others also take names apart, by characters and sound. */
enum { WEIGHER_KEYS_MAX = 32 };
size_t weigher_keys(const struct weigher *weigher, uint32_t record, bool quick,
                    uint64_t out[WEIGHER_KEYS_MAX]);

/* The two of those keys by which a person is looked up, whatever else the record says: of a
 * canonical ID number and of a cleaned name (identity/name.h); 0 for an empty text. A record has
 * them where its own number and name are these. */
uint64_t weigher_id_key(struct str id_number);
uint64_t weigher_name_key(struct str clean);
uint64_t weigher_record_name_key(const struct weigher *weigher, uint32_t record);

/* What a weigher has learnt, as bytes; and how many persons carry a cleaned name, by its hash: each
 * once, ascending. In the arena. */
struct weigher_name {
    uint64_t clean;
    uint32_t persons;
};
struct str weigher_learnt(struct arena *arena, const struct weigher *weigher);
void weigher_names(struct arena *arena, const struct weigher *weigher, struct weigher_name **out,
                   size_t *count);

/* A weigher of some of the people that another has learnt from: it gives their pairs the same
 * weights. `persons_of` says of a cleaned name how many of all persons carry it. NULL when the
 * bytes are those of another program. */
struct weigher *weigher_again(struct arena *arena, const struct people *people, struct str learnt,
                              uint32_t (*persons_of)(void *context, uint64_t clean), void *context);

#endif

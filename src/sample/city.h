#ifndef SAMPLE_CITY_H
#define SAMPLE_CITY_H

#include "base/list.h"
#include "sample/settings.h"

/* The city as it is: who lives, of which family, where, and in which school on the first day and on
 * the last. Offices know parts of it (office.h), clerks spoil what they know (spoil.h). */

#define NOBODY UINT32_MAX

/* A parent or grandparent. */
struct adult {
    struct str name;
    char id[19];
    day birth;
    bool male;
};

enum residence {
    LIVES_AT_HOME,    /* in the village where the family is registered */
    LIVES_IN_TOWN,    /* registered in a village, living in the county's seat */
    LIVES_AWAY,       /* registered here, living outside the city */
    LIVES_NEVER_SEEN, /* registered here and elsewhere: an empty household (空挂户) */
    LIVES_INCOMER,    /* registered outside the city, living here */
};

struct family {
    uint32_t father, mother, elder; /* in adults, or NOBODY; one of them is there */
    uint32_t head;                  /* of the household, in adults */
    uint32_t village;               /* registered in; incomers: living in */
    uint32_t lives;                 /* village lived in; NOBODY when outside the city */
    uint32_t outside; /* place outside where they live, or are registered (incomers) */
    uint32_t first_child, child_count;
    uint32_t number; /* of the household */
    uint64_t phone;
    enum residence residence;
    bool left_behind, listed; /* listed: in the register of residents */
    bool poverty, dibao, destitute, orphaned;
    uint8_t watch; /* 0, or the kind of monitoring 1 to 3 */
};

enum situation {
    IS_YOUNG,     /* before school, or grown up and in none */
    IS_AT_SCHOOL, /* at a school of the city */
    IS_ELSEWHERE, /* at a school outside the city */
    IS_HOMEBOUND, /* taught at home */
    IS_DEFERRED,  /* deferral or suspension approved */
    IS_DEAD,
    IS_MOVED_OUT, /* registration moved out of the city */
    IS_MISSING,   /* truly in no school on the first day */
};

/* How a missing child is found by the last day. */
enum outcome {
    OUTCOME_NONE,
    OUTCOME_SCHOOL,
    OUTCOME_HOMEBOUND,
    OUTCOME_DEFERRED,
    OUTCOME_ELSEWHERE
};

/* What the registers of schools still show of a missing child. */
enum trace { TRACE_NONE, TRACE_GRADUATE, TRACE_TRANSFERRED, TRACE_LEFT };

/* On the day of the attendance list. */
enum presence { PRESENT, ON_LEAVE, ABSENT, NOT_LISTED };

struct child {
    uint32_t family;
    struct str name, surname;
    char id[19]; /* empty: never registered */
    day birth;
    uint8_t age; /* completed years on the cutoff day */
    bool male;
    uint8_t nation; /* number in nations */
    enum situation situation;
    enum stage stage; /* of the school, also of one outside */
    uint8_t grade;    /* 1 … */
    uint8_t class_number;
    bool boarding, finished; /* finished: junior school is done */
    bool primary_done;       /* left primary school this summer */
    uint32_t school;         /* in schools, or NOBODY */
    uint32_t second_school;  /* of an older roll that was never closed, or NOBODY */
    bool on_roll;
    bool left_open; /* a row 转出 on the roll of `school` though now elsewhere */
    enum presence presence;
    bool registered;       /* in the register of population */
    bool listed_elsewhere; /* on the list 市外就读 */
    bool listed_late;      /* on that of the last day only; the door survey names the school */
    uint8_t disability_kind, disability_grade; /* 0: none */
    bool orphan, recognised;
    uint8_t major; /* of a vocational school, number in the settings' majors */
    enum story story;
    enum outcome outcome;
    enum trace trace;
    enum story reason_absent; /* of a child on a roll that is not at school */
    uint32_t outcome_school;
    uint8_t suspect; /* outcome code (核查结果) of who is on the list sent down; 0: not on it */
    struct str written_name, written_id; /* by the register that expects the child, once written */
};

struct school {
    char code[11];
    struct str name, short_name;
    enum stage stage;
    uint32_t village, township, county;
    uint32_t district;
    uint32_t students;   /* on roll */
    uint32_t grades[10]; /* by grade, for classes */
    bool reports;        /* sends its attendance list */
};

/* What is true of a payment against what was due. */
enum payment_state {
    PAYMENT_RIGHT,
    PAYMENT_MISSED, /* due and not paid */
    PAYMENT_UNDUE,  /* paid and not due */
    PAYMENT_TWICE,  /* paid twice, or together with what excludes it */
};

/* What is due to a child, or paid, of one scheme for one term. */
struct payment {
    uint32_t child, school;
    uint32_t plan;  /* the list on which it stands, in settings.plans */
    uint8_t scheme; /* in settings.aid.schemes */
    uint8_t grade;  /* of the child in that term */
    uint8_t times;  /* how often it was paid */
    int64_t due_fen, each_fen;
    enum payment_state state;
};

/* The account to which a child's aid goes, and what the list says of it. */
struct account {
    uint32_t child, school;
    uint32_t plan;         /* the list on which it stands, in settings.plans */
    struct str number;     /* as the bank has it; empty: there is none */
    struct str holder;     /* likewise */
    uint32_t holder_adult; /* the guardian; NOBODY: the child */
    struct str bank;
    struct str stated_number, stated_holder; /* as the list has them */
    enum account_kind kind;
};

/* What is true of a village besides its people. */
struct village_fact {
    bool poor, needs, has; /* needs, has a kindergarten */
    day exited, assured;   /* left poverty; schooling found assured. Of poor villages */
    uint32_t shared_with;  /* the village whose kindergarten serves it, or NOBODY */
    uint32_t metres;       /* to there */
    uint32_t kindergarten; /* the school that serves it, or NOBODY */
};

struct school_map;

struct city {
    struct arena *arena;
    const struct settings *settings;
    uint64_t seed;
    day cutoff; /* 31 August before the first day */
    uint32_t children_wanted;
    bool *county_used;
    bool *township_used;
    uint32_t *township_district; /* by township; districts are numbered over the city */
    uint32_t district_count;
    uint32_t *seat_township; /* by county: where its largest schools are */
    bool *township_late;
    struct weighted_list villages; /* those in use, by weight; item i is number village_of[i] */
    uint32_t *village_of;
    struct str *village_surname; /* by village: the commonest */
    uint32_t *village_last[2];   /* by village and sex: the child named last, or NOBODY */
    LIST(struct adult) adults;
    LIST(struct family) families;
    LIST(struct child) children;
    LIST(struct school) schools;
    LIST(struct payment) payments; /* by plan, child, scheme */
    LIST(struct account) accounts; /* by plan, child */
    struct school_map *map;        /* schools by place */
    struct village_fact *facts;    /* by village, once works_villages has drawn them */
    uint32_t counted;              /* children of 3 to 22 */
    uint32_t of_age;               /* of compulsory-school age and living or registered here */
    uint32_t first_missing;
};

enum { NATION_COUNT = 6 };
extern const char *const nation_names[NATION_COUNT];

/* Districts in use, families with parents, grandparents and children. Behind it every child is
 * IS_YOUNG. */
void city_people(struct city *city, struct arena *arena, const struct settings *settings,
                 uint32_t children, uint64_t seed);

/* Schools, and who goes to which; who lives elsewhere, is taught at home, died. */
void city_schools(struct city *city);

/* The school of a stage that serves a village: the township's nearest, else one of the county, else
 * one of the city. */
uint32_t city_school_near(const struct city *city, enum stage stage, uint32_t village);

/* Who is truly in no school and how each is found by the last day; who is absent, on two rolls, at
 * school without one; which school and township have not reported. */
void city_stories(struct city *city);

/* How many teachers a school has. */
uint32_t city_school_teachers(const struct school *school);

/* True for the central kindergarten of a township. */
bool city_school_central(const struct city *city, uint32_t school);

/* Which aid is due to whom and what was paid, list by list. Behind city_stories. Draws from
 * streams of its own. */
void city_aid(struct city *city);

/* To whose accounts aid goes, list by list. Behind city_aid. Draws from streams of its own. */
void city_accounts(struct city *city, int64_t error_permille);

/* The number of the account that a family has at a bank, or a child of 16 and older; where it is,
 * and who holds it (an adult, or NOBODY: the child). In the arena. */
struct str city_account_number(const struct city *city, struct arena *arena, uint32_t child);
struct str city_account_bank(const struct city *city, uint32_t child);
uint32_t city_account_holder(const struct city *city, uint32_t child);

/* Who stands on the list of suspects that is sent down, and the right outcome. Behind city_stories.
 * Draws from streams of its own. */
void city_suspects(struct city *city, int64_t error_permille);

/* Whether the number on the roll of a child is not the child's own. */
bool city_roll_number_is_wrong(const struct city *city, uint32_t child, int64_t error_permille,
                               struct arena *scratch);

/* The facts of a child that decide about aid, as the registers of the first day have them: bits of
 * enum aid_fact. */
uint32_t city_aid_facts(const struct city *city, uint32_t child);

/* The approved fee of a school for a term, in fen; 0 where none is charged. */
int64_t city_school_fee(const struct city *city, uint32_t school);

/* True for a child of compulsory-school age that is expected in a school of the city. */
bool child_of_age(const struct child *child);

/* Since when a child is registered where it is, if it moved in, as one in six did: between 1 March
 * 2012, or its birth if that is later, and the autumn of 2019. DAY_NONE: it did not. */
day child_moved_in(const struct child *child, struct rng *rng);

/* The guardian that offices write first, and the other one (NOBODY when there is none). */
uint32_t family_guardian(const struct family *family);
uint32_t family_guardian2(const struct family *family);

/* The county, township of a village. */
uint32_t village_county(const struct settings *settings, uint32_t village);

/* A true share of `ppm` parts per million, drawn. */
bool sample_chance(struct rng *rng, uint32_t ppm);

/* Writes an ID number: 6 digits of division, day of birth, a sequence number of 900 and above (odd:
 * male) unless all are given away on that day, the check character. `sequence` is the nth such
 * child. */
void sample_id_number(char out[19], struct str division, day birth, bool male, uint32_t sequence);

#endif

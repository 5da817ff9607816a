#ifndef FINDINGS_RULES_H
#define FINDINGS_RULES_H

#include "link/people.h"

/* What ought to be, as text: policies/PACK/rules/KEY.yaml says what a record of each register means
 * for a child (docs/checks.md describes the format). The check knows no register by name. */

/* What a clause says of a child; the words stand in compulsory.yaml. */
enum rule_says {
    SAYS_EXPECTED,
    SAYS_GONE,
    SAYS_ENROLLED,
    SAYS_ATTENDING,
    SAYS_ABSENT,
    SAYS_LEFT,
    SAYS_FINISHED,
    SAYS_LAWFUL,
    SAYS_SCHOOLED,
    SAYS_UNSCHOOLED,
    SAYS_COUNT,
};

/* Whose work a finding is: 去入户, 查外地学籍, 改数据, 缺报表; 核资助: the office that pays aid
 * looks into it; 补信息: something is to be asked for before aid can be decided; 督办: whoever is
 * above urges the one who is late. */
enum queue {
    QUEUE_VISIT,
    QUEUE_ASK_ELSEWHERE,
    QUEUE_FIX_DATA,
    QUEUE_REPORT_MISSING,
    QUEUE_PAY,
    QUEUE_COLLECT,
    QUEUE_WATCH,
    QUEUE_URGE,
    QUEUE_COUNT,
};

struct rule_condition {
    enum person_field field;
    struct str *words; /* canonical values; "" an empty cell, "*" any value */
    size_t word_count;
    bool unless; /* the clause holds only when none of the words is there */
};

struct rule_clause {
    enum rule_says says;
    struct str register_key;
    struct rule_condition *conditions;
    size_t condition_count;
    bool term;         /* the day must lie between from and to */
    struct str reason; /* key in `reasons`, or empty */
};

/* A reason that a finding or a clause names, and its words on screen. */
struct rule_reason {
    struct str key, zh, en;
    int64_t true_permille; /* of the lines with this reason, how many prove true when visited */
};

struct rules {
    struct str key, zh, en;
    int age_from, age_to; /* completed years on the last 31 August, both included */
    int preschool_age_to; /* up to this age a kindergarten counts as being in school */
    struct str *stages;   /* compulsory stages */
    size_t stage_count;
    struct rule_clause *clauses;
    size_t clause_count;
    struct rule_reason *reasons;
    size_t reason_count;
    int64_t work_minutes[QUEUE_COUNT];
    int64_t list_from_permille;
    int64_t unreported_share_permille;
    int64_t unreported_children_min;
};

/* Loads rules/compulsory.yaml of the embedded packs, or of `folder` when not NULL. ERR_INPUT with
 * file, line and column: an unknown register, field, word or key is an error, and so is a reason
 * without words in both languages, be it one that a clause names or that the checks themselves
 * give. */
MUST_USE bool rules_load(struct rules *out, struct arena *arena, const struct profiles *profiles,
                         const char *folder, struct err *err);

/* True when a record of `people` meets the clause on the day of `people->when`. */
bool rules_clause_holds(const struct rule_clause *clause, const struct people *people,
                        uint32_t record);

/* How many of a thousand lines with this reason prove true; 900 when the rules do not say. */
int64_t rules_reason_permille(const struct rules *rules, struct str key);

/* True when the rules have words for the reason: all that a check gives. */
bool rules_has_reason(const struct rules *rules, struct str key);

/* The words for a reason; the key itself when the rules do not name it. */
struct str rules_reason_text(const struct rules *rules, struct str key, enum lang lang);

/* "visit", "ask_elsewhere", "fix_data", "report_missing", "pay", "collect", "urge"; and their
 * words. */
const char *queue_key(enum queue queue);
const char *queue_text(enum queue queue, enum lang lang);
int queue_of(struct str key); /* or -1 */

#endif

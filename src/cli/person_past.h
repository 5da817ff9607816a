#ifndef CLI_PERSON_PAST_H
#define CLI_PERSON_PAST_H

#include "cli/report.h"

/* Numbers of persons that are in use no more: where they lead. */

/* From one number to the next. */
struct person_step {
    int64_t from, into;
    int64_t at_ms; /* moment of the run that joined them */
};

enum { PERSON_STEPS_MAX = 64 };

/* What the command says of a number's past beside the person's records. */
struct person_trail {
    struct person_step steps[PERSON_STEPS_MAX]; /* how the number asked for leads to the person */
    size_t step_count;
    struct person_past past; /* of the person's own number */
};

/* As person_find; a number that was joined into another leads to the person that now has it. One
 * whose records went to several is ERR_CONFLICT, naming them; one whose records are not in force
 * any more ERR_NOT_FOUND, saying since when. */
MUST_USE bool person_follow(struct cli *cli, const struct people *people, const char *word,
                            uint32_t *person, struct person_trail *trail, struct err *err);

/* The trail and the records that left the person for others, as words; and as keys of a JSON object
 * (`joined`, `left`; nothing where there is nothing to say). */
void person_trail_tell(const struct cli *cli, const struct person_trail *trail);
void person_trail_json(const struct cli *cli, const struct person_trail *trail, struct json *json);

#endif

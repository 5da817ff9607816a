#ifndef CLI_STUDENTS_H
#define CLI_STUDENTS_H

#include "awards/student_file.h"
#include "cli/packs.h"
#include "jobs/person_facts.h"

/* Whom `aid` and `policy impact` decide about. */

#define OPTION_OF_STUDENTS                                                                         \
    {                                                                                              \
        "--students", OPTION_FILE, "FILE", NULL, "学生名单（.csv 或 .xlsx），不用工作区",          \
            "a list of students (.csv or .xlsx) in place of the workspace"                         \
    }
#define OPTION_OF_SUBJECT                                                                          \
    {                                                                                              \
        "--subject", OPTION_TEXT, "KEY", NULL,                                                     \
            "对象是谁（默认 student 学生；也可是政策文本里的"                   \
            "其他主体，如 teacher 教师，不给名单时读教师名册）",                                   \
            "whom it is about (default student; or another subject of the policy, as teacher: "    \
            "without a list those of the register of teachers)"                                    \
    }
#define OPTION_OF_SCHEME                                                                           \
    {                                                                                              \
        "--scheme", OPTION_TEXT, "S,…", NULL, "只看这些项目（键或名称，逗号分隔）",                \
            "only these schemes (keys or names, commas between)"                                   \
    }

struct students {
    struct award_people people;
    day at;
    int64_t known_ms;    /* of a workspace */
    struct aid_run *run; /* what the workspace gave; NULL: they are of a file */
};

/* The rules that decide: the packs that --packs names, or all; in a workspace that is asked for
 * what was known (--known) those of then. `text` is NULL where it is that of the workspace, and
 * `sources` then are those of the packs alone. Errors as packs_of_option and job_rules_known. */
MUST_USE bool students_rules(struct cli *cli, struct aid_rules *out, struct err *err);

/* Whom students_read is asked for. */
struct students_wish {
    bool with_names; /* also of a list, for a letter */
    const char *one; /* id of somebody who is asked for alone: others may be left out; or NULL */
};

/* Reads the people of a policy from the file that --students names, for the day --at; without it
 * those of the workspace, linked from its registers, by person number. Headings that were not
 * understood are named on standard error.
 * ERR_USAGE where an option is missing; errors of student_file_read. */
MUST_USE bool students_read(struct cli *cli, const struct aid_rules *rules,
                            const struct students_wish *asked, struct students *out,
                            struct err *err);

/* The schemes that --scheme names, by key; none: NULL. */
MUST_USE bool students_schemes(struct cli *cli, const struct policy *policy, uint16_t **out,
                               size_t *count, struct err *err);

#endif

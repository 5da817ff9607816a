#include "cli/students.h"

#include "cli/bar.h"

#include <stdlib.h>

/* The subject that the list is about. A policy about one kind of people needs no name for it. */
static bool find_subject(const struct cli *cli, const struct policy *policy, uint16_t *out,
                         struct err *err)
{
    const char *name = cli_option(cli, "--subject");
    *out = policy_find_subject(policy, str_from(name == NULL ? "student" : name));
    if (*out != POLICY_NONE) return true;
    if (name != NULL) {
        return err_set(err, ERR_USAGE, "the policy has no subject \"%s\"", "政策文本没有主体“%s”",
                       name);
    }
    if (policy->subject_count == 1) {
        *out = 0;
        return true;
    }
    return err_set(err, ERR_INPUT,
                   "the policy has no subject \"student\"; say which: --subject KEY",
                   "政策文本没有主体“student”，请指明：--subject 主体");
}

static void name_ignored(const struct cli *cli, const struct student_file *file)
{
    for (size_t i = 0; i < file->ignored_count; i++) {
        cli_note(cli, "“%.*s”列没有用到", "the column \"%.*s\" is not used",
                 STR_ARG(file->ignored[i]));
    }
}

/* The students of the workspace, as its registers state them; of one person (0: all). */
static bool read_rows(struct cli *cli, const struct aid_rules *rules, struct read_at when,
                      int64_t person, struct aid_run *run, struct err *err)
{
    struct bar bar;
    bool by_index;
    const struct facts_question question = {
        .when = when, .now = !cli_has(cli, "--known"), .person = person};
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = person == 0
                    ? job_facts(&cli->workspace, cli->arena, &cli->asker, when, rules,
                                &bar.progress, run, err)
                    : job_facts_of_person(&cli->workspace, cli->arena, &cli->asker, &question,
                                          rules, &bar.progress, run, &by_index, err);
    bar_end(&bar);
    return good;
}

static bool read_workspace(struct cli *cli, const struct aid_rules *given, const char *one,
                           struct students *out, struct err *err)
{
    struct aid_run *run = arena_new(cli->arena, struct aid_run);
    struct read_at when;
    int64_t person = 0;
    if (cli->workspace.store == NULL && !cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &when, err)) return false;
    struct aid_rules rules = *given;
    if (rules.text == NULL) rules.text = &cli->workspace.facts;
    if (one != NULL && (!str_to_i64(str_from(one), &person) || person < 0)) person = 0;
    if (!read_rows(cli, &rules, when, person, run, err)) return false;
    *out = (struct students){
        .people = run->rows, .at = when.at, .known_ms = when.known_ms, .run = run};
    return true;
}

/* Those of another subject, as the workspace's registers state them: teachers. */
static bool read_roster(struct cli *cli, const struct policy *policy, const char *subject,
                        struct students *out, struct err *err)
{
    struct read_at when;
    uint16_t number;
    if (cli->workspace.store == NULL && !cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &when, err) || !find_subject(cli, policy, &number, err)) return false;
    *out = (struct students){.at = when.at, .known_ms = when.known_ms};
    return job_roster(&cli->workspace, cli->arena, &cli->asker, when, policy, subject, &out->people,
                      err);
}

bool students_rules(struct cli *cli, struct aid_rules *out, struct err *err)
{
    struct pack_set set;
    struct read_at when;
    bool then = cli_has(cli, "--known") && !cli_has(cli, "--students") && !cli_has(cli, "--packs");
    if (!then) {
        if (!packs_of_option(cli, &set, err)) return false;
        *out = (struct aid_rules){
            .policy = set.policy, .sources = set.sources, .source_count = set.source_count};
        return true;
    }
    return (cli->workspace.store != NULL || cli_open(cli, false, err)) && cli_when(cli, &when, err)
           && job_rules_known(&cli->workspace, cli->arena, when.known_ms, out, err);
}

bool students_read(struct cli *cli, const struct aid_rules *rules,
                   const struct students_wish *asked, struct students *out, struct err *err)
{
    const struct policy *policy = rules->policy;
    struct student_wish wish = {.policy = policy,
                                .path = cli_option(cli, "--students"),
                                .simd = getenv("BAOXUE_SIMD"),
                                .with_names = asked->with_names};
    struct student_file file;
    day at = cli_day(cli, "--at");
    const char *subject = cli_option(cli, "--subject");
    if (wish.path == NULL && subject != NULL && !str_is(str_from(subject), "student")) {
        return read_roster(cli, policy, subject, out, err);
    }
    if (wish.path == NULL) return read_workspace(cli, rules, asked->one, out, err);
    if (day_is_none(at)) {
        return err_set(err, ERR_USAGE, "say the day: --at 2020-11-25",
                       "请指明日期：--at 2020-11-25");
    }
    if (!find_subject(cli, policy, &wish.subject, err)) return false;
    if (!student_file_read(cli->arena, &wish, &file, err)) return false;
    name_ignored(cli, &file);
    *out = (struct students){.people = file.people, .at = at};
    return true;
}

static int by_number(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

bool students_schemes(struct cli *cli, const struct policy *policy, uint16_t **out, size_t *count,
                      struct err *err)
{
    size_t named, kept = 0;
    const char **names = packs_split(cli, cli_option(cli, "--scheme"), &named);
    uint16_t *schemes = arena_array(cli->arena, uint16_t, named);
    for (size_t i = 0; i < named; i++) {
        if (!packs_scheme(cli, policy, names[i], &schemes[i], err)) return false;
        if (policy->schemes[schemes[i]].form != POLICY_DECLARED) continue;
        return err_set(err, ERR_USAGE, "\"%s\" is a right of all and is never decided",
                       "“%s”是普遍权利，不逐人判定", names[i]);
    }
    if (named > 1) qsort(schemes, named, sizeof *schemes, by_number);
    for (size_t i = 0; i < named; i++) {
        if (kept == 0 || schemes[kept - 1] != schemes[i]) schemes[kept++] = schemes[i];
    }
    *out = named == 0 ? NULL : schemes;
    *count = kept;
    return true;
}

#include "jobs/placing_keep.h"

#include "access/audit.h"
#include "base/file.h"
#include "intake/table.h"
#include "placing/account.h"
#include "verifying/verifying.h"

#include <stdio.h>

enum { LOOK_BYTES_MAX = KEPT_FILE_BYTES_MAX, RECEIPT_DIGITS = 64, PATH_BYTES_MAX = 1 << 12 };

/* The column that only this table has. */
static const char *const marks[KEPT_PARTS] = {[KEPT_PROGRAMMES] = "quota",
                                              [KEPT_APPLICANTS] = "total",
                                              [KEPT_CHOICES] = "majors",
                                              [KEPT_RESULT] = "choice_rank",
                                              [KEPT_ALLOTMENTS] = "seats"};

static bool has_heading(const struct str *headings, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(str_trim(headings[i]), wanted)) return true;
    return false;
}

/* Which part a file is, or KEPT_PARTS. Rules name their batches at the beginning of a line. */
static enum kept_part part_of(struct arena *arena, const char *path)
{
    struct str *headings, text, line, rest;
    size_t count;
    struct err ignored;
    if (file_read(arena, path, LOOK_BYTES_MAX, &text, &ignored) && utf8_valid(text)) {
        rest = text;
        while (str_split(&rest, '\n', &line))
            if (str_starts(line, STR("batches:"))) return KEPT_RULES;
    }
    if (!table_read_headings(arena, path, &headings, &count, &ignored)) return KEPT_PARTS;
    for (int part = KEPT_PROGRAMMES; part < KEPT_PARTS; part++)
        if (has_heading(headings, count, marks[part])) return (enum kept_part)part;
    return KEPT_PARTS;
}

static bool is_missing(enum kept_part part, struct err *err)
{
    switch (part) {
    case KEPT_RULES:
        return err_set(err, ERR_INPUT, "the rules (yaml) are missing among the files",
                       "文件里缺少规则（yaml）");
    case KEPT_PROGRAMMES:
        return err_set(err, ERR_INPUT, "the programmes (with a column quota) are missing",
                       "文件里缺少招生计划表（有 quota 列）");
    case KEPT_APPLICANTS:
        return err_set(err, ERR_INPUT, "the applicants (with a column total) are missing",
                       "文件里缺少考生表（有 total 列）");
    default:
        return err_set(err, ERR_INPUT, "the choices (with a column majors) are missing",
                       "文件里缺少志愿表（有 majors 列）");
    }
}

static bool sort_files(struct arena *arena, const struct placing_file *files, size_t count,
                       const char *paths[KEPT_PARTS], struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        enum kept_part part = part_of(arena, files[i].path);
        if (part == KEPT_PARTS)
            return err_set(
                err, ERR_INPUT,
                "\"%.*s\" is neither rules nor programmes, applicants, choices, allotments "
                "or a result: see the names of columns in the guide",
                "“%.*s”既不是规则，也不是计划、考生、志愿、分配或结果表：列名见使用手册",
                STR_ARG(files[i].name));
        if (paths[part] != NULL)
            return err_set(err, ERR_INPUT, "\"%.*s\" comes besides another file of its kind",
                           "“%.*s”与另一份文件是同一种表", STR_ARG(files[i].name));
        paths[part] = files[i].path;
    }
    for (int part = 0; part < KEPT_RESULT; part++)
        if (paths[part] == NULL) return is_missing((enum kept_part)part, err);
    return true;
}

/* The result of the office's own rules, beside the files. */
static bool make_result(struct arena *arena, const struct place_input *input, const char *folder,
                        const char **path, struct err *err)
{
    struct place_result result;
    struct text text;
    text_init(&text, arena, PATH_BYTES_MAX);
    text_add_f(&text, "%s/placing_result.csv", folder);
    place_run(arena, input, false, &result);
    *path = text.ptr;
    return place_write(text.ptr, input, &result, err);
}

static bool count_run(struct arena *arena, const struct place_input *input,
                      const char *const paths[KEPT_PARTS], struct kept_run *run, struct err *err)
{
    struct verify_report report;
    struct place_count *counts;
    size_t count;
    const struct verify_paths verify = {.rules = paths[KEPT_RULES],
                                        .programmes = paths[KEPT_PROGRAMMES],
                                        .applicants = paths[KEPT_APPLICANTS],
                                        .choices = paths[KEPT_CHOICES],
                                        .allotments = paths[KEPT_ALLOTMENTS],
                                        .result = paths[KEPT_RESULT]};
    if (!place_account(arena, input, paths[KEPT_RESULT], PLACE_BY_PLAN, &counts, &count, err)
        || !verify_run(arena, &verify, &report, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        run->seats += counts[i].seats;
        run->placed += counts[i].placed;
    }
    run->applicants = (int64_t)input->applicant_count;
    run->choices = (int64_t)input->choice_count;
    run->groups = (int64_t)input->group_count;
    run->violations = (int64_t)report.violation_count;
    return true;
}

bool job_placing_keep(struct workspace *workspace, const struct asker *asker, struct arena *arena,
                      const struct placing_file *files, size_t count, const char *folder,
                      struct str name, struct str area, struct kept_run *out, struct err *err)
{
    const char *paths[KEPT_PARTS] = {NULL};
    struct place_input input;
    struct kept_run run = {.name = name, .area = area};
    if (!sort_files(arena, files, count, paths, err)) return false;
    const struct place_paths four = {.rules = paths[KEPT_RULES],
                                     .programmes = paths[KEPT_PROGRAMMES],
                                     .applicants = paths[KEPT_APPLICANTS],
                                     .choices = paths[KEPT_CHOICES],
                                     .allotments = paths[KEPT_ALLOTMENTS]};
    run.given = paths[KEPT_RESULT] != NULL;
    if (!place_read(arena, &four, &input, err)
        || (!run.given && !make_result(arena, &input, folder, &paths[KEPT_RESULT], err)))
        return false;
    bool done =
        count_run(arena, &input, paths, &run, err)
        && kept_add(workspace->store, workspace->codec, &workspace->clock, asker, paths, &run, err);
    if (!run.given) (void)remove(paths[KEPT_RESULT]);
    if (done) *out = run;
    return done;
}

bool job_placing_open(struct placing_desk *out, struct workspace *workspace,
                      const struct asker *asker, struct arena *arena, int64_t number,
                      struct err *err)
{
    if (!kept_open(&out->files, workspace->store, workspace->codec, arena, asker, number, err))
        return false;
    struct place_paths paths = kept_paths(&out->files);
    return place_read(arena, &paths, &out->input, err);
}

void job_placing_close(struct placing_desk *desk)
{
    kept_close(&desk->files);
}

bool job_placing_sees(const struct placing_desk *desk, const struct workspace *workspace,
                      const struct asker *asker, struct str county)
{
    int64_t number;
    if (desk->files.whole) return true;
    if (county.len == 0) return false;
    if (str_to_i64(county, &number)) return asker_sees(asker, county);
    struct str code = division_of_address(workspace->divisions, county, desk->files.run.area);
    return code.len >= 6 && asker_sees(asker, code);
}

/* Whether the kept result has just what the rules give this applicant. */
static bool find_in_result(struct placing_desk *desk, struct arena *arena,
                           const struct place_explanation *explanation,
                           const struct place_result *result, bool *differs, struct err *err)
{
    static const char *const columns[] = {"applicant", "group", "programme"};
    const struct place_input *input = &desk->input;
    size_t who = (size_t)(explanation->applicant - input->applicants);
    struct table *table;
    struct table_row row;
    bool more, good, there = false;
    *differs = false;
    if (!table_open(&table, arena, desk->files.paths[KEPT_RESULT], columns, NULL, 3, err))
        return false;
    while ((good = table_next(table, &row, &more, err)) && more) {
        if (!str_equal(row.cells[0], explanation->applicant->number)) continue;
        there = true;
        if (result->placed[who] == PLACE_NONE) continue;
        const struct place_choice *choice = &input->choices[result->placed[who]];
        *differs = !str_equal(row.cells[1], input->groups[choice->group].code)
                   || !str_equal(row.cells[2], input->programmes[result->programmes[who]].code);
    }
    table_close(table);
    *differs = *differs || there != (result->placed[who] != PLACE_NONE);
    return good;
}

/* On the trail stands the beginning of the receipt, not the number. */
static bool on_record(const struct placing_desk *desk, struct workspace *workspace,
                      const struct asker *asker, struct arena *arena,
                      const struct place_explanation *explanation, struct err *err)
{
    struct text object;
    text_init(&object, arena, 128);
    text_add_f(&object, "placing %lld, receipt %.16s", (long long)desk->files.run.number,
               explanation->receipt);
    return audit_append(workspace->store, &workspace->clock, asker, AUDIT_PLACING_EXPLAIN,
                        text_str(&object), STR(""), err);
}

bool job_placing_explain(struct placing_desk *desk, struct workspace *workspace,
                         const struct asker *asker, struct arena *arena, struct str applicant,
                         struct place_explanation *out, bool *differs, struct err *err)
{
    struct place_result result;
    place_run(arena, &desk->input, true, &result);
    if (!place_explain(arena, &desk->input, &result, applicant, true, out, err)) return false;
    if (!job_placing_sees(desk, workspace, asker, out->applicant->county))
        return err_set(err, ERR_NOT_FOUND, "there is no applicant \"%.*s\"", "没有考生“%.*s”",
                       STR_ARG(applicant));
    return find_in_result(desk, arena, out, &result, differs, err)
           && on_record(desk, workspace, asker, arena, out, err);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
}

bool job_placing_has_receipt(const struct placing_desk *desk, struct str receipt)
{
    char wanted[RECEIPT_DIGITS], own[RECEIPT_DIGITS + 1];
    if (receipt.len != RECEIPT_DIGITS) return false;
    for (size_t i = 0; i < RECEIPT_DIGITS; i++) wanted[i] = lower(receipt.ptr[i]);
    for (size_t a = 0; a < desk->input.applicant_count; a++) {
        place_receipt(&desk->input, &desk->input.applicants[a], own);
        if (str_equal((struct str){wanted, RECEIPT_DIGITS}, (struct str){own, RECEIPT_DIGITS}))
            return true;
    }
    return false;
}

#include "base/file.h"
#include "jobs/placing_keep.h"
#include "jobs/upload.h"
#include "jobs/view.h"
#include "placing/account.h"
#include "placing/letter.h"
#include "web/routes.h"
#include "web/show.h"

/* Runs of placing that were kept: plans against results, and why not me. Of applicants nothing is
 * shown but what concerns the one who was asked for; of others ranks, borders and counts. */

enum { PATH_BYTES_MAX = 1 << 15, NAME_BYTES_MAX = 1024 };

static void write_run(struct json *json, const struct request *request, const struct kept_run *run)
{
    json_object(json);
    json_key_i64(json, "run", run->number);
    json_key_str(json, "name", run->name);
    json_key_str(json, "area", run->area);
    json_key_str(json, "area_name", division_name_of(request->workspace->divisions, run->area));
    json_key_i64(json, "made_ms", run->made_ms);
    json_key_str(json, "user", run->user_name);
    json_key_i64(json, "applicants", run->applicants);
    json_key_i64(json, "choices", run->choices);
    json_key_i64(json, "groups", run->groups);
    json_key_i64(json, "seats", run->seats);
    json_key_i64(json, "placed", run->placed);
    json_key_bool(json, "given", run->given);
    json_key_i64(json, "violations", run->violations);
    json_key_bool(json, "whole", asker_sees(&request->asker, run->area));
    json_object_end(json);
}

static bool runs(struct request *request, struct answer *answer, struct err *err)
{
    struct kept_run *rows;
    size_t count, total = 0;
    const struct view_page page = show_page(request);
    if (!kept_list(request->workspace->store, request->arena, &request->asker, &rows, &count, err))
        return false;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++)
        if (view_on_page(&page, total++)) write_run(json, request, &rows[i]);
    answer_rows_end(answer, request, total);
    return true;
}

/* The folder that the files lie in is gone when the request is over. */
static bool keep(struct request *request, struct answer *answer, struct err *err)
{
    struct placing_file *files =
        arena_array(request->arena, struct placing_file, request->file_count);
    const char *folder;
    struct kept_run run;
    int64_t upload = request->upload;
    for (size_t i = 0; i < request->file_count; i++)
        files[i] =
            (struct placing_file){.name = request->files[i].name, .path = request->files[i].path};
    /* A folder of its own for the result, if placing has to make it. */
    if (!upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err))
        return false;
    bool done = job_placing_keep(request->workspace, &request->asker, request->arena, files,
                                 request->file_count, folder, request_text(request, "name"),
                                 request_text(request, "area"), &run, err);
    upload_discard(request->parts->uploads, request->upload);
    request->upload = upload;
    if (done) write_run(answer_json(answer), request, &run);
    return done;
}

static bool remove_run(struct request *request, struct answer *answer, struct err *err)
{
    answer->status = 204;
    return kept_remove(request->workspace->store, &request->workspace->clock, &request->asker,
                       request_i64(request, "run", 0), err);
}

/* With an open run: what the handlers below do. */
typedef bool with_desk(struct request *request, struct answer *answer, struct placing_desk *desk,
                       struct err *err);

static bool with_run(struct request *request, struct answer *answer, with_desk *handle,
                     struct err *err)
{
    struct placing_desk *desk = arena_new(request->arena, struct placing_desk);
    bool done = job_placing_open(desk, request->workspace, &request->asker, request->arena,
                                 request_i64(request, "run", 0), err)
                && handle(request, answer, desk, err);
    job_placing_close(desk);
    return done;
}

static void write_count(struct json *json, enum place_by by, const struct place_count *count)
{
    /* By county seats that are open to all cannot be set against one of them. */
    bool open = by == PLACE_BY_COUNTY && count->seats == 0;
    json_object(json);
    json_key_str(json, "plan", count->plan);
    json_key_str(json, "county", count->county);
    json_key_str(json, "group", count->group);
    json_key_str(json, "programme", count->programme);
    json_key(json, "seats");
    open ? json_null(json) : json_i64(json, count->seats);
    json_key_i64(json, "placed", count->placed);
    json_key(json, "free");
    open || by == PLACE_BY_COUNTY ? json_null(json) : json_i64(json, count->seats - count->placed);
    json_key(json, "eligible");
    /* To the general plan no eligibility is proven. */
    by == PLACE_BY_PLAN && !str_is(count->plan, "general") ? json_i64(json, count->applicants)
                                                           : json_null(json);
    json_key(json, "lowest");
    count->placed == 0 ? json_null(json) : json_i64(json, count->lowest);
    json_key(json, "highest");
    count->placed == 0 ? json_null(json) : json_i64(json, count->highest);
    json_object_end(json);
}

static void write_use(struct json *json, bool by_source, const struct place_use *use)
{
    json_object(json);
    json_key_str(json, "source", use->source);
    json_key_str(json, "batch", use->batch);
    json_key_str(json, "group", use->group);
    json_key_i64(json, "seats", use->given);
    json_key_i64(json, "used", use->used);
    json_key_i64(json, "flowed_back", use->flowed_back);
    json_key_i64(json, "left_empty", use->left_empty);
    json_key(json, "applicants");
    by_source ? json_i64(json, use->applicants) : json_null(json);
    json_key(json, "placed");
    by_source ? json_i64(json, use->placed) : json_null(json);
    json_key(json, "lowest");
    use->used == 0 ? json_null(json) : json_i64(json, use->lowest);
    json_key(json, "highest");
    use->used == 0 ? json_null(json) : json_i64(json, use->highest);
    json_object_end(json);
}

/* What junior schools were given; only for who sees all of the run's area. */
static bool uses_of(struct request *request, struct answer *answer, struct placing_desk *desk,
                    struct err *err)
{
    struct place_use *uses;
    size_t count, total = 0;
    const struct view_page page = show_page(request);
    bool by_source = !str_is(request_text(request, "by"), "allotment");
    if (!desk->files.whole)
        return err_set(err, ERR_DENIED, "it takes a user of the whole area of the run",
                       "须由看得到整个范围的用户查看");
    if (!place_account_use(request->arena, &desk->input, desk->files.paths[KEPT_RESULT], by_source,
                           &uses, &count, err))
        return false;
    struct json *json = answer_rows(answer);
    if (!desk->input.has_sources) count = 0;
    for (size_t i = 0; i < count; i++)
        if (view_on_page(&page, total++)) write_use(json, by_source, &uses[i]);
    answer_rows_end(answer, request, total);
    return true;
}

static bool allotments(struct request *request, struct answer *answer, struct err *err)
{
    return with_run(request, answer, uses_of, err);
}

/* Who sees a part of the run's area sees the own counties. */
static bool report_of(struct request *request, struct answer *answer, struct placing_desk *desk,
                      struct err *err)
{
    struct place_count *counts;
    size_t count, total = 0;
    const struct view_page page = show_page(request);
    int said = place_by_of(request_text(request, "by"));
    enum place_by by = said < 0 ? PLACE_BY_PLAN : (enum place_by)said;
    if (!desk->files.whole) by = PLACE_BY_COUNTY;
    if (!place_account(request->arena, &desk->input, desk->files.paths[KEPT_RESULT], by, &counts,
                       &count, err))
        return false;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (!desk->files.whole
            && !job_placing_sees(desk, request->workspace, &request->asker, counts[i].county))
            continue;
        if (view_on_page(&page, total++)) write_count(json, by, &counts[i]);
    }
    answer_rows_end(answer, request, total);
    return true;
}

static bool report(struct request *request, struct answer *answer, struct err *err)
{
    return with_run(request, answer, report_of, err);
}

static void write_optional(struct json *json, const char *key, bool has, int64_t value)
{
    json_key(json, key);
    has ? json_i64(json, value) : json_null(json);
}

static void write_words(struct json *json, const char *key, const char *word, struct str zh,
                        struct str en)
{
    json_key(json, key);
    answer_words(json, str_from(word), zh, en);
}

/* What seats of junior schools have to do with it; null where nothing has. */
static void write_allotted(struct json *json, struct arena *arena,
                           const struct place_reason *reason, struct str source)
{
    struct str zh = place_allotted_text(arena, reason, source, LANG_ZH);
    json_key(json, "allotted");
    if (zh.len == 0)
        json_null(json);
    else
        answer_words(json, reason->allotted ? STR("allotted") : STR("open"), zh,
                     place_allotted_text(arena, reason, source, LANG_EN));
}

static void write_reason(struct json *json, struct arena *arena, const struct place_input *input,
                         const struct place_reason *reason, struct str source)
{
    json_object(json);
    write_words(json, "text", place_outcome_key(reason->fate.outcome),
                place_reason_text(arena, input, reason, LANG_ZH),
                place_reason_text(arena, input, reason, LANG_EN));
    json_key_str(json, "barred_by", str_from(place_bar_key(reason->fate.bar)));
    json_key_bool(json, "number_decided", reason->fate.number_decided);
    json_key_i64(json, "seats", reason->seats);
    json_key_i64(json, "capacity", reason->capacity);
    json_key_i64(json, "files", (int64_t)reason->files);
    json_key_i64(json, "ahead", (int64_t)reason->ahead);
    write_optional(json, "line", reason->line != INT64_MIN, reason->line);
    write_optional(json, "lowest_sent", reason->any_sent, reason->sent_total);
    write_optional(json, "lowest_admitted", reason->any_admitted, reason->admitted_total);
    write_allotted(json, arena, reason, source);
    json_key(json, "remedies");
    json_list(json);
    for (size_t i = 0; i < reason->remedy_count; i++) {
        const struct place_remedy *remedy = &reason->remedies[i];
        answer_words(json, str_from(place_remedy_key(remedy->kind)),
                     place_remedy_text(arena, remedy, LANG_ZH),
                     place_remedy_text(arena, remedy, LANG_EN));
    }
    json_list_end(json);
    json_object_end(json);
}

static bool explain_one(struct request *request, struct answer *answer, struct placing_desk *desk,
                        struct err *err)
{
    struct place_explanation found;
    bool differs;
    if (!job_placing_explain(desk, request->workspace, &request->asker, request->arena,
                             request_text(request, "applicant"), &found, &differs, err))
        return false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_str(json, "applicant", found.applicant->number);
    json_key_i64(json, "total", found.applicant->total);
    json_key_i64(json, "rank", (int64_t)found.rank);
    json_key_i64(json, "equal", (int64_t)found.equal);
    json_key_bool(json, "placed", found.placed != PLACE_NONE);
    json_key_bool(json, "differs", differs);
    json_key_str(json, "receipt", str_from(found.receipt));
    json_key(json, "choices");
    json_list(json);
    for (size_t i = 0; i < found.reason_count; i++)
        write_reason(json, request->arena, &desk->input, &found.reasons[i], found.source);
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool explain(struct request *request, struct answer *answer, struct err *err)
{
    return with_run(request, answer, explain_one, err);
}

static bool write_letter(struct request *request, struct answer *answer, struct placing_desk *desk,
                         struct err *err)
{
    struct place_explanation found;
    struct place_letter letter = {.run = desk->files.run.name,
                                  .made = clock_today(&request->workspace->clock),
                                  .lang = str_is(request_text(request, "lang"), "en") ? LANG_EN
                                                                                      : LANG_ZH};
    bool docx = str_is(request_text(request, "format"), "docx");
    const char *folder;
    struct text path, name;
    struct str file;
    if (!job_placing_explain(desk, request->workspace, &request->asker, request->arena,
                             request_text(request, "applicant"), &found, &letter.differs, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err))
        return false;
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&path, "%s/letter.%s", folder, docx ? "docx" : "pdf");
    text_add_f(&name, "录取结果说明_%.*s.%s", STR_ARG(found.applicant->number),
               docx ? "docx" : "pdf");
    struct document *document = place_letter_make(request->arena, &desk->input, &found, &letter);
    if (!(docx ? document_docx(document, &file, err) : document_pdf(document, &file, err))
        || !file_write(path.ptr, file, 0600, err))
        return false;
    answer_file(answer, path.ptr, true, text_str(&name),
                docx ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                     : "application/pdf");
    return true;
}

static bool letter(struct request *request, struct answer *answer, struct err *err)
{
    return with_run(request, answer, write_letter, err);
}

static bool look_receipt(struct request *request, struct answer *answer, struct placing_desk *desk,
                         struct err *err)
{
    struct json *json = answer_json(answer);
    (void)err;
    json_object(json);
    json_key_bool(json, "found", job_placing_has_receipt(desk, request_text(request, "receipt")));
    json_object_end(json);
    return true;
}

static bool receipt(struct request *request, struct answer *answer, struct err *err)
{
    return with_run(request, answer, look_receipt, err);
}

#define RUN                                                                                        \
    {                                                                                              \
        "run", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "保存的投档的号",                     \
            "number of the kept run"                                                               \
    }
#define APPLICANT                                                                                  \
    {                                                                                              \
        "applicant", IN_BODY, PARAMETER_TEXT, true, 0, 60, NULL, "考生号",                         \
            "the applicant's number"                                                               \
    }

const struct route routes_placing[] = {
    {.method = METHOD_GET,
     .pattern = "/api/placing/runs",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = runs,
     .zh = "保存的投档，新的在前",
     .en = "runs of placing that were kept, newest first",
     .parameters = {ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/runs",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .handle = keep,
     .zh = "保存一次投档：规则、计划、考生、志愿四份文件，可加分给初中的名额、录取结果；次序不限",
     .en =
         "keeps a run: rules, programmes, applicants and choices, and if wanted allotments and the "
         "result, in any order",
     .parameters = {{"name", IN_BODY, PARAMETER_TEXT, true, 0, 120, NULL, "名称，信里也用",
                     "its name, also in letters"},
                    {"area", IN_BODY, PARAMETER_AREA, true, 0, 0, NULL, "所属区划", "its area"}}},
    {.method = METHOD_DELETE,
     .pattern = "/api/placing/runs/{run}",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .gives = ROUTE_GIVES_NOTHING,
     .handle = remove_run,
     .zh = "删除误存的投档，记入审计",
     .en = "removes a run that was kept by mistake; audited",
     .parameters = {RUN}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/runs/{run}/report",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = report,
     .zh = "计划与录取结果对照；只看得到部分县区的，只有本县区的行",
     .en = "plans against results; who sees a part of the area gets the rows of the own counties",
     .parameters = {RUN,
                    {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "plan|county|group|programme",
                     "按什么列（默认计划）", "by what (default: plan)"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/runs/{run}/allotments",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = allotments,
     .zh = "分给各初中的名额：分配、使用、回流",
     .en = "seats given to junior schools, used and flowed back",
     .parameters =
         {RUN,
          {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "source|allotment",
           "按初中，或按批次、高中和初中（默认初中）",
           "by junior school, or by batch, senior and junior school (default: the first)"},
          ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/runs/{run}/explain",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = explain,
     .zh = "一名考生逐个志愿为什么录取、为什么没有录取；记入审计",
     .en = "why an applicant was placed or not, choice by choice; audited",
     .parameters = {RUN, APPLICANT}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/runs/{run}/letter",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = letter,
     .zh = "同一说明，写成给家长的信（A4）；记入审计",
     .en = "the same as a letter to the family (A4); audited",
     .parameters = {RUN,
                    APPLICANT,
                    {"lang", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "zh|en", "语言（默认中文）",
                     "language (default: Chinese)"},
                    {"format", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "pdf|docx",
                     "格式（默认 pdf）", "form (default: pdf)"}}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/runs/{run}/receipt",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .body = ROUTE_BODY_JSON,
     .handle = receipt,
     .zh = "核对回执：这份考生信息和志愿是否原样参加了投档",
     .en = "whether the input with this receipt was in the run",
     .parameters = {RUN,
                    {"receipt", IN_BODY, PARAMETER_TEXT, true, 0, 64, NULL, "64 位十六进制",
                     "64 hexadecimal digits"}}},
    {.pattern = NULL},
};

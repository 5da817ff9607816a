#include "access/audit.h"
#include "awards/letter.h"
#include "awards/scheme_text.h"
#include "base/file.h"
#include "jobs/looks.h"
#include "jobs/upload.h"
#include "jobs/view_aid.h"
#include "web/routes.h"
#include "web/show.h"

#include <string.h>

enum { IMPACT_ROWS_MAX = 200, PATH_BYTES_MAX = 1 << 15 };

static void fen_or_null(struct json *json, const char *key, int64_t fen)
{
    json_key(json, key);
    if (fen < 0) {
        json_null(json);
    } else {
        json_i64(json, fen);
    }
}

static bool person_aid(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_aid_person aid;
    int64_t number = request_i64(request, "person", 0);
    if (!show_open(request, answer, &view, err) || !view_aid_person(&view, number, &aid, err)
        || !looks_note(request->parts->looks, &request->asker, number, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "student", aid.student);
    answer_day(json, "at", view.snapshot->at);
    json_key(json, "schemes");
    json_list(json);
    for (size_t i = 0; i < aid.explained_count; i++) {
        award_explained_json(json, &aid.explained[i]);
    }
    json_list_end(json);
    json_key(json, "payments");
    json_list(json);
    for (size_t i = 0; i < aid.payment_count; i++) {
        const struct view_payment *payment = &aid.payments[i];
        json_object(json);
        show_keys(json, "schemes", payment->schemes);
        json_key_str(json, "period", str_from(payment->period));
        fen_or_null(json, "fen", payment->fen);
        answer_day(json, "paid_on", payment->paid_on);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static struct str object_of(struct request *request, struct str scheme)
{
    struct text text;
    text_init(&text, request->arena, 256);
    text_add_f(&text, "person %lld %.*s", (long long)request_i64(request, "person", 0),
               STR_ARG(scheme));
    return text_str(&text);
}

/* On record before it is made: a letter leaves the system. */
static bool letter(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct award_explained explained;
    struct str pdf, scheme = request_text(request, "scheme");
    struct letter_wish wish = {.office = request_text(request, "office")};
    struct text path;
    const char *folder;
    if (!show_open(request, answer, &view, err)
        || !view_aid_explain(&view, request_i64(request, "person", 0), scheme, &explained, err)
        || !audit_append(request->workspace->store, &request->workspace->clock, &request->asker,
                         AUDIT_EXPORT, object_of(request, scheme), STR("letter"), err)
        || !letter_pdf(request->arena, &explained, &wish, &pdf, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/letter.pdf", folder);
    if (!file_write(path.ptr, pdf, 0600, err)) return false;
    answer_file(answer, path.ptr, true, STR("资助告知书.pdf"), "application/pdf");
    return true;
}

static void write_scheme(struct json *json, const struct policy *policy,
                         const struct view_scheme *row)
{
    const struct policy_scheme *scheme = row->scheme;
    json_object(json);
    json_key_str(json, "key", scheme->name.key);
    json_key_str(json, "zh", scheme->name.zh);
    json_key_str(json, "en", scheme->name.en);
    json_key_str(json, "pack", policy->packs[scheme->pack].name.key);
    json_key_str(json, "form", str_from(policy_form_key(scheme->form)));
    json_key_str(json, "payer_zh", scheme->payer_zh);
    json_key_str(json, "payer_en", scheme->payer_en);
    json_key_str(json, "period", str_from(row->period));
    for (int v = POLICY_NO; v <= POLICY_UNKNOWN; v++) {
        json_key_i64(json, policy_verdict_key((enum policy_verdict)v), (int64_t)row->verdicts[v]);
    }
    json_key_i64(json, "paid", (int64_t)row->paid);
    json_key_i64(json, "due_fen", row->due_fen);
    json_key_i64(json, "paid_fen", row->paid_fen);
    json_key(json, "findings");
    json_object(json);
    for (int k = FINDING_AID_MISSED; k <= FINDING_AID_LATE; k++) {
        json_key_i64(json, finding_kind_key((enum finding_kind)k), (int64_t)row->findings[k]);
    }
    json_object_end(json);
    json_object_end(json);
}

static bool schemes(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    const struct policy *policy;
    struct view_scheme *rows;
    size_t count;
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_schemes(&view, &policy, &rows, &count);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_scheme(json, policy, &rows[i]);
    answer_rows_all(answer, count);
    return true;
}

/* The policy that decided, and a scheme of it by its key. */
static bool find_scheme(const struct view *view, struct request *request,
                        const struct policy **policy, uint16_t *scheme, struct err *err)
{
    const struct aid_check *aid = view->snapshot->run.aid;
    struct str key = request_text(request, "scheme");
    *policy = aid == NULL ? NULL : aid->rules.policy;
    *scheme = aid == NULL ? POLICY_NONE : policy_find_scheme(*policy, key);
    if (*scheme != POLICY_NONE) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no scheme \"%.*s\"", "没有项目“%.*s”",
                   STR_ARG(key));
}

static bool scheme(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    const struct policy *policy;
    uint16_t number;
    if (!show_open(request, answer, &view, err)
        || !find_scheme(&view, request, &policy, &number, err)) {
        return false;
    }
    day at = request_given(request, "at") ? request_day(request, "at") : view.snapshot->at;
    scheme_json(answer_json(answer), policy, number, at);
    return true;
}

static void write_needs(struct json *json, const struct policy *policy, uint64_t needs)
{
    json_key(json, "needs");
    json_list(json);
    for (size_t i = 0; i < policy->input_count; i++) {
        const struct policy_name *name = &policy->inputs[i].name;
        if ((needs >> i & 1) != 0) answer_words(json, name->key, name->zh, name->en);
    }
    json_list_end(json);
}

static bool students(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    const struct policy *policy;
    struct view_student_query query = {.verdict = -1, .paid = -1, .page = show_page(request)};
    struct view_student *rows;
    size_t count, total;
    if (!show_open(request, answer, &view, err)
        || !find_scheme(&view, request, &policy, &query.scheme, err)) {
        return false;
    }
    if (show_unchanged(answer, request)) return true;
    if (request_given(request, "verdict")) {
        query.verdict = policy_verdict_of(request_text(request, "verdict"));
    }
    if (request_given(request, "paid")) query.paid = request_yes(request, "paid");
    view_students(&view, &query, &rows, &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        show_line(json, &rows[i].line);
        json_key_str(json, "attends", rows[i].school);
        json_key_str(json, "verdict",
                     str_from(policy_verdict_key((enum policy_verdict)rows[i].verdict)));
        fen_or_null(json, "due_fen", rows[i].verdict == POLICY_ENTITLED ? rows[i].due_fen : -1);
        fen_or_null(json, "paid_fen", rows[i].paid_fen);
        write_needs(json, policy, rows[i].needs);
        json_object_end(json);
    }
    answer_rows_end(answer, request, total);
    return true;
}

static void write_pack(struct json *json, const struct policy *policy, size_t pack)
{
    uint64_t cases = 0, documents = 0, unconfirmed = 0, schemes_count = 0;
    for (size_t i = 0; i < policy->case_count; i++) cases += policy->cases[i].pack == pack;
    for (size_t i = 0; i < policy->scheme_count; i++) {
        schemes_count += policy->schemes[i].pack == pack;
    }
    for (size_t i = 0; i < policy->document_count; i++) {
        const struct policy_document *document = &policy->documents[i];
        documents += document->pack == pack;
        unconfirmed += document->pack == pack && document->confidence == POLICY_UNCONFIRMED;
    }
    json_object(json);
    json_key_str(json, "key", policy->packs[pack].name.key);
    json_key_str(json, "zh", policy->packs[pack].name.zh);
    json_key_str(json, "en", policy->packs[pack].name.en);
    json_key_i64(json, "schemes", (int64_t)schemes_count);
    json_key_i64(json, "documents", (int64_t)documents);
    json_key_i64(json, "unconfirmed", (int64_t)unconfirmed);
    json_key_i64(json, "cases", (int64_t)cases);
    json_object_end(json);
}

/* The rules are law that anybody may read: nothing in them belongs to an area. */
static bool packs(struct request *request, struct answer *answer, struct err *err)
{
    struct aid_rules rules;
    if (!job_rules(request->workspace, request->arena, &rules, err)) return false;
    const struct policy *policy = rules.policy;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "packs");
    json_list(json);
    for (size_t i = 0; i < policy->pack_count; i++) write_pack(json, policy, i);
    json_list_end(json);
    json_key(json, "texts");
    json_list(json);
    for (size_t i = 0; i < policy->source_count; i++) {
        json_object(json);
        json_key_str(json, "name", policy->sources[i].name);
        json_key_str(json, "text", rules.sources[i].text);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static void write_faults(struct json *json, const struct policy_faults *faults)
{
    json_key(json, "faults");
    json_list(json);
    for (size_t i = 0; i < faults->count; i++) {
        json_object(json);
        json_key_i64(json, "line", faults->items[i].place.line);
        json_key_i64(json, "column", faults->items[i].place.column);
        json_key_str(json, "zh", faults->items[i].zh);
        json_key_str(json, "en", faults->items[i].en);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_total(struct json *json, const struct view_impact *impact,
                        const struct award_impact_total *total)
{
    uint16_t number = policy_find_scheme(impact->after, total->scheme);
    const struct policy *policy = number == POLICY_NONE ? impact->before : impact->after;
    if (number == POLICY_NONE) number = policy_find_scheme(policy, total->scheme);
    json_object(json);
    json_key_str(json, "key", total->scheme);
    json_key_str(json, "zh", policy->schemes[number].name.zh);
    json_key_str(json, "en", policy->schemes[number].name.en);
    for (int c = 0; c < AWARD_CHANGE_COUNT; c++) {
        json_key_i64(json, award_change_key((enum award_change)c), (int64_t)total->people[c]);
    }
    json_key_i64(json, "before_fen", total->before_fen);
    json_key_i64(json, "after_fen", total->after_fen);
    json_object_end(json);
}

static void write_change(struct json *json, const struct view_impact *impact,
                         const struct award_impact_row *row)
{
    int64_t person;
    CHECK(str_to_i64(impact->people.ids[row->row], &person));
    json_object(json);
    json_key_i64(json, "person", person);
    json_key_str(json, "scheme", row->scheme);
    json_key_str(json, "change", str_from(award_change_key(row->change)));
    json_key_i64(json, "before_fen", row->before_fen);
    json_key_i64(json, "after_fen", row->after_fen);
    json_object_end(json);
}

static bool impact(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_impact made;
    const struct view_impact_query query = {.source = request_text(request, "name"),
                                            .text = request_text(request, "text")};
    if (!show_open(request, answer, &view, err) || !view_impact(&view, &query, &made, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    write_faults(json, &made.faults);
    json_key(json, "schemes");
    json_list(json);
    for (size_t i = 0; i < made.impact.total_count; i++) {
        write_total(json, &made, &made.impact.totals[i]);
    }
    json_list_end(json);
    json_key_i64(json, "changed", (int64_t)made.impact.row_count);
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < made.impact.row_count && i < IMPACT_ROWS_MAX; i++) {
        write_change(json, &made, &made.impact.rows[i]);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

#define PERSON_NUMBER                                                                              \
    {                                                                                              \
        "person", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "人员编号", "number of the person" \
    }
#define SCHEME_KEY                                                                                 \
    {                                                                                              \
        "scheme", IN_PATH, PARAMETER_TEXT, true, 0, 0, NULL, "项目的键", "key of the scheme"       \
    }

const struct route routes_aid[] = {
    {.method = METHOD_GET,
     .pattern = "/api/persons/{person}/aid",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = person_aid,
     .zh = "一名学生的各项资助：结论、理由、依据，已发放的款项；查看记入审计",
     .en = "aid of a student: answers with reasons and documents, and payments; audited",
     .parameters = {PERSON_NUMBER}},
    {.method = METHOD_POST,
     .pattern = "/api/persons/{person}/aid/{scheme}/letter",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = letter,
     .zh = "一项资助的告知书（PDF）；记入审计",
     .en = "the letter about one scheme (PDF); audited",
     .parameters = {PERSON_NUMBER,
                    SCHEME_KEY,
                    {"office", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "告知书上的机构名称",
                     "the office that the letter names"}}},
    {.method = METHOD_GET,
     .pattern = "/api/aid/schemes",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = schemes,
     .zh = "各项目：可享受、不享受、未知、已发放的人数和金额，各类线索",
     .en = "each scheme: how many are entitled, not, unknown, paid, and how much; findings",
     .parameters = {ROUTE_AREA}},
    {.method = METHOD_GET,
     .pattern = "/api/aid/schemes/{scheme}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_NONE,
     .handle = scheme,
     .zh = "一个项目的规则：对象、资格、金额、标准、依据",
     .en = "a scheme as its rule reads",
     .parameters = {SCHEME_KEY,
                    {"at", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "这一天有效的内容",
                     "what is in force on that day"}}},
    {.method = METHOD_GET,
     .pattern = "/api/aid/schemes/{scheme}/students",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = students,
     .zh = "一个项目涉及的学生，按人员编号排序",
     .en = "the students whom a scheme concerns, by number of the person",
     .parameters = {SCHEME_KEY,
                    ROUTE_AREA,
                    {"verdict", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "no|yes|unknown", "结论",
                     "the answer"},
                    {"paid", IN_QUERY, PARAMETER_YES_NO, false, 0, 0, NULL, "是否已发放",
                     "whether something was paid"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/policy",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_NONE,
     .handle = packs,
     .zh = "政策包及其文本",
     .en = "the policy packs and their texts"},
    {.method = METHOD_POST,
     .pattern = "/api/policy/impact",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .body = ROUTE_BODY_JSON,
     .handle = impact,
     .zh = "换一个规则文本会怎样：错处，或各项目人数和金额的变化；什么也不保存",
     .en = "what another text of the rules would change, or what is wrong with it; keeps nothing",
     .parameters = {{"name", IN_BODY, PARAMETER_TEXT, true, 0, 300, NULL, "被替换的文本名",
                     "name of the text it replaces"},
                    {"text", IN_BODY, PARAMETER_SECRET, true, 0, 800000, NULL, "新的文本",
                     "the new text"}}},
    {.pattern = NULL},
};

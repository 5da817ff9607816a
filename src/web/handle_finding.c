#include "access/approval.h"
#include "access/audit.h"
#include "jobs/upload.h"
#include "jobs/view_export.h"
#include "web/routes.h"
#include "web/show.h"

/* The words of choices are keys, so that one that passed the table is known here. */
static struct view_finding_query read_query(const struct request *request)
{
    int kind = finding_kind_of(request_text(request, "kind"));
    struct str queue_word = request_text(request, "queue");
    struct str status_word = request_text(request, "status");
    struct view_finding_query query = {.kind = kind,
                                       .queue = -1,
                                       .status = -1,
                                       .area = request_text(request, "area"),
                                       .school = request_text(request, "school"),
                                       .scheme = request_text(request, "scheme"),
                                       .probability_min_ppm =
                                           (uint32_t)request_i64(request, "min_probability", 0),
                                       .opened_since = request_day(request, "opened_since"),
                                       .opened_until = request_day(request, "opened_until")};
    for (int i = 0; i < QUEUE_COUNT; i++) {
        if (str_is(queue_word, queue_key((enum queue)i))) query.queue = i;
    }
    for (int i = 0; i <= FINDING_CLOSED; i++) {
        if (str_is(status_word, finding_status_key((enum finding_status)i))) query.status = i;
    }
    return query;
}

static bool findings(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_finding *rows;
    size_t count, total;
    struct view_finding_query query = read_query(request);
    query.page = show_page(request);
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_findings(&view, &query, &rows, &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) show_finding(json, &rows[i]);
    answer_rows_end(answer, request, total);
    return true;
}

static bool finding(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_finding row;
    int64_t number = request_i64(request, "finding", 0);
    if (!show_open(request, answer, &view, err)) return false;
    size_t place = snapshot_finding(view.snapshot, number);
    if (place == SIZE_MAX || !view_sees_finding(&view, place)) {
        return err_set(err, ERR_NOT_FOUND, "there is no finding %lld in your areas",
                       "本人范围内没有编号为 %lld 的线索", (long long)number);
    }
    view_finding(&view, place, &row);
    show_finding(answer_json(answer), &row);
    return true;
}

/* The findings picked out one by one, from the body. */
static bool read_numbers(const struct request *request, struct view_finding_query *query,
                         struct err *err)
{
    const struct json_value *list = request_list(request, "findings");
    if (list == NULL || list->count == 0) return true;
    int64_t *numbers = arena_array(request->arena, int64_t, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != JSON_IS_INTEGER) {
            return err_set(err, ERR_INPUT, "findings are named by their numbers",
                           "线索须以编号列出");
        }
        numbers[i] = list->items[i].number;
    }
    query->numbers = numbers;
    query->number_count = list->count;
    return true;
}

/* Full numbers leave the system only when a second person has agreed: asks for that, and says so
 * with the number under which it is decided. */
static bool ask_approval(struct request *request, struct answer *answer, struct str object,
                         struct err *err)
{
    int64_t number;
    if (!approval_ask(request->workspace->store, &request->workspace->clock, &request->asker,
                      STR("export"), object, request_text(request, "reason"), &number, err)) {
        return false;
    }
    struct json *json = answer_refuse_with(
        answer, 409, "approval",
        "a list with full ID numbers needs somebody else's approval, which is asked for",
        "含完整证件号的导出须另一人批准，已提出申请");
    json_key_i64(json, "approval", number);
    json_object_end(json);
    return true;
}

/* On record before the file is made, and together with the approval that it uses up. */
static bool record_export(struct request *request, struct str object, bool reveal, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct store *store = workspace->store;
    if (!store_begin(store, err)) return false;
    bool good = !reveal
                || approval_use(store, &workspace->clock, &request->asker,
                                request_i64(request, "approval", 0), STR("export"), object, err);
    good = good
           && audit_append(store, &workspace->clock, &request->asker,
                           reveal ? AUDIT_REVEAL : AUDIT_EXPORT, object,
                           request_text(request, "reason"), err)
           && store_commit(store, err);
    if (!good) store_rollback(store);
    return good;
}

static bool write_file(struct request *request, struct answer *answer, const struct view *view,
                       const struct view_finding_query *query, bool reveal, struct err *err)
{
    const char *folder;
    struct text path, name;
    size_t count;
    char at[DAY_TEXT_SIZE];
    bool csv = str_is(request_text(request, "format"), "csv");
    if (!upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, 1 << 15);
    text_init(&name, request->arena, 256);
    text_add_f(&path, "%s/findings.%s", folder, csv ? "csv" : "xlsx");
    text_add_f(&name, "线索_%s.%s", day_format(view->snapshot->at, at), csv ? "csv" : "xlsx");
    struct view_export wanted = {.path = path.ptr, .whole_numbers = reveal};
    if (!view_export(view, query, &wanted, &count, err)) return false;
    answer_file(answer, path.ptr, true, text_str(&name),
                csv ? "text/csv; charset=utf-8"
                    : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

static bool export_findings(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_finding_query query = read_query(request);
    bool reveal = request_yes(request, "reveal");
    if (!show_open(request, answer, &view, err) || !read_numbers(request, &query, err)) {
        return false;
    }
    if (reveal && !asker_may(&request->asker, CAPABILITY_REVEAL)) {
        return err_set(err, ERR_DENIED, "your role may not take out full ID numbers",
                       "您的角色不得导出完整证件号");
    }
    struct str object = view_query_text(request->arena, &query);
    if (reveal && !request_given(request, "approval")) {
        return ask_approval(request, answer, object, err);
    }
    return record_export(request, object, reveal, err)
           && write_file(request, answer, &view, &query, reveal, err);
}

#define KINDS                                                                                      \
    "not_enrolled|attending_unregistered|not_attending|enrolled_twice|roll_unknown|not_reported|"  \
    "aid_missed|aid_undue|aid_twice|aid_unknown|aid_late|household_watched|standard_lost|"         \
    "exam_twice|plans_exclusive|moved_late|duty_late"
#define FILTERS(place)                                                                             \
    {"kind", place, PARAMETER_CHOICE, false, 0, 0, KINDS, "类别", "kind"},                         \
        {"queue",                                                                                  \
         place,                                                                                    \
         PARAMETER_CHOICE,                                                                         \
         false,                                                                                    \
         0,                                                                                        \
         0,                                                                                        \
         "visit|ask_elsewhere|fix_data|report_missing|pay|collect|watch",                          \
         "分工",                                                                                   \
         "whose work it is"},                                                                      \
        {"status", place,   PARAMETER_CHOICE, false, 0, 0, "suspected|confirmed|closed",           \
         "状态",   "status"},                                                                      \
        {"area",                                                                                   \
         place,                                                                                    \
         PARAMETER_AREA,                                                                           \
         false,                                                                                    \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         "区划代码，须在本人范围内",                                                               \
         "a division code among the asker's"},                                                     \
        {"school",                                                                                 \
         place,                                                                                    \
         PARAMETER_TEXT,                                                                           \
         false,                                                                                    \
         0,                                                                                        \
         100,                                                                                      \
         NULL,                                                                                     \
         "学校代码或名称",                                                                         \
         "code or name of a school"},                                                              \
        {"scheme", place, PARAMETER_TEXT, false, 0, 100, NULL, "资助项目的键", "key of a scheme"}, \
        {"min_probability",     place, PARAMETER_PPM, false, 0, 0, NULL, "可能性不低于",           \
         "probability at least"},                                                                  \
        {"opened_since",                                                                           \
         place,                                                                                    \
         PARAMETER_DAY,                                                                            \
         false,                                                                                    \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         "该日起发现",                                                                             \
         "opened on this day or later"},                                                           \
    {                                                                                              \
        "opened_until", place, PARAMETER_DAY, false, 0, 0, NULL, "该日前发现（含）",               \
            "opened on this day or earlier"                                                        \
    }

const struct route routes_finding[] = {
    {.method = METHOD_GET,
     .pattern = "/api/findings",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = findings,
     .zh = "线索，按类别，其次按每工时能找到的失学儿童多少，再按区划和人员编号排序",
     .en = "findings by kind, then most truly missing children per hour of work, then area, person",
     .parameters = {FILTERS(IN_QUERY), ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/findings/{finding}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = finding,
     .zh = "一条线索",
     .en = "one finding",
     .parameters = {{"finding", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "线索编号",
                     "number of the finding"}}},
    {.method = METHOD_POST,
     .pattern = "/api/findings/export",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = export_findings,
     .zh = "导出线索为工作簿或 CSV；理由记入审计；含完整证件号的须另一人批准",
     .en = "findings as a workbook or CSV; audited; with full ID numbers after an approval",
     .parameters = {FILTERS(IN_BODY),
                    {"findings", IN_BODY, PARAMETER_LIST, false, 0, VIEW_NUMBERS_MAX, NULL,
                     "仅这些编号的线索", "only findings with these numbers"},
                    ROUTE_REASON,
                    {"format", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "xlsx|csv", "格式",
                     "format"},
                    {"reveal", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "含完整证件号",
                     "with full ID numbers"},
                    {"approval", IN_BODY, PARAMETER_INTEGER, false, 1, 0, NULL, "批准的编号",
                     "number of the approval"}}},
    {.pattern = NULL},
};

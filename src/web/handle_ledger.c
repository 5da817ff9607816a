#include "access/audit.h"
#include "jobs/upload.h"
#include "jobs/view_ledger.h"
#include "web/case_desk.h"
#include "web/routes.h"

/* The three ledgers of children of age, those suspected and dropouts. */

enum { PATH_BYTES_MAX = 1 << 15, NAME_BYTES_MAX = 512 };

static bool open_ledger(struct request *request, struct answer *answer, struct case_desk *desk,
                        struct view_ledger *out, struct err *err)
{
    int kind = ledger_kind_of(request_text(request, "ledger"));
    CHECK(kind >= 0);
    return case_desk_open(request, answer, desk, err)
           && view_ledger(&desk->view, &desk->work, (enum ledger_kind)kind,
                          request_text(request, "area"), out, err);
}

static void write_marks(struct json *json, const char *key, const struct ledger_mark *marks,
                        size_t count, uint32_t bits)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if ((bits >> i & 1) != 0) answer_words(json, marks[i].key, marks[i].zh, marks[i].en);
    }
    json_list_end(json);
}

static void write_case(struct json *json, const struct case_row *at)
{
    const struct procedure *procedure = at->procedure;
    const struct procedure_state *state =
        procedure == NULL ? NULL : procedure_state_find(procedure, at->state);
    const struct procedure_outcome *outcome =
        procedure == NULL ? NULL : procedure_outcome_find(procedure, at->outcome);
    json_object(json);
    json_key_i64(json, "case", at->number);
    json_key_str(json, "status", str_from(case_status_key(at->status)));
    json_key(json, "state");
    answer_words(json, at->state, state == NULL ? at->state : state->zh,
                 state == NULL ? at->state : state->en);
    answer_day(json, "opened", at->opened);
    answer_day(json, "last_contact", at->last_contact);
    json_key(json, "outcome");
    if (at->outcome.len == 0) {
        json_null(json);
    } else {
        answer_words(json, at->outcome, outcome == NULL ? at->outcome : outcome->zh,
                     outcome == NULL ? at->outcome : outcome->en);
    }
    json_object_end(json);
}

static void write_row(struct json *json, const struct case_desk *desk,
                      const struct view_ledger *ledger, const struct ledger_row *row)
{
    json_object(json);
    json_key_i64(json, "person", row->number);
    json_key_str(json, "name", row->name);
    json_key_str(json, "id_number", row->id_masked);
    json_key_str(json, "birth_date", row->birth);
    json_key_str(json, "area_name", view_area_name(&desk->view, row->area));
    json_key_str(json, "school", row->school);
    json_key(json, "standing");
    answer_words(json, str_from(standing_key(row->standing)),
                 str_from(ledger_standing_text(row->standing, LANG_ZH)),
                 str_from(ledger_standing_text(row->standing, LANG_EN)));
    write_marks(json, "looks", ledger->text.looks, ledger->text.look_count, row->looks);
    write_marks(json, "groups", ledger->text.groups, ledger->text.group_count, row->groups);
    json_key(json, "case");
    row->at == NULL ? json_null(json) : write_case(json, row->at);
    json_object_end(json);
}

static bool rows(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct view_ledger ledger;
    struct request_page page = request_page(request);
    if (!open_ledger(request, answer, &desk, &ledger, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < ledger.count && i < page.first + (size_t)page.size; i++) {
        write_row(json, &desk, &ledger, &ledger.rows[i]);
    }
    answer_rows_end(answer, request, ledger.count);
    return true;
}

static void write_unit(struct json *json, const struct case_desk *desk,
                       const struct view_ledger *ledger, enum ledger_by by,
                       const struct ledger_count *unit)
{
    json_object(json);
    json_key_str(json, "unit", unit->unit);
    json_key_str(json, "name",
                 by == LEDGER_BY_SCHOOL ? unit->unit : view_area_name(&desk->view, unit->unit));
    json_key_i64(json, "rows", (int64_t)unit->rows);
    json_key_i64(json, "children", (int64_t)unit->children);
    for (int i = STANDING_ON_ROLL; i < STANDING_COUNT; i++) {
        json_key_i64(json, standing_key((enum standing)i), (int64_t)unit->standings[i]);
    }
    json_key_i64(json, "suspected", (int64_t)unit->suspected);
    json_key_i64(json, "dropout", (int64_t)unit->dropout);
    json_key_i64(json, "returned", (int64_t)unit->returned);
    json_key(json, "looks");
    json_list(json);
    for (size_t i = 0; i < ledger->text.look_count; i++) {
        json_i64(json, (int64_t)unit->looks[i]);
    }
    json_list_end(json);
    json_object_end(json);
}

static bool units(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct view_ledger ledger;
    struct ledger_count *counts;
    size_t count;
    enum ledger_by by = (enum ledger_by)ledger_by_of(request_text(request, "by"));
    if (!open_ledger(request, answer, &desk, &ledger, err)) return false;
    ledger_count(request->arena, ledger.rows, ledger.count, &ledger.text, by, &counts, &count);
    struct json *json = answer_json(answer);
    json_object(json);
    answer_day(json, "at", desk.at);
    write_marks(json, "looks", ledger.text.looks, ledger.text.look_count, UINT32_MAX);
    json_key(json, "units");
    json_list(json);
    for (size_t i = 0; i < count; i++) write_unit(json, &desk, &ledger, by, &counts[i]);
    json_list_end(json);
    json_object_end(json);
    return true;
}

/* On record before it is made. */
static bool export(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct case_desk desk;
    struct view_ledger ledger;
    struct text object, path, name;
    const char *folder;
    char at[DAY_TEXT_SIZE];
    struct str area = request_text(request, "area");
    if (!open_ledger(request, answer, &desk, &ledger, err)) return false;
    text_init(&object, request->arena, NAME_BYTES_MAX);
    text_add_f(&object, "ledger %.*s area %.*s rows %zu", STR_ARG(request_text(request, "ledger")),
               STR_ARG(area.len > 0 ? area : STR("all")), ledger.count);
    if (!audit_append(workspace->store, &workspace->clock, &request->asker, AUDIT_EXPORT,
                      text_str(&object), request_text(request, "reason"), err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&path, "%s/ledger.xlsx", folder);
    text_add_f(&name, "%s%s%.*s_%s.xlsx", ledger_kind_text(ledger.kind, LANG_ZH),
               area.len > 0 ? "_" : "",
               STR_ARG(area.len > 0 ? view_area_name(&desk.view, area) : STR_EMPTY),
               day_format(desk.at, at));
    if (!view_ledger_export(&desk.view, &ledger,
                            (enum ledger_by)ledger_by_of(request_text(request, "by")), path.ptr,
                            err)) {
        return false;
    }
    answer_file(answer, path.ptr, true, text_str(&name),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

#define LEDGER(place)                                                                              \
    {                                                                                              \
        "ledger", place, PARAMETER_CHOICE, true, 0, 0, "children|suspected|dropout",               \
            "哪本台账：适龄儿童、疑似辍学、辍学", "which ledger"                                   \
    }
#define BY(place)                                                                                  \
    {                                                                                              \
        "by", place, PARAMETER_CHOICE, true, 0, 0, "county|township|village|school",               \
            "按哪级单位汇总", "counted by which units"                                             \
    }

const struct route routes_ledger[] = {
    {.method = METHOD_GET,
     .pattern = "/api/ledgers",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = rows,
     .zh = "一本台账的各行，附四查结果，按区划、学校、人员编号排序；学校只看本校的",
     .en = "the rows of a ledger with what four registers show, by area, school, person; a school "
           "sees its own",
     .parameters = {LEDGER(IN_QUERY), ROUTE_AREA, ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/ledgers/units",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = units,
     .zh = "一本台账按单位汇总",
     .en = "a ledger counted by units",
     .parameters = {LEDGER(IN_QUERY), BY(IN_QUERY), ROUTE_AREA}},
    {.method = METHOD_POST,
     .pattern = "/api/ledgers/export",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = export,
     .zh = "一本台账写成工作簿，附汇总，证件号码遮盖；记入审计",
     .en = "a ledger as a workbook, with its counts; ID numbers masked; audited",
     .parameters = {LEDGER(IN_BODY),
                    BY(IN_BODY),
                    {"area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "只要一个区划",
                     "only one area"},
                    ROUTE_REASON}},
    {.pattern = NULL},
};

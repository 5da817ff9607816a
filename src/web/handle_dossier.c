#include "access/audit.h"
#include "jobs/dossiers.h"
#include "web/routes.h"
#include "web/show.h"

enum { OBJECT_BYTES_MAX = 64 };

static bool audit(struct request *request, struct str object, struct str reason, struct err *err)
{
    return audit_append(request->workspace->store, &request->workspace->clock, &request->asker,
                        AUDIT_EXPORT, object, reason, err);
}

/* The trail says who had it made and why, and each time that it was taken. */
static bool start(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    int64_t task;
    const struct dossier_wish wish = {
        .asker = &request->asker,
        .reason = request_text(request, "reason"),
        .lang = str_is(request_text(request, "lang"), "en") ? LANG_EN : LANG_ZH};
    if (!show_open(request, answer, &view, err) || !audit(request, STR("dossier"), wish.reason, err)
        || !dossiers_start(request->parts->dossiers, &wish, &task, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "task", task);
    json_object_end(json);
    return true;
}

static bool take(struct request *request, struct answer *answer, struct err *err)
{
    struct dossier_taken taken;
    struct text object;
    int64_t number = request_i64(request, "dossier", 0);
    if (!dossiers_take(request->parts->dossiers, request->arena, &request->asker, number, &taken,
                       err)) {
        return false;
    }
    text_init(&object, request->arena, OBJECT_BYTES_MAX);
    text_add_f(&object, "dossier %lld", (long long)number);
    if (!audit(request, text_str(&object), taken.reason, err)) return false;
    answer_file(answer, taken.path, false, STR("迎检资料.xlsx"),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

const struct route routes_dossier[] = {
    {.method = METHOD_POST,
     .pattern = "/api/dossiers",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = start,
     .zh = "编制迎检资料（后台任务，可取消）：所见区划的指标、差距、台账汇总、未销号案卷、逾期和发"
           "布，"
           "一个工作簿；记入审计",
     .en = "has the dossier for inspection of the area made: figures, gaps, ledger, open cases, "
           "what is overdue and publications, one workbook; a task that can be cancelled; audited",
     .parameters = {ROUTE_AREA,
                    ROUTE_REASON,
                    {"lang", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "zh|en",
                     "用哪种语言（默认中文）", "in which language (default: Chinese)"}}},
    {.method = METHOD_POST,
     .pattern = "/api/dossiers/{dossier}/file",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .gives = ROUTE_GIVES_FILE,
     .handle = take,
     .zh = "下载本人编制的迎检资料（一小时内，范围未变时）；记入审计",
     .en = "the dossier that one had made, within an hour and while one sees all of its area; "
           "audited",
     .parameters = {{"dossier", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "编号，任务结果所给",
                     "its number, from the result of the task"}}},
    {.pattern = NULL},
};

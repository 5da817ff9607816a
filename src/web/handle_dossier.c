#include "access/audit.h"
#include "base/file.h"
#include "jobs/dossier.h"
#include "jobs/upload.h"
#include "web/figure_layout.h"
#include "web/routes.h"

enum { PATH_BYTES_MAX = 1 << 15 };

/* Of one area its name; of everything that the asker sees that of its only area, else all. */
static struct str place_of(const struct request *request, const struct view *view)
{
    const struct asker *asker = &request->asker;
    if (!asker->all_areas && asker->area_count == 1) return view_area_name(view, asker->areas[0]);
    return STR_EMPTY;
}

/* The trail says that it was taken before it is given. */
static bool write_dossier(struct request *request, struct answer *answer,
                          struct figure_layout *layout, struct err *err)
{
    const struct dossier dossier = {.workspace = request->workspace,
                                    .view = &layout->view,
                                    .desk = layout->desk,
                                    .figures = layout->taken.figures,
                                    .asker = &request->asker,
                                    .place = place_of(request, &layout->view),
                                    .reason = request_text(request, "reason"),
                                    .lang = str_is(request_text(request, "lang"), "en") ? LANG_EN
                                                                                        : LANG_ZH};
    const char *folder;
    struct text path;
    if (!audit_append(request->workspace->store, &request->workspace->clock, &request->asker,
                      AUDIT_EXPORT, STR("dossier"), dossier.reason, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/dossier.xlsx", folder);
    if (!dossier_write(request->arena, &dossier, path.ptr, err)) return false;
    answer_file(answer, path.ptr, true, STR("迎检资料.xlsx"),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

static bool dossier(struct request *request, struct answer *answer, struct err *err)
{
    day at = request->snapshot == NULL ? DAY_NONE : request->snapshot->at;
    if (day_is_none(at)) at = clock_today(&request->workspace->clock);
    return figure_on_desk(request, answer, at, write_dossier, err);
}

const struct route routes_dossier[] = {
    {.method = METHOD_POST,
     .pattern = "/api/dossier",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = dossier,
     .zh = "迎检资料：所见区划的指标、差距、台账汇总、未销号案卷、逾期和发布，一个工作簿；记入审计",
     .en = "the dossier for inspection of the area: figures, gaps, ledger, open cases, what is "
           "overdue and publications, one workbook; audited",
     .parameters = {ROUTE_AREA,
                    ROUTE_REASON,
                    {"lang", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "zh|en",
                     "用哪种语言（默认中文）", "in which language (default: Chinese)"}}},
    {.pattern = NULL},
};

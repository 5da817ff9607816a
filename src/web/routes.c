#include "web/routes.h"

static const struct route *const groups[] = {
    routes_admission, routes_aid,      routes_approval,     routes_audit,         routes_board,
    routes_dossier,   routes_case,     routes_case_paper,   routes_case_record,   routes_case_sheet,
    routes_duty,      routes_figure,   routes_finding,      routes_health,        routes_import,
    routes_ledger,    routes_pay,      routes_pay_batch,    routes_pay_propose,   routes_person,
    routes_place,     routes_placing,  routes_publication,  routes_register,      routes_review,
    routes_risk,      routes_school,   routes_search,       routes_session,       routes_standard,
    routes_summary,   routes_system,   routes_task,         routes_upload,        routes_user,
    routes_words,     routes_eligible, routes_pay_recovery, routes_pay_reinstate,
};

void routes_each(bool (*each)(void *context, const struct route *route), void *context)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        for (const struct route *route = groups[i]; route->pattern != NULL; route++) {
            if (!each(context, route)) return;
        }
    }
}

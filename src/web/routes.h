#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "web/route.h"

/* The groups of rows, one a handle file; each ends with a row without pattern. A new group is
 * declared here and listed in routes.c. */

extern const struct route routes_admission[];
extern const struct route routes_aid[];
extern const struct route routes_approval[];
extern const struct route routes_audit[];
extern const struct route routes_board[];
extern const struct route routes_dossier[];
extern const struct route routes_case[];
extern const struct route routes_case_paper[];
extern const struct route routes_case_record[];
extern const struct route routes_case_sheet[];
extern const struct route routes_duty[];
extern const struct route routes_eligible[];
extern const struct route routes_figure[];
extern const struct route routes_finding[];
extern const struct route routes_health[];
extern const struct route routes_import[];
extern const struct route routes_ledger[];
extern const struct route routes_pay[];
extern const struct route routes_pay_batch[];
extern const struct route routes_pay_recovery[];
extern const struct route routes_pay_reinstate[];
extern const struct route routes_pay_propose[];
extern const struct route routes_person[];
extern const struct route routes_place[];
extern const struct route routes_placing[];
extern const struct route routes_publication[];
extern const struct route routes_register[];
extern const struct route routes_review[];
extern const struct route routes_risk[];
extern const struct route routes_school[];
extern const struct route routes_search[];
extern const struct route routes_session[];
extern const struct route routes_standard[];
extern const struct route routes_summary[];
extern const struct route routes_system[];
extern const struct route routes_task[];
extern const struct route routes_upload[];
extern const struct route routes_user[];
extern const struct route routes_words[];

#endif

#ifndef FINDINGS_CHECK_AID_H
#define FINDINGS_CHECK_AID_H

#include "awards/paid.h"

/* What the check of aid compares: what is due to each student by the policy, and what was paid by
 * the register of payments. It knows no scheme: which there are, what excludes what and which
 * amounts are averages or ceilings stands in the policy. */

struct check_aid {
    const struct facts *facts;
    const struct policy_program *program; /* of the day */
    const struct award_kinds *kinds;      /* decisions about the facts' rows */
    const struct payments *payments;
};

#endif

#include "jobs/risk.h"

bool job_risk_of(struct workspace *workspace, struct arena *arena, const struct facts *facts,
                 const struct casework *work, struct risk_list *out, struct err *err)
{
    *out = (struct risk_list){0};
    if (facts->subject == POLICY_NONE || facts->rows.count == 0) return true;
    if (!risk_text_load(&out->text, arena, workspace->policies, facts, err)
        || !risk_known_read(&out->known, arena, work, &out->text, facts->people, facts->at, err)) {
        return false;
    }
    out->facts = facts;
    risk_find(arena, &out->text, facts, &out->known, &out->children, &out->count);
    return true;
}

bool job_risk(struct workspace *workspace, struct arena *arena, const struct asker *asker,
              struct read_at when, const struct casework *work, const struct progress *progress,
              struct risk_list *out, struct err *err)
{
    struct aid_rules rules;
    struct aid_run *run = arena_new(arena, struct aid_run);
    return job_rules_known(workspace, arena, when.known_ms, &rules, err)
           && job_facts(workspace, arena, asker, when, &rules, progress, run, err)
           && job_risk_of(workspace, arena, &run->facts, work, out, err);
}

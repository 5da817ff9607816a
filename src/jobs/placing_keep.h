#ifndef JOBS_PLACING_KEEP_H
#define JOBS_PLACING_KEEP_H

#include "jobs/workspace.h"
#include "placing/explain.h"
#include "placing/kept.h"

/* Runs of placing as the office keeps them: files are told apart by what stands in them, read,
 * placed where no result came with them, verified, and kept; then one family is answered. */

struct placing_file {
    struct str name; /* for errors */
    const char *path;
};

/* Keeps a run from four to six files in any order: text that is no table are the rules; a table is
 * told by its headings (quota: programmes; total: applicants; majors: choices; choice_rank: the
 * result; seats: allotments). Without a result placing makes it, in `folder`, which is there and
 * private. ERR_INPUT names what is missing, comes twice or is not told; else as place_read,
 * kept_add. */
MUST_USE bool job_placing_keep(struct workspace *workspace, const struct asker *asker,
                               struct arena *arena, const struct placing_file *files, size_t count,
                               const char *folder, struct str name, struct str area,
                               struct kept_run *out, struct err *err);

/* A kept run as it was decided, for one look: close the files after use, also after a failure. */
struct placing_desk {
    struct kept_files files;
    struct place_input input;
};
MUST_USE bool job_placing_open(struct placing_desk *out, struct workspace *workspace,
                               const struct asker *asker, struct arena *arena, int64_t number,
                               struct err *err);
void job_placing_close(struct placing_desk *desk);

/* Whether the asker may see the applicant: all of the run's area, or the applicant's county, which
 * may be a code or a name. */
bool job_placing_sees(const struct placing_desk *desk, const struct workspace *workspace,
                      const struct asker *asker, struct str county);

/* What became of one applicant; `differs`: the kept result gives something else than the rules do.
 * ERR_NOT_FOUND also for one whom the asker does not see. Audited, so the workspace must be open
 * for writing. */
MUST_USE bool job_placing_explain(struct placing_desk *desk, struct workspace *workspace,
                                  const struct asker *asker, struct arena *arena,
                                  struct str applicant, struct place_explanation *out,
                                  bool *differs, struct err *err);

/* Whether the input with this receipt (64 hexadecimal digits, either case) was in the run. */
bool job_placing_has_receipt(const struct placing_desk *desk, struct str receipt);

#endif

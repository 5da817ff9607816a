#ifndef PAPERS_SUSPECTS_RETURN_H
#define PAPERS_SUSPECTS_RETURN_H

#include "papers/notice.h"
#include "papers/suspects.h"

/* What goes back: the return workbook in the platform's columns (text: `return` of suspects.yaml),
 * and one folder of proofs for each child:
 *
 *     FOLDER/会宁县疑似失学辍学名单/0012_王小明/核查证据页.pdf
 *                                            /户口簿本人页（向家长取）/
 *
 * The folder of a proof is made empty; a file put there (a scan, a photograph) counts as that proof
 * from the next run on. Runs add folders and write the evidence sheet anew, and never remove
 * anything. Numbers of persons are whole only where `reveal` is set; else masked. */

struct suspects_return {
    struct arena *arena;
    const struct outcomes *outcomes;
    const struct people *people;
    const struct divisions *divisions;
    const char *proofs; /* folder, or NULL: none are written or looked for */
    bool reveal;
};

/* By suspect: its folder below `proofs`, which of its proofs lie there, and the state with them. */
struct suspect_filed {
    struct str folder; /* "会宁县疑似…/0012_王小明" */
    bool *filed;       /* by proof of the suspect */
    enum suspect_state state;
};

/* Makes the folders, if any, and looks what lies there. ERR_IO. */
MUST_USE bool suspects_file(const struct suspects_return *to, const struct suspect *suspects,
                            size_t count, struct suspect_filed **out, struct err *err);

/* Writes the evidence sheets into the folders. ERR_IO. */
MUST_USE bool suspects_sheets(const struct suspects_return *to, const struct notices *notices,
                              const struct suspect *suspects, const struct suspect_filed *filed,
                              size_t count, const struct progress *progress, struct err *err);

/* Writes the return workbook (or CSV) to `path`. ERR_IO. */
MUST_USE bool suspects_write(const struct suspects_return *to, const struct suspect *suspects,
                             const struct suspect_filed *filed, size_t count, const char *path,
                             struct err *err);

/* Texts in one language: "学籍（会宁县学籍.xlsx 第 12 行）：第三小学，三年级"; the proofs to be
 * fetched and of whom; the number of the child as it is shown. In the arena. */
struct str suspect_evidence_text(struct arena *arena, const struct suspect_evidence *evidence,
                                 enum lang lang);
struct str suspect_wanted_text(struct arena *arena, const struct outcomes *outcomes,
                               const struct suspect *suspect, const bool *filed, enum lang lang);
struct str suspect_place(const struct suspects_return *to, const struct suspect *suspect);
struct str suspect_number(const struct suspects_return *to, const struct suspect *suspect);

#endif

#ifndef PAPERS_NOTICE_FILL_H
#define PAPERS_NOTICE_FILL_H

#include "papers/notice.h"

/* Names in braces filled in, for the files that write papers. */

/* A text with its names filled in, those of the row (may be NULL) before those of the paper;
 * `blank` stands for what is not known. In the arena of the values. */
struct str notice_fill(const struct notice_values *values, const struct notice_row *row,
                       struct str text, const char *blank);

/* The list of this name, or NULL; and its nth row with its number (`serial`, from 1). */
const struct notice_rows *notice_list(const struct notice_values *values, struct str name);
struct notice_row notice_numbered(const struct notice_values *values,
                                  const struct notice_rows *list, size_t number);

#endif

#ifndef INTAKE_ROW_KIND_H
#define INTAKE_ROW_KIND_H

#include "intake/intake.h"

/* What a row below the headings is. Only ROW_RECORD is read; all others are passed over. A row that
 * has an ID number is always a record. */

enum row_kind {
    ROW_RECORD,
    ROW_BLANK,     /* nothing, or only the number that counts rows */
    ROW_HEADINGS,  /* the headings again */
    ROW_TOTAL,     /* 合计, 小计, 共 35 人 */
    ROW_SIGNATURE, /* 填表人, 审核人, 单位盖章 */
    ROW_FOOTNOTE,  /* 注：, 说明：, 以下空白 */
    ROW_TITLE,     /* one text over the whole width: the name of the school or class that follows */
};

/* `number_column` is the column of the person's own ID number, or SIZE_MAX; `name_column` that of
 * the name (of the school, of the village). */
enum row_kind row_kind_of(const struct sheet_plan *plan, size_t name_column, size_t number_column,
                          const struct cell *cells, size_t count);

#endif

#ifndef LINK_MATCH_CODE_H
#define LINK_MATCH_CODE_H

#include "link/engine.h"
#include "link/match_read.h"

/* Tables made ready for the engine: texts become numbers, and ids get an order. */

/* Codes the columns of the tables, one behind the other, on all cores: columns[c] gets a number for
 * each distinct text, in the order of first appearance. Column `skipped` (SIZE_MAX: none) stays
 * empty. All lives in the arena. */
void match_code_columns(struct arena *arena, const struct match_table *tables, size_t table_count,
                        size_t column_count, size_t skipped, struct link_column *columns);

/* Copies texts, with their bytes one behind another, a zero after each. */
struct str *match_keep_texts(struct arena *arena, const struct str *texts, size_t count);

/* Records by id as bytes, equal ids by record: record numbers, in the arena. */
uint32_t *match_order_ids(struct arena *arena, const struct str *ids, uint32_t count);

#endif

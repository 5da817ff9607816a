#ifndef LINK_MATCH_CODE_H
#define LINK_MATCH_CODE_H

#include "link/engine.h"
#include "link/match_chunk.h"

/* Cells made ready for the engine: texts become numbers, in the order of first appearance whatever
 * the number of threads, and ids get an order. Rows come in chunks; each distinct text is copied
 * once. */

struct match_coder;

/* A coder of columns for at most `row_max` rows. For column `counted` (SIZE_MAX: none) the empty
 * text gets a number like any other; in the others it is number 0 whether it occurs or not. Column
 * `skipped` (SIZE_MAX: none) is left out. About `wave_cells` cells (0: as is fast, then some 30 MB)
 * are held at a time beside the distinct texts. Lives in the arena, with all that it makes. */
struct match_coder *match_coder_open(struct arena *arena, size_t column_count, size_t row_max,
                                     size_t wave_cells, size_t skipped, size_t counted);

/* Rows come in waves of chunks. A wave is begun, chunk i at row rows[i]; then each chunk is taken,
 * in any order, on up to THREADS_MAX threads at once, `thread` being the caller's; then the wave is
 * ended, or dropped as if it had never been begun. A chunk may be read anew once it is taken; what
 * its `lasting` says must stay until the coder is closed. */
void match_coder_begin(struct match_coder *coder, const size_t *rows, size_t chunk_count);
void match_coder_take(struct match_coder *coder, size_t number, size_t thread,
                      const struct match_chunk *chunk);
void match_coder_end(struct match_coder *coder, size_t threads);
void match_coder_drop(struct match_coder *coder);

/* Writes the columns for `row_count` rows, texts zero-terminated, names not set, and by row a hash
 * of what its cells say. ERR_LIMIT when a column has too many distinct texts. The coder is gone
 * afterwards. */
MUST_USE bool match_coder_close(struct match_coder *coder, size_t threads, size_t row_count,
                                struct link_column *columns, uint64_t **contents,
                                struct err *err);

/* Records by id as bytes, equal ids by record: record numbers, in the arena. */
uint32_t *match_order_ids(struct arena *arena, const struct str *ids, uint32_t count);

#endif

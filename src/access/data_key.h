#ifndef ACCESS_DATA_KEY_H
#define ACCESS_DATA_KEY_H

#include "access/asker.h"
#include "access/codec.h"
#include "base/clock.h"
#include "store/store.h"

/* The key in the file, and the key that values are sealed with. At first they are one. Rotation
 * makes a new key file and keeps the data key in the workspace, wrapped under it (an envelope):
 * what is sealed stays as it is, and a copy of the old key file opens nothing any more but backups
 * made before. The module's table: data_key. */

/* The codec of the workspace, from that of its key file: `file_key` is taken over (also on failure)
 * and either becomes *out or is closed. ERR_STORE when the key file does not belong to the
 * workspace. */
MUST_USE bool data_key_open(struct store *store, struct codec *file_key, struct codec **out,
                            struct err *err);

/* Begins sealing anew (reseal.h): a fresh data key in *fresh takes the place of `data`, which stays
 * in the workspace, wrapped under the fresh one, until data_key_retire. In the caller's
 * transaction. Audited. ERR_STORE, ERR_IO. */
MUST_USE bool data_key_renew(struct store *store, const struct clock *clock,
                             const struct asker *asker, const char *workspace,
                             const struct codec *data, struct codec **fresh, struct err *err);

/* The key before, of a sealing anew that is under way. `data` is the workspace's codec. */
MUST_USE bool data_key_before(struct store *store, struct codec *data, struct codec **old,
                              struct err *err);

/* Nothing is sealed by the key before any more: it is forgotten. In the caller's transaction.
 * Audited, with how many rows were looked at and how many opened by neither key. ERR_STORE. */
MUST_USE bool data_key_retire(struct store *store, const struct clock *clock,
                              const struct asker *asker, uint64_t rows, uint64_t damaged,
                              struct err *err);

/* Puts a new key file in the place of "WORKSPACE.key". Killed at any moment, the key file that is
 * there opens the workspace. Audited. `data` is the workspace's codec. ERR_STORE, ERR_IO;
 * ERR_CONFLICT where another rotation ended meanwhile: it stands, and this one did nothing. */
MUST_USE bool data_key_rotate(struct store *store, const struct clock *clock,
                              const struct asker *asker, const char *workspace,
                              const struct codec *data, struct err *err);

#endif

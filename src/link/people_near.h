#ifndef LINK_PEOPLE_NEAR_H
#define LINK_PEOPLE_NEAR_H

#include "link/people_weigh.h"

/* One person and whoever comes near them, without reading all people. A run over all areas leaves
 * behind what such a question needs to know of everybody: under which keys which persons meet
 * (weigher_keys), how many carry a name, what the weigher learnt, which guardians were derived of
 * households. Who asks then reads the rows of a few hundred persons by their numbers, and gets a
 * `struct people` of them and a weigher that weighs their pairs as that of the whole does.
 *
 *     people_near_pack, _save after a run   →   people_near_open → … _read → _weigher → _around …
 *
 * It is true of one state of the workspace: the day, the files, the decisions, the newest link run,
 * the program and its texts. Of any other people_near_open gives nothing, and the people have to be
 * read whole. The module's tables: near_run, near_part, near_kin; sealed like identifying fields.
 * Workspaces that go by a packs folder of their own leave nothing. */

/* What is to be kept of linked people, read with all areas as they are known now, and of their
 * weigher. Not in a transaction: it takes some seconds for a city (none when it is there already),
 * in which others may have to write. On up to `threads` threads (0: as many as the machine offers).
 * In the arena; borrows `registry`. ERR_STORE. */
struct near_packed;
MUST_USE bool people_near_pack(struct near_packed **out, struct arena *arena,
                               struct registry *registry, const struct people *people,
                               const struct weigher *weigher, size_t threads, struct err *err);

/* Keeps it, inside the caller's transaction. Nothing is done when it is there already, or when the
 * workspace is of another state than it was made of. ERR_STORE. */
MUST_USE bool people_near_save(struct registry *registry, const struct near_packed *packed,
                               struct err *err);

struct people_near;

/* *out is NULL when nothing is kept that is true of `when.at` and of what is known now. Lives in
 * the arena; `registry` is borrowed. ERR_STORE. */
MUST_USE bool people_near_open(struct people_near **out, struct arena *arena,
                               struct registry *registry, struct read_at when, struct err *err);

/* Whether a function here failed because what is kept was changed or is sealed under another key,
 * not because the workspace cannot be read: forgotten, it is made anew by the next that saves. */
bool people_near_damaged(const struct people_near *near);
MUST_USE bool people_near_forget(struct store *store, struct err *err);

/* The state of the workspace that it is true of: other bytes, another state. */
struct str people_near_rests(const struct people_near *near);

/* Whether a record of the person is in force. ERR_STORE. */
MUST_USE bool people_near_in_force(const struct people_near *near, int64_t number, bool *in_force,
                                   struct err *err);

/* Whether the row itself, of a register of the people, is somebody's record: else it is an adult's,
 * or holds no more. ERR_STORE. */
MUST_USE bool people_near_is_record(const struct people_near *near, uint32_t register_number,
                                    int64_t statement, bool *out, struct err *err);

/* Adds to `numbers` whoever may have a record with this key (weigher_id_key, weigher_name_key): all
 * who have, and seldom somebody else. ERR_STORE. */
struct person_numbers {
    int64_t *items;
    size_t count, capacity;
};
MUST_USE bool people_near_meant(const struct people_near *near, uint64_t key,
                                struct person_numbers *numbers, struct err *err);
void person_numbers_add(struct arena *arena, struct person_numbers *numbers, int64_t number);

/* Reads the persons of these numbers (sorted here, and each taken once; those that are not in force
 * are passed over): linked, in the order in which the whole has them. *whole is false, and the rest
 * without meaning, when what is kept does not fit the rows, so that all have to be read.
 * ERR_STORE. */
MUST_USE bool people_near_read(const struct people_near *near, struct person_numbers *numbers,
                               struct people *people, bool *whole, struct err *err);

/* A weigher of people that were read so; *whole as above. ERR_STORE. */
MUST_USE bool people_near_weigher(const struct people_near *near, const struct people *people,
                                  struct weigher **weigher, bool *whole, struct err *err);

/* Adds whoever shares a key (weigher_keys) with one of these. ERR_STORE. */
MUST_USE bool people_near_around(const struct people_near *near, const struct people *people,
                                 const struct weigher *weigher, struct person_numbers *numbers,
                                 struct err *err);

/* The persons of the records that the newest run finds doubtful or of which something was decided,
 * added to `numbers`: for review_list. ERR_STORE. */
MUST_USE bool people_near_doubts(const struct people_near *near, struct person_numbers *numbers,
                                 struct err *err);

#endif

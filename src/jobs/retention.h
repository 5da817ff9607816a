#ifndef JOBS_RETENTION_H
#define JOBS_RETENTION_H

#include "access/audit.h"

/* How long stored data is kept: rules by kind, read from policies/national/rules/retention.yaml,
 * each with the text of law that it rests on. What may be erased is erased only when somebody asks
 * for it, and never what answers of the past rest on: statements, their batches, persons, decisions
 * and the trail stay. What is erased is overwritten in the file; backups made before still have
 * them. */

enum retention_then {
    RETENTION_ERASE,     /* due after `days`, erased by retention_apply */
    RETENTION_KEEP,      /* never erased; `days` is the least, 0: as long as the workspace */
    RETENTION_BY_ITSELF, /* replaced or removed by the program in its work */
};

struct retention_kind {
    struct str key, zh, en;
    struct str *tables; /* names; one that ends in "*" stands for all that begin so */
    size_t table_count;
    struct str *laws; /* at least one */
    size_t law_count;
    int64_t days;
    enum retention_then then;
    struct str why_zh, why_en;
};

/* All kinds, in the order of the file. */
struct retention_rules {
    struct retention_kind *kinds;
    size_t count;
};

/* Reads the rules from the packs folder (NULL: those built in). ERR_INPUT with file and line, also
 * for a kind that is to be erased and that this program does not know how to erase. */
MUST_USE bool retention_load(struct retention_rules *out, struct arena *arena, const char *folder,
                             struct err *err);

/* The kind that a table belongs to, or NULL. */
const struct retention_kind *retention_kind_of(const struct retention_rules *rules,
                                               struct str table);

const char *retention_then_key(enum retention_then then); /* "erase" "keep" "by_itself" */
const char *retention_then_text(enum retention_then then, enum lang lang);

/* How many rows of a kind there are and are due; 0 where it is not erased. */
struct retention_due {
    const struct retention_kind *kind;
    int64_t rows, due;
};

/* One for each kind, in the order of the rules, in the arena. ERR_STORE. */
MUST_USE bool retention_look(struct store *store, const struct clock *clock,
                             const struct retention_rules *rules, struct arena *arena,
                             struct retention_due **out, struct err *err);

/* Erases what is due, audited, in one transaction; *out says what was erased (`due`) and how many
 * rows are left. Nothing is written when nothing is due. */
MUST_USE bool retention_apply(struct store *store, const struct clock *clock,
                              const struct asker *asker, const struct retention_rules *rules,
                              struct arena *arena, struct retention_due **out, struct err *err);

#endif

#include "jobs/workspace.h"

#include "access/audit.h"
#include "access/data_key.h"
#include "figures/publication.h"
#include "ledger/ledger.h"
#include "placing/kept.h"

static bool migrate_all(struct workspace *workspace, struct err *err)
{
    return registry_migrate(&workspace->registry, err) && people_migrate(workspace->store, err)
           && award_migrate(workspace->store, err) && ledger_migrate(workspace->store, err)
           && finding_migrate(workspace->store, err) && case_migrate(workspace->store, err)
           && kept_migrate(workspace->store, err);
}

/* The texts that a workspace works by: read before anything is made, so that a mistake in them
 * leaves no empty workspace behind. */
static bool load_policies(struct workspace *workspace, const char *policies, struct err *err)
{
    struct arena *arena = &workspace->arena;
    workspace->policies = policies == NULL ? NULL : str_cstr(arena, str_from(policies));
    return profiles_load(&workspace->profiles, arena, policies, err)
           && divisions_load(&workspace->divisions, arena, policies, err)
           && rules_load(&workspace->rules, arena, &workspace->profiles, policies, err)
           && facts_text_load(&workspace->facts, arena, &workspace->profiles, policies, "student",
                              err)
           && procedures_load(&workspace->procedures, arena, policies, err)
           && chains_load(&workspace->chains, arena, policies, &workspace->procedures, err)
           && retention_load(&workspace->retention, arena, policies, err);
}

static void make_registry(struct workspace *workspace)
{
    workspace->registry = (struct registry){.store = workspace->store,
                                            .codec = workspace->codec,
                                            .profiles = &workspace->profiles,
                                            .divisions = workspace->divisions,
                                            .clock = workspace->clock,
                                            .policies = workspace->policies};
}

/* A new key beside an old workspace would only hide that the old one is lost; a workspace whose
 * making was cut off before its key was made still gets one. */
static bool open_file(struct workspace *workspace, const struct workspace_options *options,
                      struct codec **key, struct err *err)
{
    enum store_mode mode = options->create   ? STORE_CREATE
                           : options->reseal ? STORE_ALONE
                                             : STORE_WRITE;
    bool empty = false;
    return store_open(&workspace->store, options->path, mode, err)
           && store_is_empty(workspace->store, &empty, err)
           && codec_open(key, options->path, empty, err);
}

/* Where there is no workspace, or one in which nothing is yet, one in memory stands in. */
static bool open_trial(struct workspace *workspace, const struct workspace_options *options,
                       struct codec **key, struct err *err)
{
    bool empty = true;
    if (store_is_there(options->path)
        && (!store_open(&workspace->store, options->path, STORE_WRITE, err)
            || !store_is_empty(workspace->store, &empty, err))) {
        return false;
    }
    if (!empty) return codec_open(key, options->path, false, err);
    store_close(workspace->store);
    workspace->store = NULL;
    return store_open_memory(&workspace->store, err) && codec_fresh(key, err);
}

/* Half of what is sealed lies under another key: nothing is found by a number, and nothing may be
 * added. */
static bool check_sealed(struct workspace *workspace, struct err *err)
{
    struct reseal_state state;
    if (!reseal_read(workspace->store, &workspace->arena, &state, err)) return false;
    if (!state.under_way) return true;
    err_set(err, ERR_CONFLICT, "sealing anew was cut off and must be done first",
            "上次重新加密没有做完，须先做完");
    return err_hint(err, "baoxue keys reseal goes on where it stopped",
                    "baoxue keys reseal 从停下的地方接着做");
}

bool workspace_open(struct workspace *workspace, const struct workspace_options *options,
                    struct err *err)
{
    CHECK(options->path != NULL);
    CHECK(!(options->create && options->trial));
    *workspace = (struct workspace){.clock = options->clock};
    workspace->path = str_cstr(&workspace->arena, str_from(options->path));
    if (!load_policies(workspace, options->policies, err)) return false;
    struct codec *file_key = NULL;
    if (!(options->trial ? open_trial : open_file)(workspace, options, &file_key, err)) {
        return false;
    }
    if (!access_migrate(workspace->store, err)) {
        codec_close(file_key);
        return false;
    }
    if (!data_key_open(workspace->store, file_key, &workspace->codec, err)
        || (!options->reseal && !check_sealed(workspace, err))) {
        return false;
    }
    make_registry(workspace);
    return migrate_all(workspace, err) && publication_migrate(workspace->store, err)
           && registry_now(&workspace->registry, &workspace->opened_ms, err);
}

bool workspace_share(struct workspace *out, const struct workspace *from, enum store_mode mode,
                     struct err *err)
{
    CHECK(mode != STORE_CREATE);
    CHECK(from->codec != NULL);
    *out = (struct workspace){.profiles = from->profiles,
                              .divisions = from->divisions,
                              .rules = from->rules,
                              .facts = from->facts,
                              .procedures = from->procedures,
                              .chains = from->chains,
                              .policies = from->policies,
                              .retention = from->retention,
                              .clock = from->clock,
                              .opened_ms = from->opened_ms};
    out->path = str_cstr(&out->arena, str_from(from->path));
    if (!store_open(&out->store, out->path, mode, err)) return false;
    out->codec = codec_worker(from->codec);
    make_registry(out);
    return true;
}

void workspace_close(struct workspace *workspace)
{
    store_close(workspace->store);
    codec_close(workspace->codec);
    arena_free(&workspace->arena);
    workspace->store = NULL;
    workspace->codec = NULL;
}

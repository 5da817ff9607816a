#include "jobs/workspace.h"

#include "access/audit.h"
#include "access/data_key.h"

static bool migrate_all(struct workspace *workspace, struct err *err)
{
    return registry_migrate(&workspace->registry, err) && people_migrate(workspace->store, err)
           && finding_migrate(workspace->store, err);
}

/* The texts that a workspace works by: read before anything is made, so that a mistake in them
 * leaves no empty workspace behind. */
static bool load_policies(struct workspace *workspace, const char *policies, struct err *err)
{
    struct arena *arena = &workspace->arena;
    return profiles_load(&workspace->profiles, arena, policies, err)
           && divisions_load(&workspace->divisions, arena, policies, err)
           && rules_load(&workspace->rules, arena, &workspace->profiles, policies, err);
}

static void make_registry(struct workspace *workspace)
{
    workspace->registry = (struct registry){.store = workspace->store,
                                            .codec = workspace->codec,
                                            .profiles = &workspace->profiles,
                                            .divisions = workspace->divisions,
                                            .clock = workspace->clock};
}

bool workspace_open(struct workspace *workspace, const struct workspace_options *options,
                    struct err *err)
{
    CHECK(options->path != NULL);
    *workspace = (struct workspace){.clock = options->clock};
    workspace->path = str_cstr(&workspace->arena, str_from(options->path));
    if (!load_policies(workspace, options->policies, err)) return false;
    enum store_mode mode = options->create ? STORE_CREATE : STORE_WRITE;
    if (!store_open(&workspace->store, options->path, mode, err)) return false;
    /* A new key beside an old workspace would only hide that the old one is lost; a workspace whose
     * making was cut off before its key was made still gets one. */
    bool empty = false;
    if (!store_is_empty(workspace->store, &empty, err)) return false;
    struct codec *file_key = NULL;
    if (!codec_open(&file_key, options->path, empty, err)) return false;
    if (!access_migrate(workspace->store, err)) {
        codec_close(file_key);
        return false;
    }
    if (!data_key_open(workspace->store, file_key, &workspace->codec, err)) return false;
    make_registry(workspace);
    return migrate_all(workspace, err);
}

bool workspace_share(struct workspace *out, const struct workspace *from, enum store_mode mode,
                     struct err *err)
{
    CHECK(mode != STORE_CREATE);
    CHECK(from->codec != NULL);
    *out = (struct workspace){.profiles = from->profiles,
                              .divisions = from->divisions,
                              .rules = from->rules,
                              .clock = from->clock};
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

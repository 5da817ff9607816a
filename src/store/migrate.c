#include "store/internal.h"

static bool find_version(struct store *store, const char *module, int64_t *version, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'", err)) {
        return false;
    }
    bool row = false;
    bool done = store_step(statement, &row, err);
    bool known = done && row && store_i64(statement, 0) > 0;
    store_finish(statement);
    *version = 0;
    if (!done || !known) return done;
    if (!store_prepare(store, &statement,
                       "SELECT version FROM schema_version WHERE module = $module", err)) {
        return false;
    }
    store_bind_str(statement, "$module", str_from(module));
    done = store_step(statement, &row, err);
    if (done && row) *version = store_i64(statement, 0);
    store_finish(statement);
    return done;
}

static bool version_allowed(const struct store *store, const char *module, int64_t version,
                            size_t count, struct err *err)
{
    if (version > (int64_t)count) {
        return err_set(err, ERR_STORE,
                       "the workspace \"%s\" was changed by a newer version of this program "
                       "(%s %lld, known here: %zu)",
                       "工作区“%s”已由本程序的更新版本改过（%s %lld，本版本为 %zu），请升级程序",
                       store->path, module, (long long)version, count);
    }
    if (version < (int64_t)count && store->read_only) {
        return err_set(err, ERR_STORE,
                       "the workspace \"%s\" is of an older version, run a command that writes "
                       "to it first",
                       "工作区“%s”版本较旧，请先运行一次会写入的命令", store->path);
    }
    return true;
}

static bool set_version(struct store *store, const char *module, size_t count, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "INSERT INTO schema_version (module, version) VALUES ($module, $version) "
                       "ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$module", str_from(module));
    store_bind_i64(statement, "$version", (int64_t)count);
    bool done = store_run(statement, err);
    store_finish(statement);
    return done;
}

static bool run_scripts(struct store *store, const char *module, const struct str *scripts,
                        size_t count, struct err *err)
{
    int64_t version = 0;
    /* Read again: another program may have done it while this one waited for the lock. */
    if (!find_version(store, module, &version, err)) return false;
    if (!version_allowed(store, module, version, count, err)) return false;
    if (!store_exec(store,
                    "CREATE TABLE IF NOT EXISTS schema_version ("
                    "module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT",
                    err)) {
        return false;
    }
    struct arena scratch = {0};
    bool done = true;
    for (size_t i = (size_t)version; done && i < count; i++) {
        done = store_exec_literal(store, str_cstr(&scratch, scripts[i]), err);
        if (!done) err_at(err, "%s, script %zu", "%s 第 %zu 个脚本", module, i + 1);
    }
    arena_free(&scratch);
    return done && set_version(store, module, count, err);
}

bool store_migrate(struct store *store, const char *module, const struct str *scripts, size_t count,
                   struct err *err)
{
    CHECK(store != NULL);
    CHECK(module != NULL);
    int64_t version = 0;
    if (!find_version(store, module, &version, err)) return false;
    if (!version_allowed(store, module, version, count, err)) return false;
    if (version == (int64_t)count) return true;
    if (store_in_transaction(store)) return run_scripts(store, module, scripts, count, err);
    if (!store_begin(store, err)) return false;
    if (!run_scripts(store, module, scripts, count, err)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, err);
}

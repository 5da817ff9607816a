#include "base/file.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_WAIT_MS = 5000 };

static bool no_room(const struct store *store, struct err *err)
{
    return err_set(err, ERR_STORE, "no room left on the disk for the workspace \"%s\"",
                   "磁盘已满，工作区“%s”无法写入", store->path);
}

bool store_failed(const struct store *store, int code, struct err *err)
{
    /* On a full disk the file shared by readers cannot even be made. */
    if (code == SQLITE_IOERR_SHMSIZE) return no_room(store, err);
    const char *message = store->db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(store->db);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(
            err, ERR_STORE,
            "the workspace \"%s\" is locked by another program, try again when it is done",
            "工作区“%s”正被另一个程序占用，请等它结束后再试", store->path);
    case SQLITE_FULL: return no_room(store, err);
    case SQLITE_INTERRUPT:
        return err_set(err, ERR_LIMIT, "a query takes too many steps", "查询步数过多，已停止");
    case SQLITE_NOTADB:
        return err_set(err, ERR_STORE, "\"%s\" is not a workspace", "“%s”不是工作区文件",
                       store->path);
    case SQLITE_CORRUPT:
        return err_set(err, ERR_STORE,
                       "the workspace \"%s\" is damaged, restore it from a backup (%s)",
                       "工作区“%s”已损坏，请从备份恢复（%s）", store->path, message);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return err_set(
            err, ERR_STORE,
            "the workspace \"%s\" may not be written here, make sure that you may write "
            "it and its folder and that the disk is not mounted read-only",
            "工作区“%s”在此不可写入，请确认本用户可以写它和它所在的文件夹，磁盘没有以只读"
            "方式挂载",
            store->path);
    case SQLITE_CANTOPEN:
        return err_set(
            err, ERR_STORE,
            "could not open the workspace \"%s\", make sure that you may read and write it and its "
            "folder",
            "无法打开工作区“%s”，请确认本用户可以读写它和它所在的文件夹", store->path);
    case SQLITE_IOERR:
        return err_set(err, ERR_STORE,
                       "the workspace \"%s\" could not be read or written; see whether the disk is "
                       "full, has a quota or is failing (code %d)",
                       "工作区“%s”读写失败，请看磁盘是否已满、有无配额限制或已损坏（代码 %d）",
                       store->path, code);
    default:
        return err_set(err, ERR_STORE, "the workspace \"%s\" failed: %s (code %d)",
                       "工作区“%s”出错：%s（代码 %d）", store->path, message, code);
    }
}

bool store_fault_pass(struct store *store, struct err *err)
{
    if (store->fault_left == 0 || --store->fault_left > 0) return true;
    store->fault_reached = true;
    return err_set(err, ERR_STORE, "the workspace \"%s\" failed: a fault that a test asked for",
                   "工作区“%s”出错：测试要求的故障", store->path);
}

void store_fault_set(struct store *store, uint64_t nth)
{
    CHECK(store != NULL);
    store->fault_left = nth;
    store->fault_reached = false;
}

bool store_fault_reached(const struct store *store)
{
    return store->fault_reached;
}

static bool read_number(struct store *store, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || store_failed(store, code, err);
}

bool store_version(struct store *store, int64_t *out, struct err *err)
{
    CHECK(store->gate == GATE_OWN);
    if (!store_fault_pass(store, err)) return false;
    store->gate = GATE_SETTING;
    bool done = read_number(store, "PRAGMA data_version", out, err);
    store->gate = GATE_OWN;
    return done;
}

bool store_run_text(struct store *store, const char *sql, struct err *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || store_failed(store, code, err);
}

bool store_cache_little(struct store *store, struct err *err)
{
    CHECK(store->gate == GATE_OWN);
    if (!store_fault_pass(store, err)) return false;
    store->gate = GATE_SETTING;
    bool done = store_run_text(store, "PRAGMA main.cache_size = -4096", err);
    store->gate = GATE_OWN;
    return done;
}

bool store_exec_literal(struct store *store, const char *sql, struct err *err)
{
    CHECK(store != NULL);
    CHECK(sql != NULL);
    return store_fault_pass(store, err) && store_run_text(store, sql, err);
}

static bool writes(int action)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_RECURSIVE: return false;
    default: return true;
    }
}

/* A second wall behind literal SQL: no other file is reached and no setting is changed by any
 * statement after opening. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    struct store *store = context;
    (void)trigger;
    if (store->gate == GATE_DESK || store->gate == GATE_KEEPING) {
        return store_desk_authorize(store, action, first, second, database);
    }
    if (store->gate == GATE_SETTING) return SQLITE_OK;
    if (store->gate == GATE_LAYING && writes(action)
        && (database == NULL || sqlite3_stricmp(database, "temp") != 0)) {
        return SQLITE_DENY;
    }
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return SQLITE_DENY;
    case SQLITE_PRAGMA:
        return sqlite3_stricmp(first, "table_info") == 0
                       || sqlite3_stricmp(first, "quick_check") == 0
                   ? SQLITE_OK
                   : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return sqlite3_stricmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_OK;
    }
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 128 << 20},     {SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX},
        {SQLITE_LIMIT_EXPR_DEPTH, 200},       {SQLITE_LIMIT_COMPOUND_SELECT, 100},
        {SQLITE_LIMIT_ATTACHED, 0},           {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 10},     {SQLITE_LIMIT_WORKER_THREADS, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 2000},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
}

static bool configure(struct store *store, struct err *err)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DQS_DDL, 0},     {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},   {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    };
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_WAIT_MS);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        int code = sqlite3_db_config(store->db, options[i].option, options[i].value, NULL);
        if (code != SQLITE_OK) return store_failed(store, code, err);
    }
    set_limits(store->db);
    return true;
}

bool store_is_empty(struct store *store, bool *empty, struct err *err)
{
    CHECK(store != NULL);
    int64_t tables = 0;
    if (!read_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err)) return false;
    *empty = tables == 0;
    return true;
}

bool store_is_whole(struct store *store, bool *whole, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "PRAGMA quick_check(1)", err)) return false;
    bool done = store_step_row(statement, err);
    if (done) *whole = str_is(store_str(statement, 0), "ok");
    store_finish(statement);
    return done;
}

/* A file with no table and no mark of its own becomes a workspace: a new one, or one whose making
 * was cut off before anything was in it. */
static bool mark_new(struct store *store, bool create, struct err *err)
{
    int64_t tables = 0;
    if (!read_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err)) return false;
    if (!create || tables > 0) {
        return err_set(err, ERR_STORE, "\"%s\" is not a workspace", "“%s”不是工作区文件",
                       store->path);
    }
    return store_run_text(store,
                          "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
                          "PRAGMA application_id = 0x42414F58; PRAGMA user_version = 1;",
                          err);
}

static bool recognise(struct store *store, bool create, struct err *err)
{
    int64_t application = 0, format = 0;
    if (!read_number(store, "PRAGMA application_id", &application, err)) return false;
    if (!read_number(store, "PRAGMA user_version", &format, err)) return false;
    if (application == 0) {
        if (!mark_new(store, create, err)) return false;
        format = FORMAT_VERSION;
    } else if (application != APPLICATION_ID) {
        return err_set(err, ERR_STORE, "\"%s\" is not a workspace", "“%s”不是工作区文件",
                       store->path);
    }
    if (format > FORMAT_VERSION) {
        return err_set(err, ERR_STORE,
                       "the workspace \"%s\" was made by a newer version of this program",
                       "工作区“%s”由本程序的更新版本建立，请升级程序", store->path);
    }
    return true;
}

/* Before the file is first looked at: what others have open cannot be had alone, and the other way
 * round; it ends with the program, however that ends. */
static bool be_alone(struct store *store, struct err *err)
{
    return store_run_text(store, "PRAGMA locking_mode = EXCLUSIVE", err);
}

static bool set_up(struct store *store, enum store_mode mode, struct err *err)
{
    bool create = mode == STORE_CREATE;
    if (!configure(store, err) || (mode == STORE_ALONE && !be_alone(store, err))) return false;
    if (!recognise(store, create, err)) return false;
    /* The cache holds the inner pages of all indexes of a city; rows pass through it once. */
    if (!store_run_text(store,
                        "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
                        "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
                        "PRAGMA secure_delete = ON;"
                        "PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 16777216;",
                        err)) {
        return false;
    }
    if (store->read_only && !store_run_text(store, "PRAGMA query_only = ON", err)) return false;
    int code = sqlite3_set_authorizer(store->db, authorize, store);
    return code == SQLITE_OK || store_failed(store, code, err);
}

/* The file is made here and not by SQLite so that only its owner can read it; its journal gets the
 * same mode. */
static bool make_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        int code = errno;
        err_set(err, ERR_STORE, "could not make the workspace \"%s\"", "无法建立工作区“%s”", path);
        return file_reason(err, code);
    }
    close(fd);
    return true;
}

static bool file_ready(const char *path, enum store_mode mode, struct err *err)
{
    if (strncmp(path, "postgresql://", 13) == 0 || strncmp(path, "postgres://", 11) == 0) {
        return err_set(err, ERR_USAGE,
                       "this version keeps its workspace in a file, a database server "
                       "(postgresql://) cannot be used yet",
                       "本版本的工作区是一个文件，尚不支持数据库服务器（postgresql://）");
    }
    struct stat info;
    bool there = stat(path, &info) == 0;
    /* Nothing is in a file whose making was cut off at once. */
    if (!there || (S_ISREG(info.st_mode) && info.st_size == 0)) {
        if (mode == STORE_CREATE) return there || make_file(path, err);
        err_set(err, ERR_STORE, "there is no workspace \"%s\"", "没有工作区“%s”", path);
        return err_hint(err, "\"baoxue init\" makes one, --db names another",
                        "可用 baoxue init 建立，或用 --db 指明");
    }
    if (!S_ISREG(info.st_mode)) {
        return err_set(err, ERR_STORE, "\"%s\" is not a workspace", "“%s”不是工作区文件", path);
    }
    return true;
}

static bool open_ready(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    struct arena arena = {0};
    struct store *store = arena_new(&arena, struct store);
    store->path = str_cstr(&arena, str_from(path));
    store->read_only = mode == STORE_READ;
    /* Also a reader opens for writing, or it could not tidy the journal of a program that was
     * killed; query_only keeps it from changing anything. */
    int code = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    store->arena = arena;
    bool done = code == SQLITE_OK ? set_up(store, mode, err) : store_failed(store, code, err);
    if (!done) {
        store_close(store);
        return false;
    }
    *out = store;
    return true;
}

bool store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    CHECK(out != NULL);
    CHECK(path != NULL);
    return file_ready(path, mode, err) && open_ready(out, path, mode, err);
}

bool store_open_memory(struct store **out, struct err *err)
{
    CHECK(out != NULL);
    return open_ready(out, ":memory:", STORE_CREATE, err);
}

bool store_is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !(S_ISREG(info.st_mode) && info.st_size == 0);
}

void store_wait_set(struct store *store, int wait_ms)
{
    CHECK(wait_ms >= 0);
    CHECK(wait_ms <= 60000);
    sqlite3_busy_timeout(store->db, wait_ms);
}

void store_close(struct store *store)
{
    if (store == NULL) return;
    CHECK(store->statements_open == 0);
    store_rollback(store);
    store_statements_forget(store);
    CHECK(sqlite3_close(store->db) == SQLITE_OK);
    struct arena arena = store->arena;
    arena_free(&arena);
}

bool store_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->db) == 0;
}

bool store_begin(struct store *store, struct err *err)
{
    CHECK(!store_in_transaction(store));
    if (!store_fault_pass(store, err)) return false;
    /* The right to write is taken at once, where waiting for it is possible, not in the middle. */
    return store_run_text(store, store->read_only ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

bool store_begin_read(struct store *store, struct err *err)
{
    CHECK(!store_in_transaction(store));
    return store_fault_pass(store, err) && store_run_text(store, "BEGIN", err);
}

bool store_commit(struct store *store, struct err *err)
{
    CHECK(store_in_transaction(store));
    if (store_fault_pass(store, err) && store_run_text(store, "COMMIT", err)) return true;
    store_rollback(store);
    return false;
}

void store_rollback(struct store *store)
{
    if (store->db == NULL || !store_in_transaction(store)) return;
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    CHECK(!store_in_transaction(store));
}

bool store_end(struct store *store, bool done, struct err *err)
{
    if (done) return store_commit(store, err);
    store_rollback(store);
    return false;
}

bool store_savepoint(struct store *store, struct err *err)
{
    CHECK(store_in_transaction(store));
    return store_fault_pass(store, err) && store_run_text(store, "SAVEPOINT inner", err);
}

bool store_savepoint_keep(struct store *store, struct err *err)
{
    CHECK(store_in_transaction(store));
    return store_fault_pass(store, err) && store_run_text(store, "RELEASE inner", err);
}

void store_savepoint_undo(struct store *store)
{
    /* Some failures (a full disk) have rolled back everything already. */
    if (!store_in_transaction(store)) return;
    (void)sqlite3_exec(store->db, "ROLLBACK TO inner; RELEASE inner", NULL, NULL, NULL);
}

int64_t store_last_id(const struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

int64_t store_changed(const struct store *store)
{
    return sqlite3_changes64(store->db);
}

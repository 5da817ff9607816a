#include "jobs/doctor.h"

#include "access/audit.h"
#include "access/user.h"
#include "base/list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { REMARK_BYTES_MAX = 4096, NAMES_SHOWN = 10 };
static const int64_t day_ms = 24 * 60 * 60 * 1000;

struct look {
    struct workspace *workspace;
    const char *path;
    struct arena *arena;
    int64_t now_ms;
    LIST(struct doctor_remark) remarks;
};

static void remark(struct look *look, const char *key, enum doctor_weight weight, const char *zh,
                   const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* Both sentences take the same arguments in the same order. */
static void remark(struct look *look, const char *key, enum doctor_weight weight, const char *zh,
                   const char *en, ...)
{
    struct doctor_remark *out = list_push(look->arena, &look->remarks);
    char buffer[REMARK_BYTES_MAX];
    va_list args;
    *out = (struct doctor_remark){.key = key, .weight = weight};
    va_start(args, en);
    vsnprintf(buffer, sizeof buffer, zh, args);
    va_end(args);
    out->zh = str_copy(look->arena, str_from(buffer));
    va_start(args, en);
    vsnprintf(buffer, sizeof buffer, en, args);
    va_end(args);
    out->en = str_copy(look->arena, str_from(buffer));
}

static const char *key_path(const struct look *look)
{
    struct text text;
    text_init(&text, look->arena, REMARK_BYTES_MAX);
    text_add_f(&text, "%s.key", look->path);
    return str_cstr(look->arena, text_str(&text));
}

static void look_at_file(struct look *look, const char *key, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) return;
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        remark(look, key, DOCTOR_UNSAFE, "本机其他用户可以读写“%s”，请运行 chmod 600",
               "others on this machine can read or write \"%s\", run chmod 600 on it", path);
        return;
    }
    if (info.st_uid != geteuid()) {
        remark(look, key, DOCTOR_NOTE, "“%s”属于另一个用户", "\"%s\" belongs to another user",
               path);
        return;
    }
    remark(look, key, DOCTOR_FINE, "“%s”只有本用户能读", "only its owner can read \"%s\"", path);
}

static void look_at_disk(struct look *look)
{
    struct statvfs disk;
    struct stat info;
    if (statvfs(look->path, &disk) != 0 || stat(look->path, &info) != 0) return;
    uint64_t free_mb = (uint64_t)disk.f_bavail * disk.f_frsize >> 20;
    uint64_t used_mb = (uint64_t)info.st_size >> 20;
    bool tight = free_mb < 2 * used_mb + 1024;
    remark(look, "disk_space", tight ? DOCTOR_UNSAFE : DOCTOR_FINE,
           tight ? "磁盘只剩 %llu MB，工作区占 %llu MB：备份和导入可能失败，请腾出空间"
                 : "磁盘还有 %llu MB，工作区占 %llu MB",
           tight ? "%llu MB are left on the disk and the workspace takes %llu MB: backups and "
                   "imports may fail, make room"
                 : "%llu MB are left on the disk, the workspace takes %llu MB",
           (unsigned long long)free_mb, (unsigned long long)used_mb);
}

static bool look_at_store(struct look *look, struct err *err)
{
    bool whole = false;
    int64_t broken_at = 0;
    if (!store_is_whole(look->workspace->store, &whole, err)
        || !audit_verify(look->workspace->store, &broken_at, err)) {
        return false;
    }
    if (whole) {
        remark(look, "workspace", DOCTOR_FINE, "工作区文件完整", "the workspace is whole");
    } else {
        remark(look, "workspace", DOCTOR_UNSAFE, "工作区文件已损坏，请停止使用并从备份恢复",
               "the workspace is damaged: stop using it and restore a backup");
    }
    if (broken_at == 0) {
        remark(look, "audit", DOCTOR_FINE, "审计记录完整", "the audit trail is whole");
    } else {
        remark(look, "audit", DOCTOR_UNSAFE, "审计记录从第 %lld 条起被动过，请查明",
               "the audit trail was touched from entry %lld on: find out by whom",
               (long long)broken_at);
    }
    return true;
}

/* Names of users of whom `says` is true, the first NAMES_SHOWN, and how many there are. */
static size_t name_users(const struct look *look, const struct user *users, size_t count,
                         bool (*says)(const struct look *, const struct user *), struct str *names)
{
    struct text text;
    size_t found = 0;
    text_init(&text, look->arena, REMARK_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (users[i].disabled_ms != 0 || !says(look, &users[i])) continue;
        if (found < NAMES_SHOWN) {
            text_add_f(&text, "%s%.*s", found == 0 ? "" : ", ", STR_ARG(users[i].name));
        }
        found++;
    }
    if (found > NAMES_SHOWN) text_add_c(&text, " …");
    *names = text_str(&text);
    return found;
}

static int64_t age_days(const struct look *look, int64_t since_ms)
{
    return (look->now_ms - since_ms) / day_ms;
}

static bool never_came(const struct look *look, const struct user *user)
{
    return user->seen_ms == 0 && age_days(look, user->made_ms) >= DOCTOR_PASSWORD_DAYS;
}

static bool stays_away(const struct look *look, const struct user *user)
{
    return user->seen_ms != 0 && age_days(look, user->seen_ms) >= DOCTOR_UNUSED_DAYS;
}

/* Who can show full numbers or is an administrator should have a second factor. */
static bool lacks_factor(const struct look *look, const struct user *user)
{
    (void)look;
    uint32_t strong = CAPABILITY_REVEAL | CAPABILITY_USERS | CAPABILITY_AUDIT | CAPABILITY_SYSTEM;
    return !user->has_second_factor && (role_capabilities(user->role) & strong) != 0;
}

static bool look_at_users(struct look *look, struct err *err)
{
    struct user *users = NULL;
    size_t count = 0, found;
    struct str names;
    if (!user_list(look->workspace->store, look->arena, &users, &count, err)) return false;
    if (count == 0) {
        remark(look, "users", DOCTOR_FINE, "没有用户：只在本机命令行使用",
               "no users: used on the command line alone");
        return true;
    }
    found = name_users(look, users, count, never_came, &names);
    if (found > 0) {
        remark(look, "one_time_passwords", DOCTOR_UNSAFE,
               "%zu 名用户的一次性密码 %d 天没有用过，请停用或重发：%.*s",
               "%zu users have not used their one-time password for %d days, disable or reset "
               "them: %.*s",
               found, (int)DOCTOR_PASSWORD_DAYS, STR_ARG(names));
    }
    found = name_users(look, users, count, stays_away, &names);
    if (found > 0) {
        remark(look, "unused_users", DOCTOR_UNSAFE, "%zu 名用户超过 %d 天没有登录，请停用：%.*s",
               "%zu users did not log in for %d days, disable them: %.*s", found,
               (int)DOCTOR_UNUSED_DAYS, STR_ARG(names));
    }
    found = name_users(look, users, count, lacks_factor, &names);
    if (found > 0) {
        remark(look, "second_factor", DOCTOR_NOTE,
               "%zu 名能看全号或管理系统的用户没有第二因素：%.*s",
               "%zu users who see full numbers or administer have no second factor: %.*s", found,
               STR_ARG(names));
    }
    remark(look, "users", DOCTOR_FINE, "共 %zu 名用户", "%zu users", count);
    return true;
}

static bool look_at_backup(struct look *look, struct err *err)
{
    struct audit_filter filter = {.action = STR("backup"), .most = 1};
    struct audit_entry *entries = NULL;
    size_t count = 0;
    if (!audit_select(look->workspace->store, look->arena, &filter, &entries, &count, NULL, err)) {
        return false;
    }
    int64_t last_ms = count == 0 ? 0 : entries[0].at_ms;
    if (last_ms == 0) {
        remark(look, "backup", DOCTOR_UNSAFE, "还没有备份过，请备份",
               "there is no backup yet, make one");
        return true;
    }
    int64_t days = age_days(look, last_ms);
    bool old = days >= DOCTOR_BACKUP_DAYS;
    remark(look, "backup", old ? DOCTOR_UNSAFE : DOCTOR_FINE,
           old ? "最近的备份是 %lld 天前的，请再备份" : "最近的备份是 %lld 天前的",
           old ? "the newest backup is %lld days old, make another"
               : "the newest backup is %lld days old",
           (long long)days);
    return true;
}

/* Registers that hold something and whose newest file is old: their children are judged by it. */
static bool look_at_registers(struct look *look, struct err *err)
{
    struct asker asker = asker_local();
    struct batch *batches = NULL;
    size_t count = 0, old = 0;
    struct text names;
    if (!registry_batches(&look->workspace->registry, look->arena, &asker, &batches, &count, err)) {
        return false;
    }
    text_init(&names, look->arena, REMARK_BYTES_MAX);
    for (size_t p = 0; p < look->workspace->profiles.count; p++) {
        struct str key = look->workspace->profiles.items[p].key;
        int64_t last_ms = 0;
        for (size_t i = 0; i < count; i++) {
            if (batches[i].undone_ms != 0 || !str_equal(batches[i].register_key, key)) continue;
            if (batches[i].imported_ms > last_ms) last_ms = batches[i].imported_ms;
        }
        if (last_ms == 0 || age_days(look, last_ms) < DOCTOR_REGISTER_DAYS) continue;
        text_add_f(&names, "%s%.*s", old == 0 ? "" : ", ", STR_ARG(key));
        old++;
    }
    if (old == 0) {
        remark(look, "registers", DOCTOR_FINE, "名册都在 %d 天内更新过",
               "every register was renewed within %d days", (int)DOCTOR_REGISTER_DAYS);
    } else {
        remark(look, "registers", DOCTOR_NOTE, "%zu 种名册超过 %d 天没有更新：%s",
               "%zu registers were not renewed for %d days: %s", old, (int)DOCTOR_REGISTER_DAYS,
               names.ptr);
    }
    return true;
}

/* What is past its time and may be erased. */
static bool look_at_retention(struct look *look, struct err *err)
{
    const struct retention_rules *rules = &look->workspace->retention;
    struct retention_due *dues = NULL;
    struct text zh, en;
    if (!retention_look(look->workspace->store, &look->workspace->clock, rules, look->arena, &dues,
                        err)) {
        return false;
    }
    text_init(&zh, look->arena, REMARK_BYTES_MAX);
    text_init(&en, look->arena, REMARK_BYTES_MAX);
    for (size_t i = 0; i < rules->count; i++) {
        const struct retention_kind *kind = dues[i].kind;
        if (dues[i].due == 0) continue;
        text_add_f(&zh, "%s%.*s %lld", zh.len == 0 ? "" : "、", STR_ARG(kind->zh),
                   (long long)dues[i].due);
        text_add_f(&en, "%s%lld %.*s", en.len == 0 ? "" : ", ", (long long)dues[i].due,
                   STR_ARG(kind->en));
    }
    if (zh.len == 0) {
        remark(look, "retention", DOCTOR_FINE, "没有超过保存期限的数据",
               "nothing is past its time");
        return true;
    }
    struct doctor_remark *due = list_push(look->arena, &look->remarks);
    *due = (struct doctor_remark){.key = "retention", .weight = DOCTOR_NOTE};
    struct text sentence;
    text_init(&sentence, look->arena, 2 * REMARK_BYTES_MAX);
    text_add_f(&sentence, "有超过保存期限的数据，应当清除：%s", zh.ptr);
    due->zh = text_str(&sentence);
    text_init(&sentence, look->arena, 2 * REMARK_BYTES_MAX);
    text_add_f(&sentence, "data past their time should be erased: %s", en.ptr);
    due->en = text_str(&sentence);
    return true;
}

static int by_weight(const void *a, const void *b)
{
    const struct doctor_remark *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return strcmp(x->key, y->key);
}

bool doctor_look(struct workspace *workspace, const char *path, struct arena *arena,
                 struct doctor_remark **out, size_t *count, struct err *err)
{
    struct look look = {.workspace = workspace,
                        .path = path,
                        .arena = arena,
                        .now_ms = clock_now_ms(&workspace->clock)};
    look_at_file(&look, "key_file", key_path(&look));
    look_at_file(&look, "workspace_file", path);
    look_at_disk(&look);
    if (!look_at_store(&look, err) || !look_at_users(&look, err) || !look_at_backup(&look, err)
        || !look_at_registers(&look, err) || !look_at_retention(&look, err)) {
        return false;
    }
    qsort(look.remarks.items, look.remarks.count, sizeof *look.remarks.items, by_weight);
    *out = look.remarks.items;
    *count = look.remarks.count;
    return true;
}

const char *doctor_weight_key(enum doctor_weight weight)
{
    static const char *const keys[] = {"fine", "note", "unsafe"};
    CHECK((size_t)weight < sizeof keys / sizeof *keys);
    return keys[weight];
}

const char *doctor_weight_text(enum doctor_weight weight, enum lang lang)
{
    static const char *const zh[] = {"正常", "留意", "不安全"};
    CHECK((size_t)weight < sizeof zh / sizeof *zh);
    return lang == LANG_EN ? doctor_weight_key(weight) : zh[weight];
}

#include "jobs/doctor.h"

#include "access/audit.h"
#include "access/user.h"
#include "store/testing.h"

#include <sys/stat.h>

static const int64_t day_ms = 24 * 60 * 60 * 1000;

struct clinic {
    struct arena arena;
    struct workspace workspace;
    const char *path;
    struct doctor_remark *remarks;
    size_t count;
};

static void open_clinic(struct clinic *clinic, void **state)
{
    struct err err = ERR_INIT;
    *clinic = (struct clinic){.path = test_path_fresh(state)};
    struct workspace_options options = {
        .path = clinic->path, .create = true, .clock = clock_fixed(1606262400000)};
    assert_true(workspace_open(&clinic->workspace, &options, &err));
}

static void close_clinic(struct clinic *clinic)
{
    workspace_close(&clinic->workspace);
    arena_free(&clinic->arena);
}

static enum doctor_weight weight_of(struct clinic *clinic, const char *key)
{
    struct err err = ERR_INIT;
    assert_true(doctor_look(&clinic->workspace, clinic->path, &clinic->arena, &clinic->remarks,
                            &clinic->count, &err));
    for (size_t i = 0; i < clinic->count; i++) {
        struct doctor_remark *remark = &clinic->remarks[i];
        assert_true(remark->zh.len > 0 && remark->en.len > 0);
        if (i > 0) assert_true(remark->weight <= clinic->remarks[i - 1].weight);
        if (strcmp(remark->key, key) == 0) return remark->weight;
    }
    return DOCTOR_FINE;
}

static void files_that_others_can_read(void **state)
{
    struct clinic clinic;
    open_clinic(&clinic, state);
    struct text key;
    text_init(&key, &clinic.arena, 4096);
    text_add_f(&key, "%s.key", clinic.path);
    assert_int_equal(weight_of(&clinic, "key_file"), DOCTOR_FINE);
    assert_int_equal(weight_of(&clinic, "workspace_file"), DOCTOR_FINE);
    assert_int_equal(chmod(key.ptr, 0640), 0);
    assert_int_equal(weight_of(&clinic, "key_file"), DOCTOR_UNSAFE);
    assert_int_equal(chmod(clinic.path, 0604), 0);
    assert_int_equal(weight_of(&clinic, "workspace_file"), DOCTOR_UNSAFE);
    close_clinic(&clinic);
}

static void backups_that_are_old(void **state)
{
    struct clinic clinic;
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_clinic(&clinic, state);
    assert_int_equal(weight_of(&clinic, "backup"), DOCTOR_UNSAFE);
    assert_true(audit_append(clinic.workspace.store, &clinic.workspace.clock, &local, AUDIT_BACKUP,
                             STR("b.db"), STR_EMPTY, &err));
    assert_int_equal(weight_of(&clinic, "backup"), DOCTOR_FINE);
    clinic.workspace.clock.fixed_ms += DOCTOR_BACKUP_DAYS * day_ms;
    assert_int_equal(weight_of(&clinic, "backup"), DOCTOR_UNSAFE);
    close_clinic(&clinic);
}

static void users_that_should_not_be_there(void **state)
{
    struct clinic clinic;
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_clinic(&clinic, state);
    struct user user = {.name = STR("zhang"), .display_name = STR("张"), .role = ROLE_COUNTY};
    user.areas[user.area_count++] = STR("620422");
    assert_int_equal(weight_of(&clinic, "second_factor"), DOCTOR_FINE);
    assert_true(user_add(clinic.workspace.store, &clinic.workspace.clock, &local, &user,
                         STR("one-time-password"), &err));
    assert_int_equal(weight_of(&clinic, "second_factor"), DOCTOR_NOTE);
    assert_int_equal(weight_of(&clinic, "one_time_passwords"), DOCTOR_FINE);
    clinic.workspace.clock.fixed_ms += DOCTOR_PASSWORD_DAYS * day_ms;
    assert_int_equal(weight_of(&clinic, "one_time_passwords"), DOCTOR_UNSAFE);
    assert_int_equal(weight_of(&clinic, "unused_users"), DOCTOR_FINE);
    assert_true(
        store_exec(clinic.workspace.store, "UPDATE user_account SET seen_ms = made_ms", &err));
    assert_int_equal(weight_of(&clinic, "one_time_passwords"), DOCTOR_FINE);
    clinic.workspace.clock.fixed_ms += DOCTOR_UNUSED_DAYS * day_ms;
    assert_int_equal(weight_of(&clinic, "unused_users"), DOCTOR_UNSAFE);
    assert_true(user_disable(clinic.workspace.store, &clinic.workspace.clock, &local, STR("zhang"),
                             true, 0, &err));
    assert_int_equal(weight_of(&clinic, "unused_users"), DOCTOR_FINE);
    close_clinic(&clinic);
}

static void a_trail_that_was_touched(void **state)
{
    struct clinic clinic;
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_clinic(&clinic, state);
    assert_true(audit_append(clinic.workspace.store, &clinic.workspace.clock, &local, AUDIT_IMPORT,
                             STR("batch 1"), STR_EMPTY, &err));
    assert_int_equal(weight_of(&clinic, "audit"), DOCTOR_FINE);
    assert_true(store_exec(clinic.workspace.store,
                           "DROP TRIGGER audit_no_update; UPDATE audit SET user_name = 'x'", &err));
    assert_int_equal(weight_of(&clinic, "audit"), DOCTOR_UNSAFE);
    close_clinic(&clinic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_others_can_read),
        cmocka_unit_test(backups_that_are_old),
        cmocka_unit_test(users_that_should_not_be_there),
        cmocka_unit_test(a_trail_that_was_touched),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}

#include "store/testing.h"

#include "access/audit.h"
#include "access/password.h"
#include "access/second_factor.h"
#include "access/session.h"

#include <stdio.h>

/* One workspace with the users of a county, and time that the test moves. */
struct office {
    struct arena arena;
    struct store *store;
    struct codec *codec;
    struct clock clock;
};

static const char first_password[] = "correct horse 42";
static const char own_password[] = "saddle battery 7 会宁";

static struct user user_of(const char *name, enum role role, const char *area, const char *school)
{
    struct user user = {.name = str_from(name),
                        .display_name = STR("张晓明"),
                        .role = role,
                        .school = str_from(school)};
    if (*area != '\0') user.areas[user.area_count++] = str_from(area);
    return user;
}

static bool add(struct office *office, struct user user, struct err *err)
{
    struct asker local = asker_local();
    return user_add(office->store, &office->clock, &local, &user, str_from(first_password), err);
}

static void open_office(struct office *office, void **state)
{
    struct err err = ERR_INIT;
    *office = (struct office){
        .store = test_store_fresh(state),
        .codec = codec_from_secret((const unsigned char *)"0123456789abcdef0123456789abcdef"),
        .clock = clock_fixed(1606262400000)};
    assert_true(access_migrate(office->store, &err));
    assert_true(add(office, user_of(" Zhang ", ROLE_COUNTY, "620422", ""), &err));
}

static void close_office(struct office *office)
{
    int64_t broken = -1;
    struct err err = ERR_INIT;
    assert_true(audit_verify(office->store, &broken, &err));
    assert_int_equal(broken, 0);
    store_close(office->store);
    codec_close(office->codec);
    arena_free(&office->arena);
}

static enum login_outcome log_in(struct office *office, const char *name, const char *password,
                                 const char *code, struct session *session, char *token)
{
    struct err err = ERR_INIT;
    struct login login = {str_from(name), str_from(password), str_from(code)};
    struct login_check check;
    enum login_outcome outcome = LOGIN_WRONG;
    assert_true(login_check(office->store, &login, &check, &err));
    assert_true(login_finish(office->store, office->codec, &office->clock, &login, &check,
                             &office->arena, &outcome, session, token, &err));
    return outcome;
}

static bool is_in(struct office *office, const char *token)
{
    struct err err = ERR_INIT;
    struct session session;
    bool found = false;
    assert_true(session_find(office->store, &office->clock, &office->arena, str_from(token), &found,
                             &session, &err));
    return found;
}

static void a_session_begins_lasts_and_ends(void **state)
{
    struct office office;
    struct session session, found;
    char token[SESSION_TOKEN_SIZE], second[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    open_office(&office, state);
    assert_int_equal(log_in(&office, "ZHANG", first_password, "", &session, token), LOGIN_DONE);
    assert_str_is(session.user.name, "zhang");
    assert_true(session.user.must_change_password);
    assert_true(is_in(&office, token));
    bool there = false;
    assert_true(session_find(office.store, &office.clock, &office.arena, str_from(token), &there,
                             &found, &err));
    assert_string_equal(found.request_token, session.request_token);
    assert_true(session_request_token_matches(&found, str_from(session.request_token)));
    assert_false(session_request_token_matches(&found, str_from(token)));
    assert_false(session_request_token_matches(&found, STR("")));
    struct asker asker = user_asker(&found.user);
    assert_true(asker_sees(&asker, STR("620422101")));
    assert_false(asker_sees(&asker, STR("620421101")));
    assert_true(asker_may(&asker, CAPABILITY_IMPORT));
    assert_false(asker_may(&asker, CAPABILITY_USERS));

    office.clock.fixed_ms += SESSION_IDLE_MS - 1;
    assert_true(is_in(&office, token));
    assert_true(session_seen(office.store, &office.clock, &session, &err));
    office.clock.fixed_ms += SESSION_IDLE_MS - 1;
    assert_true(is_in(&office, token));
    office.clock.fixed_ms += 1;
    assert_false(is_in(&office, token));

    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, second), LOGIN_DONE);
    assert_string_not_equal(token, second);
    assert_true(session_end(office.store, &office.clock, &session, &err));
    assert_false(is_in(&office, second));
    assert_false(is_in(&office, ""));
    assert_false(is_in(&office, "zz"));
    close_office(&office);
}

static void a_session_has_an_end_though_it_is_used(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    open_office(&office, state);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    for (int64_t used = 0; used + SESSION_IDLE_MS / 2 < SESSION_LIFE_MS;
         used += SESSION_IDLE_MS / 2) {
        assert_true(is_in(&office, token));
        assert_true(session_seen(office.store, &office.clock, &session, &err));
        office.clock.fixed_ms += SESSION_IDLE_MS / 2;
    }
    office.clock.fixed_ms += SESSION_IDLE_MS / 2;
    assert_false(is_in(&office, token));
    assert_true(session_tidy(office.store, &office.clock, &err));
    close_office(&office);
}

/* A machine that started years ahead and was put right: what was written meanwhile ends, too. */
static void a_clock_set_back_keeps_nothing_for_years(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    open_office(&office, state);
    const int64_t right_ms = office.clock.fixed_ms, ahead_ms = right_ms + 400 * (int64_t)86400000;
    office.clock.fixed_ms = ahead_ms;
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    for (int n = 0; n < LOGIN_FAILURES_MAX; n++)
        assert_int_equal(log_in(&office, "wang", "wrong", "", &session, token), LOGIN_WRONG);
    assert_int_equal(log_in(&office, "wang", "wrong", "", &session, token), LOGIN_LOCKED);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    office.clock.fixed_ms = ahead_ms - SESSION_IDLE_MS + 1;
    assert_true(is_in(&office, token));
    office.clock.fixed_ms = right_ms;
    assert_false(is_in(&office, token));
    assert_int_equal(log_in(&office, "wang", "wrong", "", &session, token), LOGIN_WRONG);
    assert_true(session_tidy(office.store, &office.clock, &err));
    office.clock.fixed_ms = ahead_ms;
    assert_false(is_in(&office, token));
    assert_int_equal(log_in(&office, "wang", "wrong", "", &session, token), LOGIN_WRONG);
    close_office(&office);
}

static void wrong_passwords_lock_a_name(void **state)
{
    static const char *const names[] = {"zhang", "nobody"};
    for (size_t i = 0; i < 2; i++) {
        struct office office;
        struct session session;
        char token[SESSION_TOKEN_SIZE];
        open_office(&office, state);
        for (int n = 0; n < LOGIN_FAILURES_MAX; n++) {
            assert_int_equal(log_in(&office, names[i], "wrong", "", &session, token), LOGIN_WRONG);
        }
        assert_int_equal(log_in(&office, names[i], first_password, "", &session, token),
                         LOGIN_LOCKED);
        office.clock.fixed_ms += LOGIN_LOCK_MS;
        assert_int_equal(log_in(&office, names[i], first_password, "", &session, token),
                         i == 0 ? LOGIN_DONE : LOGIN_WRONG);
        close_office(&office);
    }
}

static void the_second_factor_is_asked_for(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE], secret[SECOND_FACTOR_SECRET_SIZE], code[8];
    struct err err = ERR_INIT;
    open_office(&office, state);
    assert_true(user_second_factor_begin(office.store, office.codec, &office.clock, STR("zhang"),
                                         secret, &err));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    assert_false(user_second_factor_confirm(office.store, office.codec, &office.clock, STR("zhang"),
                                            STR("000000"), &err));
    assert_int_equal(err.kind, ERR_DENIED);

    unsigned char bytes[SECOND_FACTOR_SECRET_BYTES] = {0};
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        unsigned value = (unsigned)(strchr(letters, secret[bit / 5]) - letters);
        if (value >> (4 - bit % 5) & 1u) bytes[bit / 8] |= (unsigned char)(0x80u >> bit % 8);
    }
    int64_t step = second_factor_step(office.clock.fixed_ms);
    snprintf(code, sizeof code, "%06u", (unsigned)second_factor_code(bytes, step));
    assert_true(user_second_factor_confirm(office.store, office.codec, &office.clock, STR("zhang"),
                                           str_from(code), &err));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token),
                     LOGIN_CODE_WANTED);
    /* The code that confirmed is used up. */
    assert_int_equal(log_in(&office, "zhang", first_password, code, &session, token), LOGIN_WRONG);
    snprintf(code, sizeof code, "%06u", (unsigned)second_factor_code(bytes, step + 1));
    assert_int_equal(log_in(&office, "zhang", first_password, code, &session, token), LOGIN_DONE);
    assert_true(session.user.has_second_factor);
    assert_int_equal(log_in(&office, "zhang", first_password, code, &session, token), LOGIN_WRONG);
    assert_false(
        user_second_factor_remove(office.store, &office.clock, STR("zhang"), STR("wrong"), &err));
    assert_true(user_second_factor_remove(office.store, &office.clock, STR("zhang"),
                                          str_from(first_password), &err));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    close_office(&office);
}

static void a_new_password_ends_other_sessions(void **state)
{
    struct office office;
    struct session one, other;
    char token[SESSION_TOKEN_SIZE], other_token[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    open_office(&office, state);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &one, token), LOGIN_DONE);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &other, other_token), LOGIN_DONE);
    struct str keep = {(const char *)one.hash, SESSION_HASH_BYTES};
    static const struct {
        const char *old, *fresh;
        enum err_kind kind;
    } refused[] = {
        {"wrong", own_password, ERR_DENIED},         {first_password, "short", ERR_INPUT},
        {first_password, "1234567890", ERR_INPUT},   {first_password, "zhang12345", ERR_INPUT},
        {first_password, "aaaaaaaaaaaa", ERR_INPUT}, {first_password, first_password, ERR_INPUT}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_false(user_set_password(office.store, &office.clock, STR("zhang"),
                                       str_from(refused[i].old), str_from(refused[i].fresh), keep,
                                       &err));
        assert_int_equal(err.kind, refused[i].kind);
    }
    assert_true(is_in(&office, other_token));
    assert_true(user_set_password(office.store, &office.clock, STR("zhang"),
                                  str_from(first_password), str_from(own_password), keep, &err));
    assert_true(is_in(&office, token));
    assert_false(is_in(&office, other_token));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &other, other_token),
                     LOGIN_WRONG);
    assert_int_equal(log_in(&office, "zhang", own_password, "", &other, other_token), LOGIN_DONE);
    assert_false(other.user.must_change_password);
    close_office(&office);
}

static void who_is_disabled_or_reset_is_out_at_once(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_office(&office, state);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    assert_true(user_disable(office.store, &office.clock, &local, STR("zhang"), true, 0, &err));
    assert_false(is_in(&office, token));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_WRONG);
    assert_true(user_disable(office.store, &office.clock, &local, STR("zhang"), false, 0, &err));
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    assert_true(user_reset(office.store, &office.clock, &local, STR("zhang"),
                           str_from(own_password), &err));
    assert_false(is_in(&office, token));
    assert_int_equal(log_in(&office, "zhang", own_password, "", &session, token), LOGIN_DONE);
    assert_true(session.user.must_change_password);
    assert_false(user_disable(office.store, &office.clock, &local, STR("wang"), true, 0, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    close_office(&office);
}

/* Two who change one user: the second is told and nothing of theirs is kept. */
static void nobody_writes_over_what_they_have_not_seen(void **state)
{
    struct office office;
    struct user seen, now;
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_office(&office, state);
    assert_true(user_find(office.store, &office.arena, STR("zhang"), &seen, &err));
    struct user first = user_of("zhang", ROLE_TOWNSHIP, "620422101", "");
    struct user second = user_of("zhang", ROLE_COUNTY, "620421", "");
    first.version = second.version = seen.version;
    assert_true(user_change(office.store, &office.clock, &local, &first, &err));
    assert_false(user_change(office.store, &office.clock, &local, &second, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(
        user_disable(office.store, &office.clock, &local, STR("zhang"), true, seen.version, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(user_find(office.store, &office.arena, STR("zhang"), &now, &err));
    assert_int_equal(now.role, ROLE_TOWNSHIP);
    assert_int_equal(now.disabled_ms, 0);
    assert_true(now.version > seen.version);
    second.version = now.version;
    assert_true(user_change(office.store, &office.clock, &local, &second, &err));
    assert_true(user_find(office.store, &office.arena, STR("zhang"), &now, &err));
    assert_int_equal(now.role, ROLE_COUNTY);
    close_office(&office);
}

static void rights_change_at_once(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    open_office(&office, state);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    struct user town = user_of("zhang", ROLE_TOWNSHIP, "620422101", "");
    assert_true(user_change(office.store, &office.clock, &local, &town, &err));
    bool found = false;
    assert_true(session_find(office.store, &office.clock, &office.arena, str_from(token), &found,
                             &session, &err));
    assert_true(found);
    struct asker asker = user_asker(&session.user);
    assert_false(asker_may(&asker, CAPABILITY_IMPORT));
    assert_false(asker_sees(&asker, STR("620422102")));
    assert_true(asker_sees(&asker, STR("620422101203")));
    close_office(&office);
}

static void users_are_refused_that_make_no_sense(void **state)
{
    static const struct {
        const char *name;
        enum role role;
        const char *area, *school;
        enum err_kind kind;
    } cases[] = {
        {"zhang", ROLE_COUNTY, "620421", "", ERR_CONFLICT},
        {"z", ROLE_COUNTY, "620421", "", ERR_INPUT},
        {"li hua", ROLE_COUNTY, "620421", "", ERR_INPUT},
        {"../li", ROLE_COUNTY, "620421", "", ERR_INPUT},
        {"li<b>", ROLE_COUNTY, "620421", "", ERR_INPUT},
        {"-li", ROLE_COUNTY, "620421", "", ERR_INPUT},
        {"li", ROLE_COUNTY, "", "", ERR_INPUT},
        {"li", ROLE_COUNTY, "6204x1", "", ERR_INPUT},
        {"li", ROLE_SCHOOL, "620421", "", ERR_INPUT},
        {"li", ROLE_SCHOOL, "", "", ERR_INPUT},
        {"li", ROLE_AUDITOR, "620421", "", ERR_INPUT},
        {"li", ROLE_SYSTEM, "", "2162000123", ERR_INPUT},
        {"li", ROLE_SCHOOL, "", "2162000123", ERR_NONE},
        {"李华", ROLE_CITY, "6204", "", ERR_NONE},
        {"wang.wu-2", ROLE_TOWNSHIP, "620421101", "", ERR_NONE},
    };
    struct office office;
    open_office(&office, state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct user user = user_of(cases[i].name, cases[i].role, cases[i].area, cases[i].school);
        bool done = add(&office, user, &err);
        if (done != (cases[i].kind == ERR_NONE) || err.kind != cases[i].kind) {
            fail_msg("case %zu (%s): %d %s", i, cases[i].name, (int)err.kind, err.en);
        }
    }
    struct user *users;
    size_t count;
    struct err err = ERR_INIT;
    assert_true(user_list(office.store, &office.arena, &users, &count, &err));
    assert_int_equal(count, 4);
    assert_str_is(users[0].name, "li");
    close_office(&office);
}

static void administrators_are_three_and_the_last_stays(void **state)
{
    struct office office;
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    char passwords[ADMINISTRATORS][ADMINISTRATOR_PASSWORD_SIZE];
    uint32_t others = 0; /* what the administrators before may do */
    open_office(&office, state);
    assert_true(user_add_administrators(office.store, &office.clock, &local, passwords, &err));
    for (int i = 0; i < ADMINISTRATORS; i++) {
        struct user user;
        struct session session;
        char token[SESSION_TOKEN_SIZE];
        assert_int_equal(strlen(passwords[i]), 19);
        assert_true(user_find(office.store, &office.arena, str_from(user_administrator_name(i)),
                              &user, &err));
        uint32_t capabilities = role_capabilities(user.role);
        /* One duty each; only what tells nothing of persons and changes nothing goes with it. */
        uint32_t duty = capabilities & ~(uint32_t)CAPABILITY_VERIFY;
        assert_true(duty != 0);
        assert_int_equal(duty & (duty - 1), 0);
        assert_int_equal(capabilities & (CAPABILITY_LOOK | others), 0);
        others |= capabilities;
        assert_int_equal(
            log_in(&office, user_administrator_name(i), passwords[i], "", &session, token),
            LOGIN_DONE);
    }
    assert_true(user_add_administrators(office.store, &office.clock, &local, passwords, &err));
    for (int i = 0; i < ADMINISTRATORS; i++) assert_string_equal(passwords[i], "");
    assert_false(user_disable(office.store, &office.clock, &local, STR("security"), true, 0, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    struct user other = user_of("security", ROLE_AUDITOR, "", "");
    assert_false(user_change(office.store, &office.clock, &local, &other, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(user_disable(office.store, &office.clock, &local, STR("auditor"), true, 0, &err));
    close_office(&office);
}

/* Else the time of an answer would tell who is a user. */
static void a_name_that_nobody_has_takes_as_long(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    struct err err = ERR_INIT;
    int64_t times_ms[2] = {INT64_MAX, INT64_MAX};
    assert_true(password_hash(str_from(first_password), hash, &err));
    assert_true(password_matches(hash, str_from(first_password)));
    for (int i = 0; i < 6; i++) {
        int64_t start_ms = clock_elapsed_ms();
        assert_false(password_matches(i % 2 == 0 ? hash : NULL, STR("wrong")));
        int64_t took_ms = clock_elapsed_ms() - start_ms;
        if (took_ms < times_ms[i % 2]) times_ms[i % 2] = took_ms;
    }
    assert_true(2 * times_ms[1] + 2 >= times_ms[0]);
}

static void nothing_secret_is_on_disk(void **state)
{
    struct office office;
    struct session session;
    char token[SESSION_TOKEN_SIZE], secret[SECOND_FACTOR_SECRET_SIZE];
    struct err err = ERR_INIT;
    open_office(&office, state);
    assert_int_equal(log_in(&office, "zhang", first_password, "", &session, token), LOGIN_DONE);
    assert_true(user_second_factor_begin(office.store, office.codec, &office.clock, STR("zhang"),
                                         secret, &err));
    const char *copy = test_path_fresh(state);
    assert_true(store_backup(office.store, copy, &err));
    struct str bytes;
    assert_true(file_read(&office.arena, copy, 1 << 24, &bytes, &err));
    assert_int_equal(str_find(bytes, str_from(token)), SIZE_MAX);
    assert_int_equal(str_find(bytes, str_from(secret)), SIZE_MAX);
    assert_int_equal(str_find(bytes, str_from(first_password)), SIZE_MAX);
    assert_int_equal(str_find(bytes, str_from(session.request_token)), SIZE_MAX);
    assert_int_not_equal(str_find(bytes, STR("$argon2id$")), SIZE_MAX);
    close_office(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_begins_lasts_and_ends),
        cmocka_unit_test(a_session_has_an_end_though_it_is_used),
        cmocka_unit_test(a_clock_set_back_keeps_nothing_for_years),
        cmocka_unit_test(wrong_passwords_lock_a_name),
        cmocka_unit_test(the_second_factor_is_asked_for),
        cmocka_unit_test(a_new_password_ends_other_sessions),
        cmocka_unit_test(who_is_disabled_or_reset_is_out_at_once),
        cmocka_unit_test(nobody_writes_over_what_they_have_not_seen),
        cmocka_unit_test(rights_change_at_once),
        cmocka_unit_test(users_are_refused_that_make_no_sense),
        cmocka_unit_test(administrators_are_three_and_the_last_stays),
        cmocka_unit_test(a_name_that_nobody_has_takes_as_long),
        cmocka_unit_test(nothing_secret_is_on_disk),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}

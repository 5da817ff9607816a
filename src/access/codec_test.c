#include "store/testing.h"

#include "access/codec.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Stands before the one of libc, so that a test can tell what was brought to the disk. */
static struct {
    int files, folders;
} synced;

int fsync(int fd)
{
    struct stat info;
    assert_int_equal(fstat(fd, &info), 0);
    *(S_ISDIR(info.st_mode) ? &synced.folders : &synced.files) += 1;
    return (int)syscall(SYS_fsync, fd);
}

static const unsigned char secret_a[CODEC_SECRET_BYTES] = {1, 2, 3};
static const unsigned char secret_b[CODEC_SECRET_BYTES] = {1, 2, 4};

/* GB/T 32905, appendix A. */
static void sm3_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hash;
    } cases[] = {
        {"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
        {"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
         "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
        {"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char hash[32];
        char hex[65];
        sm3_hash(str_from(cases[i].text), hash);
        hex_of(hash, 32, hex);
        assert_string_equal(hex, cases[i].hash);
    }
}

/* GB/T 32907, appendix A: the cipher that the codec fetches is SM4. One block of counter mode with
 * this counter and no plain text is the encrypted counter. */
static void sm4_known_answer(void **state)
{
    (void)state;
    static const unsigned char key[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                          0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    unsigned char zero[16] = {0}, out[16];
    char hex[33];
    int length = 0;
    EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(context, sm4, NULL, key, key), 1);
    assert_int_equal(EVP_EncryptUpdate(context, out, &length, zero, 16), 1);
    hex_of(out, 16, hex);
    assert_string_equal(hex, "681edf34d206965e86b3e94f536e4246");
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(sm4);
}

/* The construction of codec.h spelled out with OpenSSL's own HMAC. */
static void seals_as_the_header_says(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct codec *codec = codec_from_secret(secret_a);
    unsigned char mac_key[32], cipher_key[32], tag[32], expected[64];
    size_t size = 0;
    int length = 0;
    struct str plain = STR("620422201203050013"), context = STR("register_roll:7");
    unsigned char input[8 + 15 + 18] = {0};
    input[7] = 15;
    memcpy(input + 8, context.ptr, 15);
    memcpy(input + 8 + 15, plain.ptr, 18);
    const char *labels[] = {"baoxue 1 seal authentication", "baoxue 1 seal encryption"};
    unsigned char *keys[] = {mac_key, cipher_key};
    for (int i = 0; i < 2; i++) {
        assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, "SM3", NULL, secret_a, 32,
                                  (const unsigned char *)labels[i], strlen(labels[i]), keys[i], 32,
                                  &size));
    }
    assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, "SM3", NULL, mac_key, 32, input, sizeof input,
                              tag, 32, &size));
    EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(cipher, sm4, NULL, cipher_key, tag), 1);
    assert_int_equal(
        EVP_EncryptUpdate(cipher, expected + 16, &length, (const unsigned char *)plain.ptr, 18), 1);
    memcpy(expected, tag, 16);
    struct str sealed = codec_seal(codec, &arena, context, plain);
    assert_int_equal(sealed.len, 34);
    assert_memory_equal(sealed.ptr, expected, 34);
    EVP_CIPHER_CTX_free(cipher);
    EVP_CIPHER_free(sm4);
    codec_close(codec);
    arena_free(&arena);
}

static void opens_what_it_sealed_and_nothing_else(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct codec *codec = codec_from_secret(secret_a), *other = codec_from_secret(secret_b);
    struct codec *worker = codec_worker(codec);
    static const char *const texts[] = {
        "", "x", "620422201203050013",
        "甘肃省白银市会宁县郭城驿镇红堡子村三社十二号，电话不详，由祖父代为登记，户主在外务工"};
    struct str context = STR("register_roll:1"), plain;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct str sealed = codec_seal(codec, &arena, context, str_from(texts[i]));
        assert_true(codec_unseal(worker, &arena, context, sealed, &plain, &err));
        assert_str_is(plain, texts[i]);
        assert_false(codec_unseal(other, &arena, context, sealed, &plain, &err));
        assert_int_equal(err.kind, ERR_STORE);
        assert_false(codec_unseal(codec, &arena, STR("register_roll:2"), sealed, &plain, &err));
        for (size_t at = 0; at < sealed.len; at++) {
            char *bytes = arena_copy(&arena, sealed.ptr, sealed.len);
            bytes[at] = (char)(bytes[at] ^ 1);
            assert_false(codec_unseal(codec, &arena, context, (struct str){bytes, sealed.len},
                                      &plain, &err));
            assert_false(
                codec_unseal(codec, &arena, context, (struct str){sealed.ptr, at}, &plain, &err));
        }
    }
    codec_close(codec);
    codec_close(other);
    codec_close(worker);
    codec_close(NULL);
    arena_free(&arena);
}

static void blind_shows_equality_only(void **state)
{
    (void)state;
    struct codec *codec = codec_from_secret(secret_a), *other = codec_from_secret(secret_b);
    unsigned char a[CODEC_BLIND_BYTES], b[CODEC_BLIND_BYTES], print_a[8], print_b[8];
    codec_blind(codec, STR("620422201203050013"), a);
    codec_blind(codec, STR("620422201203050013"), b);
    assert_memory_equal(a, b, sizeof a);
    codec_blind(codec, STR("620422201203050014"), b);
    assert_memory_not_equal(a, b, sizeof a);
    codec_blind(other, STR("620422201203050013"), b);
    assert_memory_not_equal(a, b, sizeof a);
    codec_fingerprint(codec, print_a);
    codec_fingerprint(other, print_b);
    assert_memory_not_equal(print_a, print_b, sizeof print_a);
    codec_close(codec);
    codec_close(other);
}

static void key_file_is_made_once(void **state)
{
    char workspace[128], path[160];
    snprintf(workspace, sizeof workspace, "%s", test_path(state, "a.db"));
    snprintf(path, sizeof path, "%s.key", workspace);
    struct err err = ERR_INIT;
    struct codec *codec = NULL;
    unsigned char first[8], second[8];
    assert_false(codec_open(&codec, workspace, false, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_null(codec);
    assert_true(codec_open(&codec, workspace, true, &err));
    codec_fingerprint(codec, first);
    codec_close(codec);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, 65);
    for (int create = 0; create < 2; create++) {
        assert_true(codec_open(&codec, workspace, create == 1, &err));
        codec_fingerprint(codec, second);
        codec_close(codec);
        assert_memory_equal(first, second, 8);
    }
    static const char *const damaged[] = {
        "", "12", "zz", "g000000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        assert_true(file_write(path, str_from(damaged[i]), 0600, &err));
        assert_false(codec_open(&codec, workspace, true, &err));
        assert_int_equal(err.kind, ERR_INPUT);
    }
    struct err missing = ERR_INIT;
    assert_false(codec_open(&codec, "/nowhere/at/all.db", true, &missing));
    assert_int_equal(missing.kind, ERR_IO);
}

/* The names that others can guess are not written through, and the key survives a power cut. */
static void key_file_is_made_safely(void **state)
{
    char workspace[128], path[160], guess[192];
    struct err err = ERR_INIT;
    struct codec *codec = NULL;
    struct arena arena = {0};
    struct str kept;
    snprintf(workspace, sizeof workspace, "%s", test_path(state, "b.db"));
    snprintf(path, sizeof path, "%s.key", workspace);
    snprintf(guess, sizeof guess, "%s.%ld.tmp", path, (long)getpid());
    const char *victim = test_path(state, "victim");
    assert_true(file_write(victim, STR("kept"), 0644, &err));
    assert_int_equal(symlink(victim, guess), 0);
    synced.files = synced.folders = 0;
    assert_true(codec_open(&codec, workspace, true, &err));
    codec_close(codec);
    assert_int_equal(synced.files, 1);
    assert_int_equal(synced.folders, 1);
    assert_true(file_read(&arena, victim, 100, &kept, &err));
    assert_true(str_is(kept, "kept"));
    struct stat info;
    assert_int_equal(lstat(path, &info), 0);
    assert_true(S_ISREG(info.st_mode));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sm3_known_answers),
        cmocka_unit_test(sm4_known_answer),
        cmocka_unit_test(seals_as_the_header_says),
        cmocka_unit_test(opens_what_it_sealed_and_nothing_else),
        cmocka_unit_test(blind_shows_equality_only),
        cmocka_unit_test(key_file_is_made_once),
        cmocka_unit_test(key_file_is_made_safely),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}

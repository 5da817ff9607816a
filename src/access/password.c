#include "access/password.h"

#include <sodium.h>
#include <string.h>

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

enum { PASSES = 3, DIFFERENT_CHARACTERS_MIN = 5 };
static const size_t memory_bytes = 64u << 20;

/* The start of what people choose first; compared without case. */
static const char *const most_used[] = {
    "1234567890", "0123456789",   "0987654321", "password12", "password123", "qwertyuiop",
    "1q2w3e4r5t", "1qaz2wsx3edc", "abcdefghij", "woaini1314", "admin12345",  "administrator",
    "a123456789", "zxcvbnm123",   "iloveyou12", "baoxue1234", "5201314520",  "qq123456789",
};

static struct str lower(struct arena *scratch, struct str text)
{
    char *bytes = arena_copy(scratch, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
    return (struct str){bytes, text.len};
}

static bool is_easy(struct str password, struct str user)
{
    struct arena scratch = {0};
    struct str small = lower(&scratch, password), name = lower(&scratch, user);
    bool easy = name.len > 0 && str_find(small, name) != SIZE_MAX && small.len < name.len + 6;
    for (size_t i = 0; i < sizeof most_used / sizeof *most_used; i++) {
        if (str_starts(small, str_from(most_used[i])) && small.len <= strlen(most_used[i]) + 2) {
            easy = true;
        }
    }
    bool seen[256] = {false};
    int different = 0;
    for (size_t i = 0; i < password.len; i++) {
        different += !seen[(unsigned char)password.ptr[i]];
        seen[(unsigned char)password.ptr[i]] = true;
    }
    sodium_memzero((void *)(uintptr_t)small.ptr, small.len);
    arena_free(&scratch);
    return easy || different < DIFFERENT_CHARACTERS_MIN;
}

bool password_acceptable(struct str password, struct str user, struct err *err)
{
    if (!utf8_valid(password) || password.len > PASSWORD_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "a password has at most %d bytes of UTF-8 text",
                       "密码最长 %d 字节", (int)PASSWORD_BYTES_MAX);
    }
    if (utf8_count(password) < PASSWORD_CHARACTERS_MIN) {
        return err_set(err, ERR_INPUT, "the password is too short: at least %d characters",
                       "密码太短：至少 %d 个字符", (int)PASSWORD_CHARACTERS_MIN);
    }
    if (is_easy(password, user)) {
        return err_set(err, ERR_INPUT,
                       "the password is easy to guess: take several words that do not belong "
                       "together, and not the user's name",
                       "密码容易被猜到：请用几个不相干的词，不要含用户名");
    }
    return true;
}

static void start(void)
{
    CHECK(sodium_init() >= 0);
}

bool password_hash(struct str password, char out[PASSWORD_HASH_SIZE], struct err *err)
{
    char hash[crypto_pwhash_STRBYTES];
    CHECK(password.len <= PASSWORD_BYTES_MAX);
    start();
    if (crypto_pwhash_str_alg(hash, password.ptr, password.len, PASSES, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13)
        != 0) {
        return err_set(err, ERR_LIMIT, "there is no memory left to keep a password; try again",
                       "内存不足，无法保存密码，请稍后再试");
    }
    memcpy(out, hash, sizeof hash);
    return true;
}

/* The hash of nobody's password, with the same parameters. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool password_matches(const char *hash, struct str password)
{
    start();
    if (password.len > PASSWORD_BYTES_MAX) return false;
    const char *against = hash == NULL ? nobody : hash;
    bool same = crypto_pwhash_str_verify(against, password.ptr, password.len) == 0;
    return same && hash != NULL;
}

void password_one_time(char out[PASSWORD_ONE_TIME_SIZE])
{
    /* 31 letters and digits that are not mistaken for each other. */
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    start();
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i > 0 && i % 4 == 0) out[at++] = '-';
        out[at++] = letters[randombytes_uniform(31)];
    }
    out[at] = '\0';
    CHECK(at + 1 == PASSWORD_ONE_TIME_SIZE);
}

#include "access/second_factor.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

void second_factor_make(unsigned char secret[SECOND_FACTOR_SECRET_BYTES])
{
    CHECK(sodium_init() >= 0);
    randombytes_buf(secret, SECOND_FACTOR_SECRET_BYTES);
}

void second_factor_text(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES],
                        char out[SECOND_FACTOR_SECRET_SIZE])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i < SECOND_FACTOR_SECRET_SIZE - 1; i++) {
        unsigned bits = 0;
        for (size_t bit = 5 * i; bit < 5 * i + 5; bit++) {
            bits = bits << 1 | ((unsigned)secret[bit / 8] >> (7 - bit % 8) & 1u);
        }
        out[i] = letters[bits];
    }
    out[SECOND_FACTOR_SECRET_SIZE - 1] = '\0';
}

int64_t second_factor_step(int64_t now_ms)
{
    return now_ms / SECOND_FACTOR_STEP_MS;
}

uint32_t second_factor_code(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], int64_t step)
{
    unsigned char message[8], digest[EVP_MAX_MD_SIZE];
    unsigned digest_bytes = 0;
    for (int i = 0; i < 8; i++) message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    CHECK(HMAC(EVP_sha1(), secret, SECOND_FACTOR_SECRET_BYTES, message, sizeof message, digest,
               &digest_bytes)
          != NULL);
    CHECK(digest_bytes == 20);
    /* "Dynamic truncation", RFC 4226 section 5.3. */
    unsigned at = digest[19] & 15u;
    uint32_t word = (uint32_t)(digest[at] & 127u) << 24 | (uint32_t)digest[at + 1] << 16
                    | (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    return word % 1000000;
}

static bool read_code(struct str text, uint32_t *code)
{
    uint32_t value = 0;
    int digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ') continue;
        if (c < '0' || c > '9' || digits == SECOND_FACTOR_DIGITS) return false;
        value = 10 * value + (uint32_t)(c - '0');
        digits++;
    }
    *code = value;
    return digits == SECOND_FACTOR_DIGITS;
}

bool second_factor_matches(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], struct str code,
                           int64_t now_ms, int64_t used, int64_t *step)
{
    uint32_t given;
    if (!read_code(code, &given)) return false;
    int64_t now = second_factor_step(now_ms);
    bool matches = false;
    for (int64_t at = now - 1; at <= now + 1; at++) {
        if (at <= used || second_factor_code(secret, at) != given) continue;
        *step = at;
        matches = true;
    }
    return matches;
}

#include "access/codec.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64, HASH_BYTES = 32, CIPHER_KEY_BYTES = 16, FILE_PIECE_BYTES = 1 << 17 };

/* HMAC with the two padded keys hashed once: each use starts from copies of these states, which
 * saves half of the work on short texts. */
struct mac {
    EVP_MD_CTX *inner;
    EVP_MD_CTX *outer;
};

struct codec {
    struct arena arena; /* holds the codec itself */
    unsigned char secret[CODEC_SECRET_BYTES];
    EVP_MD *sm3;
    EVP_CIPHER *sm4;
    EVP_MD_CTX *work;
    EVP_CIPHER_CTX *cipher; /* keyed once; only the counter is set anew */
    struct mac seal;
    struct mac blind;
    struct mac name; /* keyed with the secret itself: derives the rest */
};

static EVP_MD_CTX *padded(const struct codec *codec, const unsigned char *key, size_t length,
                          unsigned char pad)
{
    unsigned char block[BLOCK_BYTES];
    memset(block, pad, sizeof block);
    for (size_t i = 0; i < length; i++) block[i] ^= key[i];
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    CHECK(state != NULL);
    CHECK(EVP_DigestInit_ex(state, codec->sm3, NULL) == 1);
    CHECK(EVP_DigestUpdate(state, block, sizeof block) == 1);
    OPENSSL_cleanse(block, sizeof block);
    return state;
}

static struct mac mac_new(const struct codec *codec, const unsigned char *key, size_t length)
{
    CHECK(length <= BLOCK_BYTES);
    return (struct mac){.inner = padded(codec, key, length, 0x36),
                        .outer = padded(codec, key, length, 0x5C)};
}

static void mac_free(struct mac *mac)
{
    EVP_MD_CTX_free(mac->inner);
    EVP_MD_CTX_free(mac->outer);
}

/* HMAC of up to three parts, one after the other. */
static void mac_of(struct codec *codec, const struct mac *mac, const struct str *parts,
                   size_t count, unsigned char out[HASH_BYTES])
{
    CHECK(EVP_MD_CTX_copy_ex(codec->work, mac->inner) == 1);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0) continue;
        CHECK(EVP_DigestUpdate(codec->work, parts[i].ptr, parts[i].len) == 1);
    }
    CHECK(EVP_DigestFinal_ex(codec->work, out, NULL) == 1);
    CHECK(EVP_MD_CTX_copy_ex(codec->work, mac->outer) == 1);
    CHECK(EVP_DigestUpdate(codec->work, out, HASH_BYTES) == 1);
    CHECK(EVP_DigestFinal_ex(codec->work, out, NULL) == 1);
}

static void derive(struct codec *codec, struct str label, unsigned char out[HASH_BYTES])
{
    mac_of(codec, &codec->name, &label, 1, out);
}

static void set_keys(struct codec *codec)
{
    unsigned char key[HASH_BYTES];
    codec->name = mac_new(codec, codec->secret, sizeof codec->secret);
    derive(codec, STR("baoxue 1 seal authentication"), key);
    codec->seal = mac_new(codec, key, sizeof key);
    derive(codec, STR("baoxue 1 blind index"), key);
    codec->blind = mac_new(codec, key, sizeof key);
    derive(codec, STR("baoxue 1 seal encryption"), key);
    CHECK(EVP_CIPHER_get_key_length(codec->sm4) == CIPHER_KEY_BYTES);
    CHECK(EVP_EncryptInit_ex(codec->cipher, codec->sm4, NULL, key, NULL) == 1);
    OPENSSL_cleanse(key, sizeof key);
}

struct codec *codec_from_secret(const unsigned char *secret)
{
    CHECK(secret != NULL);
    struct arena arena = {0};
    struct codec *codec = arena_new(&arena, struct codec);
    codec->arena = arena;
    memcpy(codec->secret, secret, sizeof codec->secret);
    /* OpenSSL without SM3 or SM4 is a build that this program is not made for. */
    codec->sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    CHECK(codec->sm3 != NULL);
    codec->sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    CHECK(codec->sm4 != NULL);
    codec->work = EVP_MD_CTX_new();
    CHECK(codec->work != NULL);
    codec->cipher = EVP_CIPHER_CTX_new();
    CHECK(codec->cipher != NULL);
    set_keys(codec);
    return codec;
}

struct codec *codec_worker(const struct codec *codec)
{
    CHECK(codec != NULL);
    return codec_from_secret(codec->secret);
}

void codec_close(struct codec *codec)
{
    if (codec == NULL) return;
    mac_free(&codec->seal);
    mac_free(&codec->blind);
    mac_free(&codec->name);
    EVP_MD_CTX_free(codec->work);
    EVP_CIPHER_CTX_free(codec->cipher);
    EVP_MD_free(codec->sm3);
    EVP_CIPHER_free(codec->sm4);
    struct arena arena = codec->arena;
    OPENSSL_cleanse(codec, sizeof *codec);
    arena_free(&arena);
}

static void tag_of(struct codec *codec, struct str context, struct str plain,
                   unsigned char tag[CODEC_TAG_BYTES])
{
    unsigned char length[8], hash[HASH_BYTES];
    for (int i = 0; i < 8; i++) {
        length[i] = (unsigned char)(((uint64_t)context.len >> (56 - 8 * i)) & 0xFF);
    }
    const struct str parts[] = {{(const char *)length, sizeof length}, context, plain};
    mac_of(codec, &codec->seal, parts, 3, hash);
    memcpy(tag, hash, CODEC_TAG_BYTES);
}

/* CTR is its own inverse. */
static void run_cipher(struct codec *codec, const unsigned char tag[CODEC_TAG_BYTES], struct str in,
                       char *out)
{
    if (in.len == 0) return;
    CHECK(in.len <= INT32_MAX);
    int length = 0;
    CHECK(EVP_EncryptInit_ex(codec->cipher, NULL, NULL, NULL, tag) == 1);
    CHECK(EVP_EncryptUpdate(codec->cipher, (unsigned char *)out, &length,
                            (const unsigned char *)in.ptr, (int)in.len)
          == 1);
    CHECK((size_t)length == in.len);
}

struct str codec_seal(struct codec *codec, struct arena *arena, struct str context,
                      struct str plain)
{
    CHECK(codec != NULL);
    unsigned char tag[CODEC_TAG_BYTES];
    tag_of(codec, context, plain, tag);
    char *sealed = arena_alloc(arena, CODEC_TAG_BYTES + plain.len);
    memcpy(sealed, tag, CODEC_TAG_BYTES);
    run_cipher(codec, tag, plain, sealed + CODEC_TAG_BYTES);
    return (struct str){sealed, CODEC_TAG_BYTES + plain.len};
}

bool codec_unseal(struct codec *codec, struct arena *arena, struct str context, struct str sealed,
                  struct str *plain, struct err *err)
{
    CHECK(codec != NULL);
    if (sealed.len >= CODEC_TAG_BYTES) {
        unsigned char tag[CODEC_TAG_BYTES], expected[CODEC_TAG_BYTES];
        memcpy(tag, sealed.ptr, CODEC_TAG_BYTES);
        struct str body = str_slice(sealed, CODEC_TAG_BYTES, sealed.len);
        char *out = arena_alloc(arena, body.len);
        run_cipher(codec, tag, body, out);
        struct str opened = {out, body.len};
        tag_of(codec, context, opened, expected);
        if (CRYPTO_memcmp(tag, expected, CODEC_TAG_BYTES) == 0) {
            *plain = opened;
            return true;
        }
        memset(out, 0, body.len);
    }
    return err_set(err, ERR_STORE,
                   "sealed values were changed, or belong to another record or key file",
                   "加密的内容已被改动，或属于另一条记录、另一个密钥文件");
}

void codec_blind(struct codec *codec, struct str text, unsigned char out[CODEC_BLIND_BYTES])
{
    CHECK(codec != NULL);
    unsigned char hash[HASH_BYTES];
    mac_of(codec, &codec->blind, &text, 1, hash);
    memcpy(out, hash, CODEC_BLIND_BYTES);
}

void codec_fingerprint(struct codec *codec, unsigned char out[8])
{
    CHECK(codec != NULL);
    unsigned char hash[HASH_BYTES];
    derive(codec, STR("baoxue 1 fingerprint"), hash);
    memcpy(out, hash, 8);
}

void sm3_hash(struct str text, unsigned char out[32])
{
    CHECK(EVP_Digest(text.ptr == NULL ? "" : text.ptr, text.len, out, NULL, EVP_sm3(), NULL) == 1);
}

bool sm3_file(const char *path, unsigned char out[32], struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct arena arena = {0};
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    CHECK(state != NULL);
    CHECK(EVP_DigestInit_ex(state, EVP_sm3(), NULL) == 1);
    unsigned char *piece = arena_alloc(&arena, FILE_PIECE_BYTES);
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0) {
        got = read(fd, piece, FILE_PIECE_BYTES);
        if (got > 0) CHECK(EVP_DigestUpdate(state, piece, (size_t)got) == 1);
        if (got < 0 && errno == EINTR) got = 1;
    }
    if (got < 0) {
        file_failed(err, "read", "读取", path);
    } else {
        CHECK(EVP_DigestFinal_ex(state, out, NULL) == 1);
    }
    EVP_MD_CTX_free(state);
    arena_free(&arena);
    if (fd >= 0) close(fd);
    return got == 0;
}

void hex_of(const unsigned char *bytes, size_t count, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * count] = '\0';
}

struct str codec_wrap(struct codec *outer, struct arena *arena, struct str context,
                      const struct codec *inner)
{
    struct str secret = {(const char *)inner->secret, sizeof inner->secret};
    return codec_seal(outer, arena, context, secret);
}

bool codec_unwrap(struct codec *outer, struct arena *arena, struct str context, struct str wrapped,
                  struct codec **inner, struct err *err)
{
    struct str secret;
    if (!codec_unseal(outer, arena, context, wrapped, &secret, err)) return false;
    CHECK(secret.len == CODEC_SECRET_BYTES);
    *inner = codec_from_secret((const unsigned char *)secret.ptr);
    OPENSSL_cleanse((void *)(uintptr_t)secret.ptr, secret.len);
    return true;
}

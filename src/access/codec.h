#ifndef ACCESS_CODEC_H
#define ACCESS_CODEC_H

#include "base/err.h"
#include "base/str.h"

/* The one way identifying values (ID numbers, phones, bank accounts, street addresses, and values
 * kept as written) reach the disk.
 *
 * seal: authenticated encryption with associated data in SIV form, from SM4 (GB/T 32907) and
 * HMAC-SM3 (GB/T 32905): tag = HMAC-SM3(key_mac, len(context) || context || plaintext), cut to 16
 * bytes; ciphertext = SM4-CTR(key_enc, iv = tag, plaintext); sealed = tag || ciphertext. The
 * context (table and statement number) binds a value to its place: a blob copied into another row
 * does not open. Needs no random number, so the same input gives the same bytes. Construction
 * after RFC 5297 with HMAC as the PRF.
 *
 * blind: HMAC-SM3(key_index, text) cut to 16 bytes, a look-up key that shows equality and nothing
 * else.
 *
 * The three keys are derived from one 32-byte secret in a key file beside the workspace
 * ("WORKSPACE.key", mode 0600, hexadecimal). Lose it and identifying values are lost; the error
 * sentences say so. A codec may be used by several threads at once only through
 * codec_worker copies. */

enum { CODEC_TAG_BYTES = 16, CODEC_BLIND_BYTES = 16, CODEC_SECRET_BYTES = 32 };

struct codec;

/* Opens the codec of a workspace: reads "PATH.key", or makes it with fresh random bytes when
 * `create` is set and it is absent. Errors: ERR_STORE (key file missing), ERR_INPUT (damaged),
 * ERR_IO. */
MUST_USE bool codec_open(struct codec **out, const char *workspace, bool create, struct err *err);

/* A codec whose secret is kept nowhere: for workspaces that nothing is kept of. ERR_IO. */
MUST_USE bool codec_fresh(struct codec **out, struct err *err);

/* A codec from a secret of CODEC_SECRET_BYTES, for tests and for workers of another one. */
struct codec *codec_from_secret(const unsigned char *secret);
struct codec *codec_worker(const struct codec *codec); /* its own state, same keys */
void codec_close(struct codec *codec);                 /* wipes the keys; NULL accepted */

/* The secret of `inner` sealed under `outer`, in the arena; and the codec of such a secret, opened.
 * ERR_STORE as codec_unseal. */
struct str codec_wrap(struct codec *outer, struct arena *arena, struct str context,
                      const struct codec *inner);
MUST_USE bool codec_unwrap(struct codec *outer, struct arena *arena, struct str context,
                           struct str wrapped, struct codec **inner, struct err *err);

/* Sealed bytes (CODEC_TAG_BYTES + plain.len) in the arena. */
struct str codec_seal(struct codec *codec, struct arena *arena, struct str context,
                      struct str plain);

/* The plain text, in the arena; ERR_STORE when the bytes were changed, belong to another place or
 * to another key. */
MUST_USE bool codec_unseal(struct codec *codec, struct arena *arena, struct str context,
                           struct str sealed, struct str *plain, struct err *err);

/* Blind index of a normalised value. */
void codec_blind(struct codec *codec, struct str text, unsigned char out[CODEC_BLIND_BYTES]);

/* A second key check value: 8 bytes that differ for different secrets, stored in the workspace so
 * that a wrong key file is found before anything is written. */
void codec_fingerprint(struct codec *codec, unsigned char out[8]);

/* SM3 of a text, 32 bytes: file hashes, the audit chain. */
void sm3_hash(struct str text, unsigned char out[32]);

/* SM3 of a file's content, read in pieces. ERR_IO. */
MUST_USE bool sm3_file(const char *path, unsigned char out[32], struct err *err);

/* Lower-case hexadecimal, zero-terminated. */
void hex_of(const unsigned char *bytes, size_t count, char *out); /* 2 * count + 1 bytes */

#endif

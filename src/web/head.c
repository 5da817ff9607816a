#include "web/head.h"

#include "web/limits.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(struct str s, const char *word)
{
    if (s.len != strlen(word)) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (lower(s.ptr[i]) != lower(word[i])) return false;
    }
    return true;
}

static bool same_word(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
    }
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 9110: token. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_letter(c) && !is_digit(c) && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return s.len > 0;
}

static bool is_field_value(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) return false;
    }
    return true;
}

static bool read_port(struct str s, int *port)
{
    int value = 0;
    if (s.len == 0 || s.len > 5) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i])) return false;
        value = value * 10 + (s.ptr[i] - '0');
    }
    *port = value;
    return value <= 65535;
}

static bool is_host_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') return false;
    }
    return s.len > 0 && s.len <= 253;
}

static bool is_v6(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = lower(s.ptr[i]);
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && c != ':' && c != '.') return false;
    }
    return s.len >= 2 && s.len <= 45;
}

bool head_host_split(struct str host, struct str *name, int *port)
{
    struct str rest;
    int read = -1;
    if (host.len > 0 && host.ptr[0] == '[') {
        size_t end = str_find(host, STR("]"));
        if (end == SIZE_MAX || !is_v6(str_slice(host, 1, end))) return false;
        *name = str_slice(host, 0, end + 1);
        rest = str_slice(host, end + 1, host.len);
    } else {
        size_t colon = str_find(host, STR(":"));
        size_t end = colon == SIZE_MAX ? host.len : colon;
        if (!is_host_name(str_slice(host, 0, end))) return false;
        *name = str_slice(host, 0, end);
        rest = str_slice(host, end, host.len);
    }
    if (rest.len > 0 && (rest.ptr[0] != ':' || !read_port(str_slice(rest, 1, rest.len), &read))) {
        return false;
    }
    *port = read;
    return true;
}

bool head_host_is_loopback(struct str name)
{
    if (is_word(name, "localhost") || is_word(name, "[::1]")) return true;
    if (!str_starts(name, STR("127."))) return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!is_digit(name.ptr[i]) && name.ptr[i] != '.') return false;
    }
    return true;
}

/* The value of the session cookie; one that is there twice counts as none, since it cannot be known
 * which of them we set. */
static struct str read_cookie(struct str cookies)
{
    struct str rest = cookies, part, found = STR_EMPTY;
    int times = 0;
    while (str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, STR("baoxue_session="))) continue;
        found = str_slice(part, strlen("baoxue_session="), part.len);
        times++;
    }
    return times == 1 ? found : STR_EMPTY;
}

static bool takes_gzip(struct str value)
{
    struct str rest = value, part;
    while (str_split(&rest, ',', &part)) {
        size_t end = str_find(part, STR(";"));
        struct str coding = str_trim(str_slice(part, 0, end));
        if (!is_word(coding, "gzip")) continue;
        struct str weight = end == SIZE_MAX ? STR_EMPTY : str_slice(part, end + 1, part.len);
        weight = str_trim(weight);
        return !str_is(weight, "q=0") && !str_starts(weight, STR("q=0.0"));
    }
    return false;
}

/* The last address that a proxy added is the one that it saw itself. */
static struct str last_of_list(struct str value)
{
    struct str rest = value, part, last = STR_EMPTY;
    while (str_split(&rest, ',', &part)) last = str_trim(part);
    return last;
}

static bool read_length(struct str value, uint64_t *out)
{
    uint64_t length = 0;
    if (value.len == 0 || value.len > 18) return false;
    for (size_t i = 0; i < value.len; i++) {
        if (!is_digit(value.ptr[i])) return false;
        length = length * 10 + (uint64_t)(value.ptr[i] - '0');
    }
    *out = length;
    return true;
}

/* Header lines of which there may be one at most. */
enum single {
    SINGLE_HOST,
    SINGLE_LENGTH,
    SINGLE_CODING,
    SINGLE_TYPE,
    SINGLE_COOKIE,
    SINGLE_ORIGIN,
    SINGLE_SITE,
    SINGLE_TOKEN,
    SINGLE_COUNT,
};

struct reading {
    const struct header *headers;
    size_t count;
    const struct head_rules *rules;
    const struct header *singles[SINGLE_COUNT];
    struct head head;
    struct str forwarded;
};

static bool take_singles(struct reading *reading, struct err *err)
{
    static const char *const names[SINGLE_COUNT] = {
        "Host",   "Content-Length", "Transfer-Encoding", "Content-Type",
        "Cookie", "Origin",         "Sec-Fetch-Site",    "X-Baoxue-Token"};
    for (size_t i = 0; i < reading->count; i++) {
        const struct header *header = &reading->headers[i];
        if (!is_token(header->name) || !is_field_value(header->value)) {
            return err_set(err, ERR_INPUT, "a header line is not well formed", "请求头格式不正确");
        }
        for (int s = 0; s < SINGLE_COUNT; s++) {
            if (!is_word(header->name, names[s])) continue;
            if (reading->singles[s] != NULL) {
                return err_set(err, ERR_INPUT, "the header %s is there twice", "请求头 %s 重复",
                               names[s]);
            }
            reading->singles[s] = header;
        }
    }
    return true;
}

static void take_others(struct reading *reading)
{
    struct head *head = &reading->head;
    for (size_t i = 0; i < reading->count; i++) {
        const struct header *header = &reading->headers[i];
        if (is_word(header->name, "If-None-Match")) head->if_none_match = header->value;
        if (is_word(header->name, "Accept-Encoding")) {
            head->takes_gzip = head->takes_gzip || takes_gzip(header->value);
        }
        if (is_word(header->name, "X-Forwarded-For")) {
            reading->forwarded = last_of_list(header->value);
        }
    }
}

static struct str single(const struct reading *reading, enum single which)
{
    return reading->singles[which] == NULL ? STR_EMPTY : reading->singles[which]->value;
}

/* RFC 9112, 6.1 and 6.3: a request with a length and a coding, or with a coding that we do not
 * undo, is not read at all. */
static bool read_framing(struct reading *reading, struct err *err)
{
    struct head *head = &reading->head;
    bool has_length = reading->singles[SINGLE_LENGTH] != NULL;
    bool has_coding = reading->singles[SINGLE_CODING] != NULL;
    if (has_length && has_coding) {
        return err_set(err, ERR_INPUT, "both Content-Length and Transfer-Encoding are given",
                       "同时给出了 Content-Length 和 Transfer-Encoding");
    }
    if (has_coding && !is_word(str_trim(single(reading, SINGLE_CODING)), "chunked")) {
        return err_set(err, ERR_INPUT, "this Transfer-Encoding is not understood",
                       "不支持这种 Transfer-Encoding");
    }
    if (has_length && !read_length(single(reading, SINGLE_LENGTH), &head->length)) {
        return err_set(err, ERR_INPUT, "the Content-Length is no number",
                       "Content-Length 不是数字");
    }
    head->chunked = has_coding;
    head->has_body = has_coding || head->length > 0;
    return true;
}

static bool host_is_ours(const struct head_rules *rules, struct str name)
{
    if (rules->name != NULL && is_word(name, rules->name)) return true;
    if (rules->loopback && !rules->behind_proxy) return head_host_is_loopback(name);
    return rules->name == NULL || head_host_is_loopback(name);
}

static bool read_host(struct reading *reading, unsigned *status, struct err *err)
{
    struct str name;
    int port;
    if (reading->singles[SINGLE_HOST] == NULL) {
        return err_set(err, ERR_INPUT, "the header Host is missing", "缺少请求头 Host");
    }
    reading->head.host = single(reading, SINGLE_HOST);
    if (!head_host_split(reading->head.host, &name, &port)) {
        return err_set(err, ERR_INPUT, "the header Host is not well formed",
                       "请求头 Host 格式不正确");
    }
    if (host_is_ours(reading->rules, name)) return true;
    *status = HEAD_WRONG_HOST;
    return err_set(err, ERR_INPUT,
                   "this server does not answer under that host name; see baoxue serve --name",
                   "本服务不以这个主机名提供服务；请看 baoxue serve --name");
}

bool head_read(const struct header *headers, size_t count, const struct head_rules *rules,
               struct head *out, unsigned *status, struct err *err)
{
    struct reading reading = {.headers = headers, .count = count, .rules = rules};
    struct head *head = &reading.head;
    *status = HEAD_BAD;
    if (count > WEB_HEADERS_MAX) {
        *status = HEAD_TOO_MANY;
        return err_set(err, ERR_LIMIT, "the request has more than %d header lines",
                       "请求头超过 %d 行", (int)WEB_HEADERS_MAX);
    }
    if (!take_singles(&reading, err) || !read_framing(&reading, err)) return false;
    if (!read_host(&reading, status, err)) return false;
    take_others(&reading);
    struct str type = single(&reading, SINGLE_TYPE);
    head->media_type = str_trim(str_slice(type, 0, str_find(type, STR(";"))));
    head->session = read_cookie(single(&reading, SINGLE_COOKIE));
    head->request_token = single(&reading, SINGLE_TOKEN);
    head->origin = single(&reading, SINGLE_ORIGIN);
    head->fetch_site = single(&reading, SINGLE_SITE);
    head->secure = rules->tls || (rules->behind_proxy && rules->proxy_secure);
    if (rules->behind_proxy) head->client = reading.forwarded;
    *out = *head;
    return true;
}

bool head_same_origin(const struct head *head)
{
    if (head->fetch_site.len > 0) {
        return str_is(head->fetch_site, "same-origin") || str_is(head->fetch_site, "none");
    }
    if (head->origin.len == 0) return true;
    size_t scheme_end = str_find(head->origin, STR("://"));
    if (scheme_end == SIZE_MAX) return false;
    struct str scheme = str_slice(head->origin, 0, scheme_end);
    struct str host = str_slice(head->origin, scheme_end + 3, head->origin.len);
    return is_word(scheme, head->secure ? "https" : "http") && same_word(host, head->host);
}

struct str head_cookie(struct arena *arena, struct str token, bool secure)
{
    struct text text;
    text_init(&text, arena, 512);
    text_add_f(&text, "baoxue_session=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", STR_ARG(token),
               secure ? "; Secure" : "", token.len == 0 ? "; Max-Age=0" : "");
    CHECK(!text.cut);
    return text_str(&text);
}

bool head_etag_matches(struct str if_none_match, struct str etag)
{
    struct str rest = if_none_match, part;
    while (str_split(&rest, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, STR("W/"))) part = str_slice(part, 2, part.len);
        if (str_is(part, "*") || str_equal(part, etag)) return true;
    }
    return false;
}

static int hex_value(char c)
{
    if (is_digit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool head_decode(struct arena *arena, struct str written, bool plus, struct str *out)
{
    char *decoded = arena_alloc(arena, written.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = written.ptr[i];
        if (c == '%') {
            int high = i + 2 < written.len ? hex_value(written.ptr[i + 1]) : -1;
            int low = i + 2 < written.len ? hex_value(written.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7F) return false;
        decoded[length++] = c;
    }
    struct str text = {decoded, length};
    if (!utf8_valid(text)) return false;
    *out = text;
    return true;
}

static bool is_plain_path(struct str path)
{
    struct str rest = path, part;
    if (path.len == 0 || path.ptr[0] != '/') return false;
    if (str_find(path, STR("\\")) != SIZE_MAX) return false;
    while (str_split(&rest, '/', &part)) {
        if (str_is(part, ".") || str_is(part, "..")) return false;
    }
    return true;
}

bool head_path(struct arena *arena, struct str uri, struct str *path, struct str *query)
{
    struct str decoded;
    size_t mark = str_find(uri, STR("?"));
    if (!head_decode(arena, str_slice(uri, 0, mark), false, &decoded)) return false;
    if (!is_plain_path(decoded)) return false;
    *path = decoded;
    *query = mark == SIZE_MAX ? STR_EMPTY : str_slice(uri, mark + 1, uri.len);
    return true;
}

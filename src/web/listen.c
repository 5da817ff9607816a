#include "web/listen.h"

#include "base/file.h"
#include "base/str.h"
#include "web/head.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTEN_BACKLOG = 512 };

struct listen_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } socket;
    socklen_t size;
};

static bool read_address(const char *where, struct listen_address *out, struct err *err)
{
    struct str name;
    int port = -1;
    char host[64];
    *out = (struct listen_address){0};
    if (!head_host_split(str_from(where), &name, &port) || port < 0 || name.len >= sizeof host) {
        return err_set(err, ERR_USAGE,
                       "\"%s\" is no address to listen on; write it as 127.0.0.1:8620",
                       "“%s”不是监听地址，请写成 127.0.0.1:8620", where);
    }
    if (str_is(name, "localhost")) name = STR("127.0.0.1");
    bool v6 = name.ptr[0] == '[';
    if (v6) name = str_slice(name, 1, name.len - 1);
    snprintf(host, sizeof host, "%.*s", STR_ARG(name));
    if (v6) {
        out->socket.v6.sin6_family = AF_INET6;
        out->socket.v6.sin6_port = htons((uint16_t)port);
        out->size = sizeof out->socket.v6;
        if (inet_pton(AF_INET6, host, &out->socket.v6.sin6_addr) == 1) return true;
    } else {
        out->socket.v4.sin_family = AF_INET;
        out->socket.v4.sin_port = htons((uint16_t)port);
        out->size = sizeof out->socket.v4;
        if (inet_pton(AF_INET, host, &out->socket.v4.sin_addr) == 1) return true;
    }
    return err_set(err, ERR_USAGE, "\"%s\" is no address: give it in numbers, as 127.0.0.1",
                   "“%s”不是地址，请用数字写，如 127.0.0.1", host);
}

static bool is_loopback(const struct listen_address *address)
{
    if (address->socket.any.sa_family == AF_INET)
        return ntohl(address->socket.v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&address->socket.v6.sin6_addr);
}

bool listen_is_loopback(const char *where, bool *loopback, struct err *err)
{
    struct listen_address address;
    if (!read_address(where, &address, err)) return false;
    *loopback = is_loopback(&address);
    return true;
}

static void name_place(struct listen_place *place, const struct listen_address *address)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (place->v6) {
        inet_ntop(AF_INET6, &address->socket.v6.sin6_addr, host, sizeof host);
        snprintf(place->text, sizeof place->text, "[%s]:%u", host,
                 ntohs(address->socket.v6.sin6_port));
    } else {
        inet_ntop(AF_INET, &address->socket.v4.sin_addr, host, sizeof host);
        snprintf(place->text, sizeof place->text, "%s:%u", host,
                 ntohs(address->socket.v4.sin_port));
    }
}

static bool bind_to(int file, struct listen_address *address)
{
    int yes = 1;
    return setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0
           && bind(file, &address->socket.any, address->size) == 0
           && listen(file, LISTEN_BACKLOG) == 0
           && getsockname(file, &address->socket.any, &address->size) == 0;
}

bool listen_open(const char *where, struct listen_place *out, struct err *err)
{
    struct listen_address address;
    if (!read_address(where, &address, err)) return false;
    struct listen_place place = {.v6 = address.socket.any.sa_family == AF_INET6,
                                 .loopback = is_loopback(&address)};
    place.socket =
        socket(address.socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (place.socket < 0 || !bind_to(place.socket, &address)) {
        int code = errno;
        if (place.socket >= 0) close(place.socket);
        err_set(err, ERR_IO, "could not listen on %s", "无法监听 %s", where);
        return file_reason(err, code);
    }
    name_place(&place, &address);
    *out = place;
    return true;
}

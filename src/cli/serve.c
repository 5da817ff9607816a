#include "cli/cli.h"

#include "web/server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Whatever the output is: this is the log. */
static void tell(void *context, const char *zh, const char *en)
{
    fprintf(stderr, "%s\n", cli_say(context, zh, en));
}

/* Signals that end the server are waited for here and nowhere else; threads that are started later
 * inherit this. A client that went away is an error of one write, not the end of the program. */
static void hold_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum web_proxy proxy_of(const struct cli *cli)
{
    const char *proxy = cli_option(cli, "--behind-proxy");
    if (proxy == NULL) return WEB_PROXY_NONE;
    return strcmp(proxy, "https") == 0 ? WEB_PROXY_HTTPS : WEB_PROXY_HTTP;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    sigset_t signals;
    struct server *server;
    const char *listen = cli_option(cli, "--listen");
    struct web_options options = {
        .workspace = {.path = cli->db, .clock = cli->clock},
        .listen = listen == NULL ? "127.0.0.1:8620" : listen,
        .name = cli_option(cli, "--name"),
        .tls_cert = cli_option(cli, "--tls-cert"),
        .tls_key = cli_option(cli, "--tls-key"),
        .proxy = proxy_of(cli),
        .tell = tell,
        .tell_context = cli,
    };
    hold_signals(&signals);
    if (!server_open(&server, cli->arena, &options, err)) return false;
    if (cli->json) printf("{\"address\":\"%s\"}\n", server_address(server));
    cli_note(cli, "服务已启动：%s（按 Ctrl-C 停止）", "serving at %s (Ctrl-C stops it)",
             server_address(server));
    fflush(stdout);
    int received = 0;
    while (sigwait(&signals, &received) != 0) continue;
    cli_note(cli, "正在停止：已收到的请求答完即止", "stopping when what came in is answered");
    server_close(server);
    return true;
}

const struct command command_serve = {
    .name = "serve",
    .words = "",
    .zh = "启动网页界面和接口",
    .en = "Serves the console and its API",
    .more_zh = "先用 user add 建立用户。只供本机访问时不需要证书；可从其他机器访问的地址须有 TLS，"
               "或由前置代理做 TLS。收到 SIGTERM 或 SIGINT "
               "后，已收到的请求答完即止，正在运行的任务做完即止。",
    .more_en =
        "Users are made with user add first. An address that other machines can reach needs TLS, "
        "its own or that of a proxy in front. On SIGTERM or SIGINT what came in is answered and "
        "the task that runs is ended before the server stops.",
    .options = {{"--listen", OPTION_TEXT, "ADDR:PORT", NULL, "监听地址（默认 127.0.0.1:8620）",
                 "the address to listen on (default 127.0.0.1:8620)"},
                {"--name", OPTION_TEXT, "HOST", NULL, "对外的主机名；其他主机名的请求被拒绝",
                 "the host name of the server; requests for others are refused"},
                {"--tls-cert", OPTION_FILE, "FILE", NULL, "证书（PEM，含中间证书）",
                 "the certificate (PEM, with intermediate ones)"},
                {"--tls-key", OPTION_FILE, "FILE", NULL, "证书的私钥（PEM）",
                 "the certificate's key (PEM)"},
                {"--behind-proxy", OPTION_CHOICE, "http|https", "http|https",
                 "位于前置代理之后：采信其告知的客户端地址；浏览器以何种方式访问代理",
                 "a proxy stands in front: what it says of the client is believed; how browsers "
                 "reach it"}},
    .examples = {{"baoxue serve", "在本机启动", "for this machine"},
                 {"baoxue serve --listen 0.0.0.0:8620 --tls-cert 证书.pem --tls-key 私钥.pem",
                  "供局域网访问", "for the network, with TLS"},
                 {"baoxue serve --behind-proxy https --name baoxue.example.gov.cn",
                  "由 nginx 等代理做 TLS", "nginx or another proxy does TLS"}},
    .run = run,
};

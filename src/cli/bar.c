#include "cli/bar.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_CELLS = 30, BAR_FROM_MS = 2000, BAR_LOOK_MS = 500, BAR_AGAIN_MS = 100 };

static void clear_line(struct bar *bar)
{
    if (bar->drawn) fputs("\r\033[K", stderr);
    bar->drawn = false;
}

static void draw(struct bar *bar, const char *stage, uint64_t done, uint64_t total, int64_t left_ms)
{
    clear_line(bar);
    fprintf(stderr, "%s", stage);
    if (total > 0) {
        int full = (int)(done * BAR_CELLS / total);
        fputs("  ", stderr);
        for (int i = 0; i < BAR_CELLS; i++) fputs(i < full ? "█" : "░", stderr);
        fprintf(stderr, " %3d%%", (int)(done * 100 / total));
        const char *format = bar->lang == LANG_EN ? "  %lld s left" : "  还需 %lld 秒";
        fprintf(stderr, format, (long long)((left_ms + 999) / 1000));
    }
    fflush(stderr);
    bar->drawn = true;
}

static void report(void *context, const char *stage_en, const char *stage_zh, uint64_t done,
                   uint64_t total)
{
    struct bar *bar = context;
    if (!bar->on) return;
    int64_t now_ms = clock_elapsed_ms();
    if (bar->stage == NULL || strcmp(bar->stage, stage_en) != 0) {
        clear_line(bar);
        bar->stage = stage_en;
        bar->stage_began_ms = now_ms;
        bar->drawn_ms = now_ms;
    }
    int64_t spent_ms = now_ms - bar->stage_began_ms;
    if (now_ms - bar->drawn_ms < (bar->drawn ? BAR_AGAIN_MS : BAR_LOOK_MS)) return;
    if (done > total) done = total;
    int64_t left_ms = done > 0 && total > 0
                          ? (int64_t)((double)spent_ms * (double)(total - done) / (double)done)
                          : BAR_FROM_MS;
    if (!bar->drawn && spent_ms + left_ms < BAR_FROM_MS) return;
    bar->drawn_ms = now_ms;
    draw(bar, bar->lang == LANG_EN ? stage_en : stage_zh, done, total, left_ms);
}

void bar_start(struct bar *bar, enum lang lang, bool quiet)
{
    CHECK(bar != NULL);
    *bar = (struct bar){.lang = lang, .on = !quiet && isatty(STDERR_FILENO) != 0};
    bar->progress = (struct progress){.report = report, .context = bar};
}

void bar_end(struct bar *bar)
{
    clear_line(bar);
    bar->stage = NULL;
}

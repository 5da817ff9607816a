#include "base/press.h"

#include <cairo-pdf.h>

static const char *const families =
    "FangSong, FangSong_GB2312, STFangsong, Noto Serif CJK SC, Source Han Serif SC, "
    "Noto Serif SC, SimSun, AR PL UMing CN, Noto Sans CJK SC, HanaMinA, HanaMinB, serif";

struct str press_clean(struct arena *arena, struct str written, bool lines)
{
    struct text text;
    size_t at = 0;
    uint32_t code;
    text_init(&text, arena, PRESS_TEXT_BYTES_MAX + 8);
    while (utf8_next(written, &at, &code)) {
        if (text.len >= PRESS_TEXT_BYTES_MAX) {
            text_add_c(&text, "…");
            break;
        }
        bool control =
            code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
        bool blank = code == '\n' || code == '\t';
        if (lines && code == '\n') control = false;
        text_add_code(&text, control ? (blank ? ' ' : 0xFFFD) : code);
    }
    return text_str(&text);
}

PangoLayout *press_layout(const struct press *press, struct str text, double size, bool bold,
                          double width)
{
    PangoLayout *layout = pango_layout_new(press->context);
    PangoFontDescription *font = pango_font_description_from_string(families);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, text.len == 0 ? "" : text.ptr, (int)text.len);
    return layout;
}

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned count)
{
    struct text *text = context;
    text_add(text, (struct str){(const char *)bytes, count});
    return text->cut ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* A character that no font knows must not end the program, as pango would without any font. */
static bool has_fonts(PangoFontMap *map)
{
    PangoFontFamily **list;
    int count;
    pango_font_map_list_families(map, &list, &count);
    g_free(list);
    return count > 0;
}

static PangoContext *make_context(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

static void set_properties(const struct press *press, struct str title, day made)
{
    char text[DAY_TEXT_SIZE], stamp[DAY_TEXT_SIZE + 16];
    if (day_is_none(made)) CHECK(day_from_ymd(2000, 1, 1, &made));
    snprintf(stamp, sizeof stamp, "%sT00:00:00Z", day_format(made, text));
    cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_TITLE,
                                   str_cstr(press->arena, press_clean(press->arena, title, false)));
    cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);
    cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_MOD_DATE, stamp);
}

bool press_open(struct press *press, struct arena *arena, double width, double height,
                struct str title, day made, struct err *err)
{
    /* The thread's own map is kept from file to file: finding fonts costs more than a page. */
    PangoFontMap *map = pango_cairo_font_map_get_default();
    if (!has_fonts(map)) {
        return err_set(err, ERR_IO, "no font is installed; install fonts-noto-cjk",
                       "没有安装任何字体，请安装 fonts-noto-cjk");
    }
    *press = (struct press){.arena = arena};
    text_init(&press->bytes, arena, PRESS_BYTES_MAX);
    press->surface = cairo_pdf_surface_create_for_stream(take_bytes, &press->bytes, width, height);
    set_properties(press, title, made);
    press->cairo = cairo_create(press->surface);
    press->context = make_context(map);
    return true;
}

void press_abandon(struct press *press)
{
    cairo_destroy(press->cairo);
    g_object_unref(press->context);
    cairo_surface_finish(press->surface);
    cairo_surface_destroy(press->surface);
    *press = (struct press){0};
}

bool press_close(struct press *press, struct str *out, struct err *err)
{
    cairo_destroy(press->cairo);
    g_object_unref(press->context);
    cairo_surface_finish(press->surface);
    bool good = cairo_surface_status(press->surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(press->surface);
    if (!good) {
        return err_set(err, ERR_LIMIT, "the letter is larger than %d bytes", "文书超过 %d 字节",
                       PRESS_BYTES_MAX);
    }
    *out = text_str(&press->bytes);
    return true;
}

#include "figures/article_line.h"

#include "identity/hanzi.h"

#include <string.h>

enum {
    SENTENCE_CODES_MIN = 16,
    NAVIGATION_CODES_MAX = 3, /* a line of so few hanzi says nothing */
    MENU_ENTRIES_MIN = 4,
    MENU_ENTRY_CODES_MAX = 7,
    TITLE_CODES_MIN = 5,
    TITLE_CODES_MAX = 60,
    HEADING_CODES_MAX = 40,
    LABEL_GAP_BYTES_MAX = 24,
};

/* Words of advertising that no bureau writes. Two in a line make it spam; each of `strong` does. */
static const char *const spam[] = {
    "精品",     "国产",     "久久",     "午夜",    "亚洲",   "人妻",   "无码",     "在线观看",
    "福利",     "完整版",   "免费看",   "高清",    "欧美",   "日韩",   "成人",     "少妇",
    "自拍",     "视频在线", "综合网",   "色综合",  "激情",   "娱乐城", "博彩",     "百家乐",
    "时时彩",   "六合彩",   "彩票",     "澳门",    "棋牌",   "赌场",   "下注",     "真人",
    "开户",     "送彩金",   "注册送",   "代开",    "发票",   "办证",   "加微信",   "私服",
    "外挂",     "刷单",     "兼职",     "网赚",    "代孕",   "壮阳",   "减肥",     "丰胸",
    "裸聊",     "约炮",     "伦理",     "三级片",  "皇冠",   "葡京",   "体育投注", "提现",
    "特级",     "毛片",     "一区二区", "播放",    "漫画",   "大片",   "丝袜",     "熟女",
    "贷款秒批", "低息",     "首充",     "下载app", "老虎机", "包赢",   "客服微信", "在线客服",
};
static const char *const spam_strong[] = {
    "无码",     "人妻",     "裸聊",   "约炮",   "六合彩", "时时彩", "百家乐",   "娱乐城", "三级片",
    "一区二区", "代开发票", "送彩金", "老虎机", "丰胸",   "葡京",   "体育投注", "毛片",
};

/* Words of a page's imprint. A colon at the end stands for it in all
 * its forms, bars too. */
static const char *const imprint[] = {
    "版权所有", "备案号",   "ICP备",    "ICP证",     "公网安备",   "许可证编号", "许可证号",
    "主办单位", "承办单位", "主办:",    "承办:",     "技术支持",   "标识码",     "编辑:",
    "责任编辑", "责编",     "信息来源", "来源:",     "发布时间",   "发布日期",   "更新时间",
    "作者:",    "审核:",    "校对:",    "浏览次数",  "浏览量",     "浏览:",      "阅读次数",
    "阅读量",   "阅读:",    "点击数",   "点击量",    "点击:",      "访问量",     "字号:",
    "字体:",    "字号",     "关闭窗口", "分享到",    "联系电话",   "电话:",      "传真",
    "邮编",     "地址:",    "邮箱",     "扫一扫",    "本站许可",   "未经授权",   "转载请注明",
    "网站地图", "设为首页", "加入收藏", "Copyright", "copyright",  "COPYRIGHT",  "©",
    "二维码",   "您是第",   "索引号",   "发文字号",  "发文机关",   "主题分类",   "成文日期",
    "公开日期", "文号:",    "运营维护", "自律公约",  "举报",       "热线:",      "E-mail",
    "Email",    "客服",     "网警",     "供稿",      "投稿",       "来稿",       "人气:",
    "打印本页", "监制:",    "签发:",    "初审:",     "复审:",      "终审:",      "编审:",
    "统计代码", "文章编号", "稿件编号", "服务热线",  "编号:",      "记者:",      "通讯员:",
    "摄影:",    "发布人",   "发布机构", "【打印】",  "微信公众号",
};
static const char *const imprint_strong[] = {
    "ICP备",  "ICP证",    "公网安备",  "版权所有",  "本站许可",  "未经授权", "转载请注明",
    "标识码", "浏览次数", "Copyright", "copyright", "COPYRIGHT", "©",        "运营维护",
};

/* Words of menus; those of `tails` begin a list of other articles. */
static const char *const menus[] = {
    "当前位置", "您的位置", "所在位置", "位置:",    "首页",     "返回顶部", "上一页",
    "下一页",   "尾页",     "网站导航", "无障碍",   "收藏本站", "登录",     "注册",
    "搜索",     "手机版",   "English",  "返回列表", "点赞",     "评论",     "更多>>",
    "更多 >",   "[更多]",   "阅读全文", "展开全文", "举报",     "回到顶部",
};
static const char *const tails[] = {
    "相关新闻",   "相关阅读", "相关链接", "相关文章", "推荐阅读", "热门文章",
    "延伸阅读",   "猜你喜欢", "上一篇",   "下一篇",   "上一条",   "下一条",
    "最新文章",   "图片新闻", "热门推荐", "热点新闻", "热点排行", "点击排行",
    "大家都在看", "为您推荐", "精彩推荐", "最新发布", "热门搜索", "友情链接",
    "网友评论",   "最近更新", "相关稿件", "今日头条", "信息排行", "推荐新闻",
};

static bool has_word(struct str line, const char *word)
{
    struct str w = str_from(word);
    if (w.len == 0 || w.ptr[w.len - 1] != ':') return str_find(line, w) != SIZE_MAX;
    struct str stem = str_slice(w, 0, w.len - 1), rest = line;
    for (;;) {
        size_t at = str_find(rest, stem);
        if (at == SIZE_MAX) return false;
        rest = str_slice(rest, at + stem.len, rest.len);
        struct str next = rest;
        while (next.len > 0 && next.ptr[0] == ' ') next = str_slice(next, 1, next.len);
        static const char *const marks[] = {":", "：", "|", "｜", "丨"};
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            if (str_starts(next, str_from(marks[i]))) return true;
        }
    }
}

static size_t count_words(struct str line, const char *const *words, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += has_word(line, words[i]);
    return found;
}

#define COUNT_WORDS(line, words) count_words((line), (words), sizeof(words) / sizeof *(words))

static bool starts_with_word(struct str line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str w = str_from(words[i]);
        if (w.ptr[w.len - 1] == ':') w.len--;
        if (str_starts(line, w) && has_word(line, words[i])) return true;
    }
    return false;
}

static size_t count_hanzi(struct str line)
{
    size_t at = 0, count = 0;
    uint32_t code;
    while (utf8_next(line, &at, &code)) count += hanzi_is(code);
    return count;
}

/* Short entries with blanks or bars between. */
static bool is_menu(struct str line)
{
    if (line_says_count(line)) return false;
    size_t at = 0, entries = 0, length = 0, longest = 0;
    uint32_t code;
    bool more = true;
    while (more) {
        more = utf8_next(line, &at, &code);
        bool gap = !more || code == ' ' || code == '|' || code == '\t' || code == 0x3000
                   || code == '>' || code == 0xB7 || code == 0xFF5C;
        if (!gap) {
            if (code == 0xFF0C || code == 0x3002 || code == 0x3001) return false;
            length++;
            continue;
        }
        entries += length > 0;
        if (length > longest) longest = length;
        length = 0;
    }
    return entries >= MENU_ENTRIES_MIN && longest <= MENU_ENTRY_CODES_MAX;
}

static bool is_sentence(struct str line)
{
    size_t codes = utf8_count(line);
    if (codes < SENTENCE_CODES_MIN) return str_find(line, STR("。")) != SIZE_MAX && codes > 6;
    return str_find(line, STR("。")) != SIZE_MAX || str_find(line, STR("，")) != SIZE_MAX
           || str_find(line, STR("；")) != SIZE_MAX || str_find(line, STR("、")) != SIZE_MAX
           || str_find(line, STR(",")) != SIZE_MAX;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How often a page was looked at is no count of the article's. */
static bool is_metric(struct str line, const char *measure)
{
    static const char *const metrics[] = {"浏览", "阅读", "点击", "访问", "播放", "人气"};
    return strcmp(measure, "次") == 0 && COUNT_WORDS(line, metrics) > 0;
}

bool line_says_count(struct str line)
{
    static const char *const between[] = {".", ",", "，", "万", "亿", "千", "百", "余", "多", " "};
    static const char *const measures[] = {
        "名", "人", "所", "元", "个", "%",  "％", "家",   "户", "册",   "台",  "套", "间",
        "座", "项", "门", "期", "场", "份", "件", "栋",   "亩", "吨",   "处",  "批", "条",
        "位", "班", "支", "辆", "篇", "对", "次", "平方", "㎡", "公里", "课时"};
    size_t i = 0;
    while (i < line.len) {
        if (!is_digit(line.ptr[i])) {
            i++;
            continue;
        }
        while (i < line.len && is_digit(line.ptr[i])) i++;
        struct str rest = str_slice(line, i, line.len);
        for (size_t k = 0; k < sizeof between / sizeof *between;) {
            bool more = str_starts(rest, str_from(between[k]));
            if (more) rest = str_slice(rest, strlen(between[k]), rest.len);
            while (more && rest.len > 0 && is_digit(rest.ptr[0]))
                rest = str_slice(rest, 1, rest.len);
            k = more ? 0 : k + 1;
        }
        for (size_t k = 0; k < sizeof measures / sizeof *measures; k++) {
            if (str_starts(rest, str_from(measures[k])) && !is_metric(line, measures[k]))
                return true;
        }
    }
    return false;
}

static bool is_spam(struct str line)
{
    /* "成人教育学校12所，兼职教师86人" is none, though both words are often spam's. */
    static const char *const certain[] = {"加微信", "刷单", "网赚", "代孕", "壮阳", "真人",
                                          "下注",   "赌场", "博彩", "首充", "秒批", "丝袜",
                                          "熟女",   "私服", "外挂", "皇冠", "提现"};

    size_t hits = COUNT_WORDS(line, spam), codes = utf8_count(line);
    bool strong = COUNT_WORDS(line, spam_strong) > 0;
    if (!strong && line_says_count(line) && COUNT_WORDS(line, certain) == 0) return false;
    if (str_find(line, STR("。")) != SIZE_MAX && codes > 60) return hits * 20 > codes && strong;
    return hits >= 2 || strong;
}

/* Words of an imprint that a count may go with: 举报36件, 资金来源：中央7430万元. */
static size_t count_of_article(struct str line)
{
    static const char *const words[] = {"举报",   "投稿",  "来稿", "客服",
                                        "二维码", "热线:", "字号", "记者:"};
    static const char *const sources[] = {"资金来源:", "经费来源:", "收入来源:", "生源"};
    if (!line_says_count(line)) return 0;
    return COUNT_WORDS(line, words) + (COUNT_WORDS(line, sources) > 0 && has_word(line, "来源:"));
}

static bool is_imprint(struct str line)
{
    size_t hits = COUNT_WORDS(line, imprint) - count_of_article(line);
    bool full = str_find(line, STR("。")) != SIZE_MAX || utf8_count(line) > 60;
    if (!full) return hits > 0;
    if (COUNT_WORDS(line, imprint_strong) > 0) return true;
    /* What stands before a text in its own line ("发布时间: … 本报讯") does not take it along. */
    enum { TEXT_CODES_MIN = 100, CODES_BY_WORD = 25 };
    size_t codes = utf8_count(line);
    if (codes > TEXT_CODES_MIN && hits * CODES_BY_WORD < codes) return false;
    if (line_says_count(line)) return hits > 3;
    return hits >= 3
           || (hits > 0 && starts_with_word(line, imprint, sizeof imprint / sizeof *imprint));
}

static bool is_menu_line(struct str line)
{
    bool full = str_find(line, STR("。")) != SIZE_MAX;
    if (full && utf8_count(line) > 40) return false;
    static const char *const actions[] = {"注册", "登录", "搜索", "点赞", "评论", "举报"};
    size_t hits = COUNT_WORDS(line, menus);
    enum { FOOT_CODES_MAX = 7 }; /* "23人点赞" is the foot of a page, "学籍注册12345人" is not */
    bool said = line_says_count(line) && utf8_count(line) > FOOT_CODES_MAX;
    if (said) hits -= COUNT_WORDS(line, actions);
    if (hits > 0 && !is_sentence(line)) return true;
    if (str_find(line, STR(" > ")) != SIZE_MAX || str_find(line, STR("»")) != SIZE_MAX) return true;
    bool link = str_starts(line, STR("http")) || str_starts(line, STR("www."));
    return link || is_menu(line);
}

enum line_kind line_kind_of(struct str line)
{
    line = str_trim(line);
    if (line.len == 0) return LINE_BLANK;
    if (is_spam(line)) return LINE_SPAM;
    bool tail = COUNT_WORDS(line, tails) > 0;
    bool full = str_find(line, STR("。")) != SIZE_MAX && utf8_count(line) > 40;
    if (tail && !full && !line_says_count(line)) return LINE_TAIL;
    if (is_imprint(line)) return LINE_IMPRINT;
    if (is_menu_line(line)) return LINE_NAVIGATION;
    day signature;
    bool published = line_published(line, &signature) && !line_says_count(line);
    if (published && !is_sentence(line)) return LINE_IMPRINT;
    if (line_day(line, &signature) && !is_sentence(line)) return LINE_SHORT;
    bool few = count_hanzi(line) <= NAVIGATION_CODES_MAX && !line_says_count(line);
    if (few && !is_sentence(line)) return LINE_NAVIGATION;
    return is_sentence(line) ? LINE_TEXT : LINE_SHORT;
}

bool line_is_count(struct str line)
{
    enum { CODES_MAX = 12, HANZI_MAX = 4 };
    static const char *const before[] = {"约", "近", "超", "逾", "+", "达"};
    if (!line_says_count(line) || utf8_count(line) > CODES_MAX) return false;
    if (count_hanzi(line) > HANZI_MAX) return false;
    bool led = is_digit(line.ptr[0]);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        led = led || str_starts(line, str_from(before[i]));
    return led;
}

bool line_is_ended(struct str line)
{
    static const char *const ends[] = {"。", "！", "？", "；", "：", "”",  "」", "’",  "!",
                                       "?",  ";",  ":",  "…",  "》", "）", ")",  "】", "\""};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends(line, str_from(ends[i]))) return true;
    }
    return false;
}

bool line_is_marked(struct str line)
{
    size_t at = 0;
    uint32_t code;
    if (!utf8_next(line, &at, &code)) return false;
    bool symbol = (code >= 0x2190 && code <= 0x2BFF) || code >= 0x1F000;
    return symbol || code == 0x2022 || code == 0xB7;
}

bool line_can_be_title(struct str line)
{
    size_t codes = utf8_count(line);
    if (codes < TITLE_CODES_MIN || codes > TITLE_CODES_MAX || count_hanzi(line) < 4) return false;
    if (str_find(line, STR("。")) != SIZE_MAX || line_is_heading(line)) return false;
    if (line_is_marked(line)) return false;
    return !str_ends(line, STR("；")) && !str_ends(line, STR("：")) && !str_ends(line, STR("，"));
}

bool line_is_heading(struct str line)
{
    size_t at = 0, count = 0;
    uint32_t code;
    bool bracket = false;
    while (utf8_next(line, &at, &code) && count < 5) {
        bool digit =
            (code >= '0' && code <= '9')
            || (code >= 0x4E00
                && str_find(STR("一二三四五六七八九十"), str_slice(line, at - 3, at)) != SIZE_MAX);
        if (count == 0 && (code == 0xFF08 || code == '(')) {
            bracket = true;
        } else if (!digit) {
            bool mark =
                code == 0x3001 || code == '.' || code == 0xFF0E || code == 0xFF09 || code == ')';
            bool decimal =
                code == '.' && at < line.len && line.ptr[at] >= '0' && line.ptr[at] <= '9';
            return mark && !decimal && count > (bracket ? 1U : 0U)
                   && utf8_count(line) <= HEADING_CODES_MAX && str_find(line, STR("。")) == SIZE_MAX
                   && str_find(line, STR("，")) == SIZE_MAX;
        }
        count++;
    }
    return false;
}

/* A number of at most `digits_max` digits at *at, Chinese ones (positions or tens) too. */
static bool read_small(struct str text, size_t *at, size_t digits_max, int *out)
{
    static const char *const numerals = "〇一二三四五六七八九";
    size_t i = *at, digits = 0, last = *at;
    int value = 0;
    bool ten = false;
    uint32_t code;
    while (digits < digits_max && utf8_next(text, &i, &code)) {
        if (code >= '0' && code <= '9') {
            value = value * 10 + (int)(code - '0');
        } else if (code == 0x5341) { /* 十 */
            value = value == 0 ? 10 : value * 10;
            ten = true;
        } else {
            struct str one = str_slice(text, last, i);
            size_t place = code == '0' || code == 0x96F6 || code == 0x25CB
                               ? 0
                               : str_find(str_from(numerals), one);
            if (place == SIZE_MAX || one.len != 3) break;
            int digit = (int)(place / 3);
            value = ten ? value + digit : value * 10 + digit;
        }
        digits++;
        last = i;
    }
    if (digits == 0) return false;
    *at = last;
    *out = value;
    return true;
}

static bool skip_one_of(struct str text, size_t *at, const char *const *marks, size_t count)
{
    struct str rest = str_slice(text, *at, text.len);
    while (rest.len > 0 && rest.ptr[0] == ' ') rest = str_slice(rest, 1, rest.len), ++*at;
    for (size_t i = 0; i < count; i++) {
        if (!str_starts(rest, str_from(marks[i]))) continue;
        *at += strlen(marks[i]);
        while (*at < text.len && text.ptr[*at] == ' ') ++*at;
        return true;
    }
    return false;
}

bool line_day(struct str text, day *out)
{
    static const char *const years[] = {"年", "-", "/", ".", "－", "—"}, *const months[] = {
                                                                             "月", "-",  "/",
                                                                             ".",  "－", "—"};
    size_t from = 0;
    uint32_t code;
    uint32_t before = 0;
    for (size_t next = 0; utf8_next(text, &next, &code); before = code, from = next) {
        size_t at = from;
        int year, month, date;
        if (before >= '0' && before <= '9') continue;
        if (!read_small(text, &at, 4, &year) || year < 1900 || year > 2199) continue;
        if (!skip_one_of(text, &at, years, 6) || !read_small(text, &at, 3, &month)) continue;
        if (!skip_one_of(text, &at, months, 6) || !read_small(text, &at, 3, &date)) continue;
        if (day_from_ymd(year, month, date, out)) return true;
    }
    return false;
}

bool line_published(struct str line, day *out)
{
    static const char *const labels[] = {"发布时间", "发布日期", "发表时间", "更新时间",
                                         "公开日期", "更新",     "成文日期", "发文日期",
                                         "时间",     "日期",     "来源"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t at = str_find(line, str_from(labels[i]));
        if (at == SIZE_MAX) continue;
        at += strlen(labels[i]);
        size_t reach = strcmp(labels[i], "来源") == 0 ? line.len : at + LABEL_GAP_BYTES_MAX;
        if (line_day(str_slice(line, at, reach < line.len ? reach : line.len), out)) return true;
    }
    return false;
}

#include "intake/workbook_xml.h"

#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_reader *xml = context;
    xml->quiet_bytes = 0;
    if (++xml->depth > XML_DEPTH_MAX) {
        err_set(&xml->failure, ERR_LIMIT, "damaged: XML tags nested deeper than %d",
                "文件已损坏：XML 标签嵌套超过 %d 层", XML_DEPTH_MAX);
        xml_stop(xml);
        return;
    }
    if (xml->events->start != NULL && !xml->ended) {
        xml->events->start(xml, local_name(name), attributes);
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xml_reader *xml = context;
    xml->quiet_bytes = 0;
    xml->depth--;
    if (xml->events->end != NULL && !xml->ended) xml->events->end(xml, local_name(name));
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    struct xml_reader *xml = context;
    err_set(&xml->failure, ERR_INPUT, "refused: a document type in a workbook is an entity bomb",
            "拒绝读取：工作簿中含有实体定义（实体炸弹）");
    xml_stop(xml);
}

bool xml_open(struct xml_reader *xml, const struct package *package, const char *name,
              const struct xml_events *events, void *context, struct err *err)
{
    struct package_part part;
    if (!package_part_open(package, name, &part, err)) return false;
    XML_Parser parser = XML_ParserCreate(NULL);
    if (parser == NULL) {
        package_part_close(&part);
        return err_set(err, ERR_LIMIT, "out of memory", "内存不足");
    }
    *xml =
        (struct xml_reader){.context = context, .events = events, .part = part, .parser = parser};
    XML_SetUserData(parser, xml);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    return true;
}

void xml_close(struct xml_reader *xml)
{
    if (xml->parser != NULL) XML_ParserFree(xml->parser);
    package_part_close(&xml->part);
    *xml = (struct xml_reader){0};
}

void xml_stop(struct xml_reader *xml)
{
    if (xml->ended) return;
    xml->ended = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static bool broken(const struct xml_reader *xml, struct err *err)
{
    if (xml->failure.kind != ERR_NONE) {
        if (err != NULL) *err = xml->failure;
        return false;
    }
    return err_set(err, ERR_INPUT, "damaged: the XML inside is broken; export the file again",
                   "文件已损坏：内部 XML 不完整，请重新导出");
}

/* Gives the parser the next block. */
static bool feed(struct xml_reader *xml, enum XML_Status *status, struct err *err)
{
    void *buffer = XML_GetBuffer(xml->parser, BLOCK_BYTES);
    if (buffer == NULL) return broken(xml, err);
    size_t got;
    if (!package_part_read(&xml->part, buffer, BLOCK_BYTES, &got, err)) return false;
    xml->quiet_bytes += got;
    if (xml->quiet_bytes > XML_TAG_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "damaged: an XML tag is larger than %d bytes",
                       "文件已损坏：有一个 XML 标签超过 %d 字节", XML_TAG_BYTES_MAX);
    }
    *status = XML_ParseBuffer(xml->parser, (int)got, got == 0);
    return true;
}

bool xml_run(struct xml_reader *xml, struct err *err)
{
    while (!xml->ended) {
        enum XML_Status status = XML_STATUS_OK;
        if (!feed(xml, &status, err)) return false;
        if (xml->ended) break;
        if (status == XML_STATUS_ERROR) return broken(xml, err);
        XML_ParsingStatus now;
        XML_GetParsingStatus(xml->parser, &now);
        if (now.parsing == XML_FINISHED) xml->ended = true;
    }
    return xml->failure.kind == ERR_NONE || broken(xml, err);
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local_name(attributes[i]), name) == 0) return attributes[i + 1];
    }
    return NULL;
}

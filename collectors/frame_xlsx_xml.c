/* The container of a workbook, and its parts as XML in bounded pieces. */
#include "collectors/frame_xlsx_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/text.h"

/* A piece of cells, read, mapped and hashed, keeps the loop for a millisecond. */
enum { PIECE = 16384, ENTRIES_MAX = 4096 };

static zip_t *open_container(int fd, struct err *err)
{
	zip_error_t error;
	FILE *file = fdopen(fcntl(fd, F_DUPFD_CLOEXEC, 0), "rb");

	if (!file) {
		err_set_errno(err, ERR_IO, "cannot open a temporary file");
		return NULL;
	}
	zip_error_init(&error);
	zip_source_t *source = zip_source_filep_create(file, 0, -1, &error);
	if (!source)
		fclose(file);
	zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!archive) {
		err_set(err, ERR_DATA, "torn: the workbook's container is broken: %s",
			zip_error_strerror(&error));
		zip_source_free(source);
	}
	zip_error_fini(&error);
	return archive;
}

zip_t *xlsx_archive(struct spool *spool, struct err *err)
{
	static const char old_mark[] = "\xD0\xCF\x11\xE0";
	char head[4] = { 0 };
	int fd = spool_fd(spool, err);

	if (fd < 0)
		return NULL;
	ssize_t count = pread(fd, head, sizeof(head), 0);
	if (count == 4 && memcmp(head, old_mark, 4) == 0) {
		err_set(err, ERR_DATA,
			"not-a-table: this is an old workbook (.xls) or one with a password; save "
			"it as .xlsx (请另存为xlsx)");
		return NULL;
	}
	if (count < 4 || memcmp(head, "PK", 2) != 0) {
		err_set(err, ERR_DATA, "not-a-table: this is not a workbook (.xlsx)");
		return NULL;
	}
	zip_t *archive = open_container(fd, err);
	if (archive && zip_get_num_entries(archive, 0) > ENTRIES_MAX) {
		err_set(err, ERR_LIMIT, "too-large: the workbook has more than %d parts",
			ENTRIES_MAX);
		zip_discard(archive);
		archive = NULL;
	}
	return archive;
}

const char *xlsx_local(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char *const *pairs, const char *name)
{
	for (; pairs[0]; pairs += 2) {
		if (strcmp(xlsx_local(pairs[0]), name) == 0)
			return pairs[1];
	}
	return NULL;
}

bool xlsx_reference(const char *text, size_t *ret_column, int64_t *ret_row)
{
	size_t column = 0;
	const char *at = text;
	char row[16];

	for (; *at >= 'A' && *at <= 'Z' && at - text < 4; at++)
		column = column * 26 + (size_t)(*at - 'A') + 1;
	size_t digits = strspn(at, "0123456789");
	if (at == text || digits == 0 || digits >= sizeof(row))
		return false;
	memcpy(row, at, digits);
	row[digits] = '\0';
	*ret_column = column - 1;
	return text_to_int64(row, ret_row);
}

void xlsx_xml_fail(struct xlsx_xml *xml, enum err_code code, const char *text)
{
	if (xml->failed)
		return;
	xml->failed = true;
	if (text)
		err_set(xml->err, code, "%s (%s)", text, xml->name);
	XML_StopParser(xml->parser, XML_FALSE);
}

/* Workbooks have no document type. One that has is refused before anything can be expanded. */
static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
	const XML_Char *public_id, int internal)
{
	(void)name, (void)system, (void)public_id, (void)internal;
	XML_Parser parser = arg;
	struct xlsx_xml *xml = XML_GetUserData(parser);
	xlsx_xml_fail(xml, ERR_DATA, "bad-workbook: a part declares a document type");
}

int xlsx_xml_open(
	zip_t *archive, const char *name, size_t part_max, struct xlsx_xml *ret, struct err *err)
{
	*ret = (struct xlsx_xml){ .name = name, .left = part_max };
	ret->file = zip_fopen(archive, name, 0);
	if (!ret->file)
		return zip_error_code_zip(zip_get_error(archive)) == ZIP_ER_NOENT
			       ? 0
			       : err_set(err, ERR_DATA, "torn: part %s cannot be read: %s", name,
					 zip_strerror(archive));
	ret->parser = XML_ParserCreate(NULL);
	if (!ret->parser)
		BUG("no memory for an XML parser");
	XML_SetUserData(ret->parser, ret);
	XML_UseParserAsHandlerArg(ret->parser);
	XML_SetStartDoctypeDeclHandler(ret->parser, on_doctype);
	return 0;
}

int xlsx_xml_step(struct xlsx_xml *xml, struct err *err)
{
	void *room = XML_GetBuffer(xml->parser, PIECE);

	if (!room)
		BUG("no memory for a piece of XML");
	zip_int64_t count = zip_fread(xml->file, room, PIECE);
	if (count < 0)
		return err_set(err, ERR_DATA, "torn: part %s ends too early: %s", xml->name,
			zip_file_strerror(xml->file));
	if ((size_t)count > xml->left)
		return err_set(err, ERR_LIMIT, "too-large: part %s unpacks to more than allowed",
			xml->name);
	xml->left -= (size_t)count;
	xml->ended = count == 0;
	xml->err = err;
	enum XML_Status status = XML_ParseBuffer(xml->parser, (int)count, xml->ended);
	xml->err = NULL;
	if (xml->failed)
		return -1;
	if (status == XML_STATUS_OK)
		return 0;
	return err_set(err, ERR_DATA, "bad-workbook: part %s, line %lu: %s", xml->name,
		XML_GetCurrentLineNumber(xml->parser),
		XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

int xlsx_xml_run(struct xlsx_xml *xml, struct err *err)
{
	while (!xml->ended) {
		if (xlsx_xml_step(xml, err) < 0)
			return -1;
	}
	return 0;
}

void xlsx_xml_close(struct xlsx_xml *xml)
{
	if (xml->parser)
		XML_ParserFree(xml->parser);
	if (xml->file)
		zip_fclose(xml->file);
	*xml = (struct xlsx_xml){ 0 };
}

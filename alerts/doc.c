#include "alerts/doc.h"

#include <stdarg.h>

#include "alerts/clean.h"
#include "core/text.h"

void doc_init(struct doc *doc, const char *html_language)
{
	buf_init(&doc->text, DOC_BYTES_MAX);
	buf_init(&doc->html, DOC_BYTES_MAX);
	doc->column = 0;
	buf_format(&doc->html,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta "
		"charset=\"utf-8\"></head>\n<body>\n",
		html_language);
}

void doc_free(struct doc *doc)
{
	buf_free(&doc->text);
	buf_free(&doc->html);
}

static void tagged(struct doc *doc, const char *tag, const char *line)
{
	clean_add(&doc->text, line, strlen(line));
	buf_add_char(&doc->text, '\n');
	buf_format(&doc->html, "<%s>", tag);
	clean_add_html(&doc->html, line);
	buf_format(&doc->html, "</%s>\n", tag);
}

void doc_head(struct doc *doc, const char *line)
{
	tagged(doc, "h3", line);
}

void doc_line(struct doc *doc, const char *format, ...)
{
	struct buf line;
	char room[2048];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(room, sizeof(room), format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof(room)) {
		tagged(doc, "p", room);
		return;
	}
	buf_init(&line, DOC_BYTES_MAX);
	text_trim_partial(room);
	buf_add_text(&line, room);
	buf_add_text(&line, "…");
	tagged(doc, "p", line.data);
	buf_free(&line);
}

void doc_gap(struct doc *doc)
{
	buf_add_char(&doc->text, '\n');
}

void doc_table(struct doc *doc)
{
	buf_add_text(&doc->html, "<table border=\"1\" cellspacing=\"0\" cellpadding=\"4\">\n");
}

void doc_row(struct doc *doc)
{
	doc->column = 0;
	buf_add_text(&doc->html, "<tr>");
}

void doc_cell(struct doc *doc, const char *cell)
{
	if (doc->column++ > 0)
		buf_add_text(&doc->text, " | ");
	clean_add(&doc->text, cell, strlen(cell));
	buf_add_text(&doc->html, "<td>");
	clean_add_html(&doc->html, cell);
	buf_add_text(&doc->html, "</td>");
}

void doc_row_end(struct doc *doc)
{
	buf_add_char(&doc->text, '\n');
	buf_add_text(&doc->html, "</tr>\n");
}

void doc_table_end(struct doc *doc)
{
	buf_add_text(&doc->html, "</table>\n");
}

void doc_end(struct doc *doc)
{
	buf_add_text(&doc->html, "</body></html>\n");
}

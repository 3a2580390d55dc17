/* Tables as a page that stands alone: no script, no outside resource. */
#include "daemon/tabulate.h"

static void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void write_part(FILE *out, const struct tab_part *part)
{
	char room[TAB_CELL_MAX];
	size_t index;
	json_t *row;
	fputs("<table>\n<caption>", out);
	write_escaped(out, part->caption);
	fputs("</caption>\n<thead><tr>", out);
	for (int c = 0; c < part->count; c++) {
		fputs("<th scope=\"col\">", out);
		write_escaped(out, part->columns[c].title);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	json_array_foreach(part->rows, index, row)
	{
		fputs("<tr>", out);
		for (int c = 0; c < part->count; c++) {
			fputs(part->columns[c].type > TAB_WORD ? "<td class=\"n\">" : "<td>", out);
			tab_cell(&part->columns[c], row, true, room);
			write_escaped(out, room);
			fputs("</td>", out);
		}
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table>\n", out);
}

void tab_write_html(FILE *out, const char *title, const char *note, const struct tab_part *parts)
{
	fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
		out);
	write_escaped(out, title);
	fputs("</"
	      "title>\n<style>body{font-family:sans-serif;margin:2em}table{border-collapse:"
	      "collapse;"
	      "margin:1em 0}caption{text-align:left;font-weight:bold;padding:.3em "
	      "0}th,td{border:1px "
	      "solid #999;padding:.2em .6em;text-align:left}td.n{text-align:right}</style>\n"
	      "</head>\n<body>\n<h1>",
		out);
	write_escaped(out, title);
	fputs("</h1>\n<p>", out);
	write_escaped(out, note);
	fputs("</p>\n", out);
	for (; parts->caption; parts++)
		write_part(out, parts);
	fputs("</body>\n</html>\n", out);
}

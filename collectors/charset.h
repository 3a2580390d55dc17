/* Bytes of any configured or recognised encoding to UTF-8, strictly and as a stream. Over iconv.
 *
 * Without a configured name: a byte order mark (UTF-8, UTF-16) decides; else ASCII passes until the first other byte,
 * from which up to 64 KiB are held back; if they are valid UTF-8 the rest must be too; else if they are valid GB18030
 * and mostly common Chinese characters, the rest must be too; else the file is refused with a text that says to
 * configure the encoding. Single-byte encodings (ISO-8859-1, WINDOWS-1252, MACINTOSH) fit any bytes and are therefore
 * never guessed. A byte that does not belong, a cut character at the end and NUL are errors that name the offset; there
 * is no replacement character. A byte order mark is not passed on. */
#ifndef SETASIDE_COLLECTORS_CHARSET_H
#define SETASIDE_COLLECTORS_CHARSET_H

#include <stddef.h>

#include "core/err.h"

enum { CHARSET_WINDOW = 65536 };

struct charset;
/* Gets UTF-8 in pieces that never cut a character; lent for the call. Negative (err set) ends the conversion. */
typedef int (*charset_sink_fn)(void *arg, const char *utf8, size_t count, struct err *err);

/* name: as iconv knows it ("GB18030", "MACINTOSH"); NULL or "" = recognise. NULL + ERR_USAGE for an unknown name. */
struct charset *charset_new(const char *name, charset_sink_fn sink, void *arg, struct err *err);
void charset_free(struct charset *charset);
int charset_feed(struct charset *charset, const char *bytes, size_t count, struct err *err);
int charset_finish(struct charset *charset, struct err *err);
/* The encoding in use: "UTF-8", "GB18030", …; "ASCII" while undecided. */
const char *charset_name(const struct charset *charset);

#endif

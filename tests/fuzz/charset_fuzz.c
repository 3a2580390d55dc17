#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/charset.h"
#include "core/buf.h"
#include "core/text.h"

static int keep(void *arg, const char *utf8, size_t count, struct err *err)
{
	(void)err;
	MUST(count > 0 && text_utf8_valid(utf8, count, NULL));
	return buf_add(arg, utf8, count);
}

static int convert(const char *name, const char *bytes, size_t count, size_t step, struct buf *out)
{
	struct err err = ERR_INIT;
	struct charset *charset = charset_new(name, keep, out, &err);
	int answer = 0;

	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = charset_feed(
			charset, bytes + at, count - at < step ? count - at : step, &err);
	if (answer == 0)
		answer = charset_finish(charset, &err);
	MUST((answer == 0) == (err.code == ERR_NONE));
	charset_free(charset);
	return answer;
}

/* The first byte chooses the encoding and the second the cutting: the answer must not depend on the latter. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const char *const names[] = { NULL, "UTF-8", "GB18030", "MACINTOSH", "UTF-16",
		"BIG5", "ISO-2022-CN", "UTF-7" };
	struct buf whole, pieces;

	if (count < 2)
		return 0;
	const char *name = names[bytes[0] % (sizeof(names) / sizeof(*names))];
	buf_init(&whole, 8 << 20);
	buf_init(&pieces, 8 << 20);
	int first = convert(name, (const char *)bytes + 2, count - 2, count, &whole);
	int second = convert(name, (const char *)bytes + 2, count - 2, 1 + bytes[1] % 17, &pieces);
	MUST(first == second);
	MUST(first < 0 || strcmp(whole.data, pieces.data) == 0);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}

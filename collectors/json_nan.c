#include "collectors/json_nan.h"

static const char word[] = "NaN";
enum { WORD_LENGTH = sizeof(word) - 1 };

static void follow_text(struct json_nan *scan, char c)
{
	if (scan->escaped)
		scan->escaped = false;
	else if (scan->quoted && c == '\\')
		scan->escaped = true;
	else if (c == '"')
		scan->quoted = !scan->quoted;
}

int json_nan_finish(struct json_nan *scan, json_nan_fn pass, void *arg, struct err *err)
{
	unsigned held = scan->matched;

	scan->matched = 0;
	return held > 0 ? pass(arg, word, held, err) : 0;
}

/* One byte while letters are held back. 1 = it was taken, 0 = it belongs to what follows. */
static int go_on_matching(
	struct json_nan *scan, char c, json_nan_fn pass, void *arg, struct err *err)
{
	if (c != word[scan->matched])
		return json_nan_finish(scan, pass, arg, err) < 0 ? -1 : 0;
	if (++scan->matched < WORD_LENGTH)
		return 1;
	scan->matched = 0;
	return pass(arg, NULL, 0, err) < 0 ? -1 : 1;
}

int json_nan_feed(struct json_nan *scan, const char *bytes, size_t count, json_nan_fn pass,
	void *arg, struct err *err)
{
	size_t start = 0; /* of what has not been passed on */

	for (size_t i = 0; i < count; i++) {
		if (scan->matched > 0) {
			int taken = go_on_matching(scan, bytes[i], pass, arg, err);
			if (taken < 0)
				return -1;
			start = i + (size_t)taken;
			if (taken)
				continue;
		}
		follow_text(scan, bytes[i]);
		if (scan->quoted || bytes[i] != word[0])
			continue;
		if (i > start && pass(arg, bytes + start, i - start, err) < 0)
			return -1;
		scan->matched = 1;
		start = i + 1;
	}
	return count > start ? pass(arg, bytes + start, count - start, err) : 0;
}

#include "collectors/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/text.h"

enum { CARRY_MAX = 16, OUT_MAX = 65536, MARK_LENGTH = 3 };
static const char utf8_mark[] = "\xEF\xBB\xBF";

enum mode {
	MODE_START, /* first bytes, looking for a byte order mark */
	MODE_ASCII, /* nothing but ASCII so far: passed on at once */
	MODE_HOLD,  /* from the first other byte: kept until the encoding is clear */
	MODE_UTF8,
	MODE_ICONV
};

struct charset {
	enum mode mode;
	char *name;
	charset_sink_fn sink;
	void *arg;
	iconv_t iconv;
	bool iconv_open;
	bool emitted;
	int64_t offset; /* of the first byte not yet converted */
	char carry[CARRY_MAX];
	size_t carried;
	struct buf held; /* MODE_START and MODE_HOLD */
	char *out;       /* OUT_MAX, MODE_ICONV only */
};

static void set_name(struct charset *charset, const char *name)
{
	free(charset->name);
	charset->name = mem_text(name);
}

/* Opens the converter for name. */
static int enter_iconv(struct charset *charset, const char *name, struct err *err)
{
	charset->iconv = iconv_open("UTF-8", name);
	if (charset->iconv == (iconv_t)-1)
		return err_set(err, ERR_USAGE, "encoding \"%s\" is not known to iconv", name);
	charset->iconv_open = true;
	charset->out = mem_alloc(OUT_MAX);
	charset->mode = MODE_ICONV;
	set_name(charset, name);
	return 0;
}

static void enter_utf8(struct charset *charset)
{
	charset->mode = MODE_UTF8;
	set_name(charset, "UTF-8");
}

struct charset *charset_new(const char *name, charset_sink_fn sink, void *arg, struct err *err)
{
	struct charset *charset = mem_zero(1, sizeof(*charset));

	charset->sink = sink;
	charset->arg = arg;
	buf_init(&charset->held, CHARSET_WINDOW + CARRY_MAX);
	set_name(charset, "ASCII");
	if (!name || *name == '\0')
		return charset;
	if (strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0) {
		enter_utf8(charset);
	} else if (enter_iconv(charset, name, err) < 0) {
		charset_free(charset);
		return NULL;
	}
	return charset;
}

void charset_free(struct charset *charset)
{
	if (!charset)
		return;
	if (charset->iconv_open)
		iconv_close(charset->iconv);
	buf_free(&charset->held);
	free(charset->out);
	free(charset->name);
	free(charset);
}

const char *charset_name(const struct charset *charset)
{
	return charset->name;
}

/* The first character of the output may be a byte order mark: it is not data. */
static int emit(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	if (count == 0)
		return 0;
	if (!charset->emitted && count >= MARK_LENGTH &&
		memcmp(bytes, utf8_mark, MARK_LENGTH) == 0) {
		bytes += MARK_LENGTH;
		count -= MARK_LENGTH;
	}
	charset->emitted = true;
	return count > 0 ? charset->sink(charset->arg, bytes, count, err) : 0;
}

static int bad_byte(
	const struct charset *charset, int64_t offset, unsigned char byte, struct err *err)
{
	if (byte == 0)
		return err_set(err, ERR_DATA,
			"bad-encoding: NUL at byte %lld: a binary file, or UTF-16 that has to be "
			"configured",
			(long long)offset);
	return err_set(err, ERR_DATA, "bad-encoding: byte 0x%02X at offset %lld is not %s", byte,
		(long long)offset, charset->name);
}

/* Bytes that a UTF-8 sequence with this lead byte needs; 1 for what cannot lead. */
static size_t sequence_length(unsigned char lead)
{
	return lead >= 0xF0 && lead <= 0xF4   ? 4
	       : lead >= 0xE0 && lead <= 0xEF ? 3
	       : lead >= 0xC2 && lead <= 0xDF ? 2
					      : 1;
}

/* True if the bytes are the beginning of a character whose rest has not come yet. */
static bool is_partial(const char *bytes, size_t count)
{
	if (count == 0 || sequence_length((unsigned char)bytes[0]) <= count)
		return false;
	for (size_t i = 1; i < count; i++) {
		if (((unsigned char)bytes[i] & 0xC0) != 0x80)
			return false;
	}
	return true;
}

/* Completes the carried character from the front of the input. Returns bytes taken, or -1. */
static ssize_t utf8_complete(
	struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	size_t need = sequence_length((unsigned char)charset->carry[0]), taken = 0, bad;

	while (charset->carried < need && taken < count)
		charset->carry[charset->carried++] = bytes[taken++];
	if (!text_utf8_valid(charset->carry, charset->carried, &bad) &&
		!is_partial(charset->carry, charset->carried))
		return bad_byte(charset, charset->offset, (unsigned char)charset->carry[0], err);
	if (charset->carried < need)
		return (ssize_t)taken;
	charset->carried = 0;
	charset->offset += (int64_t)need;
	return emit(charset, charset->carry, need, err) < 0 ? -1 : (ssize_t)taken;
}

static int feed_utf8(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	size_t good = count;

	if (charset->carried > 0) {
		ssize_t taken = utf8_complete(charset, bytes, count, err);
		if (taken < 0)
			return -1;
		bytes += taken;
		count -= (size_t)taken;
		good = count;
	}
	if (text_utf8_valid(bytes, count, &good))
		good = count;
	if (good < count) {
		if (!is_partial(bytes + good, count - good)) {
			if (emit(charset, bytes, good, err) < 0)
				return -1;
			return bad_byte(charset, charset->offset + (int64_t)good,
				(unsigned char)bytes[good], err);
		}
		charset->carried = count - good;
		memcpy(charset->carry, bytes + good, charset->carried);
	}
	charset->offset += (int64_t)good;
	return emit(charset, bytes, good, err);
}

/* Converts as much as possible of in; what is left is an incomplete character. */
static int convert(struct charset *charset, char **in, size_t *left, struct err *err)
{
	for (;;) {
		char *out = charset->out;
		size_t room = OUT_MAX, before = *left;
		size_t answer = iconv(charset->iconv, in, left, &out, &room);
		int cause = answer == (size_t)-1 ? errno : 0;
		size_t made = (size_t)(out - charset->out);
		charset->offset += (int64_t)(before - *left);
		const char *nul = memchr(charset->out, 0, made);
		if (emit(charset, charset->out, nul ? (size_t)(nul - charset->out) : made, err) < 0)
			return -1;
		if (nul)
			return bad_byte(charset, charset->offset, 0, err);
		if (cause == EILSEQ)
			return bad_byte(charset, charset->offset, (unsigned char)**in, err);
		if (cause != E2BIG)
			return 0;
	}
}

static int feed_iconv(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	char *in;
	size_t left;

	while (charset->carried > 0 && count > 0) {
		charset->carry[charset->carried++] = *bytes++;
		count--;
		in = charset->carry;
		left = charset->carried;
		if (convert(charset, &in, &left, err) < 0)
			return -1;
		memmove(charset->carry, in, left);
		charset->carried = left;
		if (charset->carried == CARRY_MAX)
			return bad_byte(
				charset, charset->offset, (unsigned char)charset->carry[0], err);
	}
	if (count == 0)
		return 0;
	in = (char *)(uintptr_t)
		bytes; /* iconv's signature is older than const; it does not write there */
	left = count;
	if (convert(charset, &in, &left, err) < 0)
		return -1;
	if (left >= CARRY_MAX)
		return bad_byte(charset, charset->offset, (unsigned char)*in, err);
	memcpy(charset->carry, in, left);
	charset->carried = left;
	return 0;
}

/* Whether bytes are GB18030 and look like Chinese: at least half of what is not ASCII lies in the rows of GB 2312. Text
 * in a single-byte encoding that happens to be valid never does, its letters stand beside ASCII. */
static bool looks_gb18030(const char *bytes, size_t count)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + count;
	size_t common = 0, total = 0;

	while (at < end) {
		if (*at < 0x80) {
			at++;
			continue;
		}
		total++;
		if (end - at < 2)
			break;
		if (at[1] >= 0x30 && at[1] <= 0x39) {
			at += end - at < 4 ? end - at : 4;
			continue;
		}
		common += at[0] >= 0xA1 && at[0] <= 0xF7 && at[1] >= 0xA1 && at[1] != 0xFF;
		at += 2;
	}
	return common * 2 >= total;
}

static bool valid_gb18030(const char *bytes, size_t count)
{
	char room[4096], *in = (char *)(uintptr_t)bytes;
	iconv_t converter = iconv_open("UTF-8", "GB18030");
	bool valid = converter != (iconv_t)-1;

	while (valid && count > 0) {
		char *out = room;
		size_t space = sizeof(room);
		if (iconv(converter, &in, &count, &out, &space) != (size_t)-1 || errno == EINVAL)
			break;
		valid = errno == E2BIG;
	}
	if (converter != (iconv_t)-1)
		iconv_close(converter);
	return valid;
}

/* The held bytes decide. */
static int decide(struct charset *charset, struct err *err)
{
	const char *bytes = charset->held.data;
	size_t count = charset->held.used, bad;

	if (text_utf8_valid(bytes, count, &bad) || is_partial(bytes + bad, count - bad)) {
		enter_utf8(charset);
		int answer = feed_utf8(charset, bytes, count, err);
		buf_free(&charset->held);
		return answer;
	}
	if (bytes[bad] == '\0')
		return bad_byte(charset, charset->offset + (int64_t)bad, 0, err);
	if (!valid_gb18030(bytes, count) || !looks_gb18030(bytes, count))
		return err_set(err, ERR_DATA,
			"bad-encoding: byte 0x%02X at offset %lld is neither UTF-8 nor GB18030; "
			"configure the encoding",
			(unsigned char)bytes[bad], (long long)(charset->offset + (int64_t)bad));
	if (enter_iconv(charset, "GB18030", err) < 0)
		return -1;
	int answer = feed_iconv(charset, bytes, count, err);
	buf_free(&charset->held);
	return answer;
}

static int feed_hold(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	while (count > 0 && charset->mode == MODE_HOLD) {
		size_t room = CHARSET_WINDOW - charset->held.used;
		size_t take = count < room ? count : room;
		if (buf_add(&charset->held, bytes, take) < 0)
			return err_set(err, ERR_LIMIT, "bad-encoding: the window is full");
		bytes += take;
		count -= take;
		if (charset->held.used == CHARSET_WINDOW && decide(charset, err) < 0)
			return -1;
	}
	return count > 0 ? charset_feed(charset, bytes, count, err) : 0;
}

static int feed_ascii(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	size_t plain = 0;

	while (plain < count && bytes[plain] > 0)
		plain++;
	if (emit(charset, bytes, plain, err) < 0)
		return -1;
	charset->offset += (int64_t)plain;
	if (plain == count)
		return 0;
	if (bytes[plain] == '\0')
		return bad_byte(charset, charset->offset, 0, err);
	charset->mode = MODE_HOLD;
	return feed_hold(charset, bytes + plain, count - plain, err);
}

/* Looks for a mark in the first bytes, then hands them to the mode that follows. */
static int start(struct charset *charset, struct err *err)
{
	const unsigned char *bytes = (const unsigned char *)charset->held.data;
	size_t count = charset->held.used;
	char first[MARK_LENGTH + 1];

	charset->mode = MODE_ASCII;
	if (count >= MARK_LENGTH && memcmp(bytes, utf8_mark, MARK_LENGTH) == 0)
		enter_utf8(charset);
	else if (count >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) ||
				       (bytes[0] == 0xFE && bytes[1] == 0xFF))) {
		if (enter_iconv(charset, bytes[0] == 0xFF ? "UTF-16LE" : "UTF-16BE", err) < 0)
			return -1;
	}
	memcpy(first, bytes, count);
	buf_reset(&charset->held);
	return count > 0 ? charset_feed(charset, first, count, err) : 0;
}

int charset_feed(struct charset *charset, const char *bytes, size_t count, struct err *err)
{
	if (charset->mode == MODE_START) {
		size_t need = MARK_LENGTH - charset->held.used;
		size_t take = count < need ? count : need;
		if (buf_add(&charset->held, bytes, take) < 0)
			return err_set(err, ERR_LIMIT, "bad-encoding: the window is full");
		bytes += take;
		count -= take;
		if (charset->held.used == MARK_LENGTH && start(charset, err) < 0)
			return -1;
		if (count == 0)
			return 0;
	}
	switch (charset->mode) {
	case MODE_ASCII:
		return feed_ascii(charset, bytes, count, err);
	case MODE_HOLD:
		return feed_hold(charset, bytes, count, err);
	case MODE_UTF8:
		return feed_utf8(charset, bytes, count, err);
	case MODE_ICONV:
		return feed_iconv(charset, bytes, count, err);
	case MODE_START:
		break;
	}
	BUG("charset is in mode %d", charset->mode);
}

int charset_finish(struct charset *charset, struct err *err)
{
	if (charset->mode == MODE_START && start(charset, err) < 0)
		return -1;
	if (charset->mode == MODE_HOLD && decide(charset, err) < 0)
		return -1;
	if (charset->carried > 0)
		return err_set(err, ERR_DATA,
			"bad-encoding: the file ends inside a character at byte %lld (%s)",
			(long long)charset->offset, charset->name);
	return 0;
}

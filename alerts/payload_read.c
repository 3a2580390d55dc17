#include "alerts/payload_read.h"

#include "core/mem.h"

static void complain(struct payload_reader *r, const char *member, const char *wanted)
{
	err_set(r->err, ERR_DATA, "%s.%s is not %s", r->where, member, wanted);
}

static json_t *member_of(
	struct payload_reader *r, const char *member, int must, json_type type, const char *wanted)
{
	json_t *value = json_object_get(r->object, member);

	if (!value || json_is_null(value)) {
		if (must)
			err_set(r->err, ERR_DATA, "%s.%s is missing", r->where, member);
		return NULL;
	}
	if (json_typeof(value) != type) {
		complain(r, member, wanted);
		return NULL;
	}
	return value;
}

const char *payload_read_text(struct payload_reader *r, const char *member, int must)
{
	json_t *value = member_of(r, member, must, JSON_STRING, "a text");

	return value ? json_string_value(value) : "";
}

int64_t payload_read_int(struct payload_reader *r, const char *member, int must, int64_t absent)
{
	json_t *value = member_of(r, member, must, JSON_INTEGER, "an integer");

	return value ? json_integer_value(value) : absent;
}

bool payload_read_bool(struct payload_reader *r, const char *member)
{
	json_t *value = json_object_get(r->object, member);

	if (!value || json_is_null(value))
		return false;
	if (!json_is_boolean(value))
		complain(r, member, "true or false");
	return json_is_true(value);
}

day_t payload_read_day(struct payload_reader *r, const char *member)
{
	const char *text = payload_read_text(r, member, PAYLOAD_MUST);
	day_t day = DAY_NONE;

	if (*text && !day_parse(text, strlen(text), &day))
		complain(r, member, "a date YYYY-MM-DD");
	return day;
}

json_t *payload_read_object(struct payload_reader *r, const char *member, int must)
{
	return member_of(r, member, must, JSON_OBJECT, "an object");
}

json_t *payload_read_array(struct payload_reader *r, const char *member, size_t max, int must)
{
	json_t *value = member_of(r, member, must, JSON_ARRAY, "a list");

	if (value && json_array_size(value) > max) {
		err_set(r->err, ERR_DATA, "%s.%s has %zu elements, at most %zu are allowed",
			r->where, member, json_array_size(value), max);
		return NULL;
	}
	return value;
}

const char **payload_read_texts(struct payload_reader *r, const char *member, int must)
{
	json_t *list = payload_read_array(r, member, 64, must);
	size_t count = list ? json_array_size(list) : 0;
	const char **texts = mem_zero(count + 1, sizeof(*texts));

	for (size_t i = 0; i < count; i++) {
		texts[i] = json_string_value(json_array_get(list, i));
		if (!texts[i]) {
			complain(r, member, "a list of texts");
			break;
		}
	}
	return texts;
}

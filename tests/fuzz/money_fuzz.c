#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/value_money.h"

static void read_once(const char *text, size_t count, const struct value_money_rule *rule)
{
	char room[MONEY_TEXT_MAX];
	struct value_money value, again;

	value_money_read(text, count, rule, &value);
	switch (value.state) {
	case VALUE_GIVEN:
		MUST(value.code[0] == '\0' || strcmp(value.code, "unit-suspect") == 0);
		MUST(rule->negative_ok || value.fen >= 0);
		money_text(value.fen, room);
		value_money_read(room, strlen(room),
			&(struct value_money_rule){
				.column_unit = VALUE_UNIT_YUAN, .negative_ok = true },
			&again);
		MUST(again.state == VALUE_GIVEN && again.fen == value.fen);
		break;
	case VALUE_NULL:
	case VALUE_REFUSED:
		MUST(value.fen == 0);
		MUST(strcmp(value_reason(value.code), value.code) != 0);
		break;
	}
}

/* The first byte chooses the rule. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	if (count == 0)
		return 0;
	struct value_money_rule rule = { .column_unit = (bytes[0] & 15) - 1,
		.negative_ok = bytes[0] & 16,
		.number = bytes[0] & 32,
		.decimal_comma = bytes[0] & 64,
		.currency = bytes[0] & 128 ? "JPY" : NULL };
	read_once((const char *)bytes + 1, count - 1, &rule);
	return 0;
}

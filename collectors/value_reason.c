/* The sentences that stand in quarantine beside a refused value. */
#include "collectors/value.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *code;
	const char *reason;
} reasons[] = {
	{ "empty", "nothing is stated" },
	{ "not-stated", "the cell says that the value is not stated" },
	{ "not-applicable", "the cell says that there is none" },
	{ "text-date", "this is text and not a date" },
	{ "sentinel", "this date is what programs write when they have none" },
	{ "open", "no end" },
	{ "value-missing", "the column is required and the cell is empty" },
	{ "amount-unit-unknown", "neither the cell nor the header nor the mapping names the unit" },
	{ "amount-not-number", "this is not an amount" },
	{ "amount-grouping", "digit groups or decimal signs have no single reading" },
	{ "amount-too-precise", "there are digits below one fen" },
	{ "amount-scientific", "scientific notation in a text cell: digits were lost on display" },
	{ "amount-range", "this is a range and not an amount" },
	{ "amount-multiple", "there is more than one amount in the cell" },
	{ "amount-is-rate", "this is a rate and not an amount" },
	{ "amount-negative", "the amount is below zero where none may be" },
	{ "amount-conflict", "the amount in words and the amount in figures differ" },
	{ "amount-out-of-range", "the amount is too large" },
	{ "currency", "the cell names a currency that the mapping does not" },
	{ "currency-unknown", "this is not a currency code" },
	{ "unit-suspect", "the amount is so large that the unit may be wrong" },
	{ "date-order-unknown",
		"day and month could be exchanged: the mapping has to say order=dmy or order=mdy" },
	{ "date-impossible", "there is no such day or time" },
	{ "date-two-digit-year", "the year has two digits" },
	{ "date-month-only", "a month is stated where a day is needed" },
	{ "date-year-only", "a year is stated where a day is needed" },
	{ "date-range", "this is a period: the mapping has to say pick=start or pick=end" },
	{ "date-out-of-range", "the year is outside 1990 to 2100" },
	{ "date-not-iso", "the date is not written YYYY-MM-DD" },
	{ "month-not-read", "this is not a month" },
	{ "share-not-number", "this is not a share in percent" },
	{ "share-too-precise", "the share is finer than one millionth" },
	{ "share-out-of-range", "the share is too large" },
	{ "share-negative", "the share is below zero" },
	{ "share-unit-unknown",
		"neither the cell nor the header nor the mapping says percent or fraction" },
	{ "int-not-number", "this is not a whole number" },
	{ "int-out-of-range", "the number is too large" },
	{ "int-negative", "the number is below zero" },
	{ "bool-unknown", "this is neither yes nor no" },
	{ "word-unknown", "this word is not known in this column: the mapping may translate it "
			  "with values=" },
	{ "size-code-unmapped",
		"a size code without its key: the mapping has to translate it with values=" },
	{ "size-not-a-class", "the word names a group of sizes or no size at all" },
	{ "reserve-not-understood", "the sentence is not understood as a form of reservation" },
	{ "reserve-form-unstated", "reserved, but the form is not stated" },
	{ "code-too-long", "the code is longer than 256 bytes" },
	{ "code-digits-lost",
		"a number with more digits than a spreadsheet keeps, or in scientific notation" },
	{ "uscc-length", "a unified social credit code has 18 characters" },
	{ "uscc-alphabet", "there are characters that a unified social credit code does not have" },
	{ "uscc-division", "the division in the unified social credit code does not exist" },
	{ "uscc-outer-check", "the last character of the unified social credit code is wrong" },
	{ "uscc-inner-check", "the organisation code in the unified social credit code is wrong" },
	{ "text-too-long", "the text is too long" },
};

const char *value_reason(const char *code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (strcmp(reasons[i].code, code) == 0)
			return reasons[i].reason;
	}
	return code;
}

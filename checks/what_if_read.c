/* The file of a what-if: JSON, read strictly. Amounts and percentages are texts or whole numbers, so
 * no digit passes through floating point. */
#include "checks/what_if.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "checks/words.h"
#include "core/mem.h"
#include "core/money.h"

const char what_if_format[] =
	"FILE (\"-\" = standard input) is JSON:\n"
	"  {\"changes\": [CHANGE, ...]}\n"
	"A CHANGE of a budget row has \"do\", \"unit_code\", \"project_code\", \"package_no\" and\n"
	"  \"do\": \"reserve\"   \"form\": whole, package, consortium, subcontract (whole);\n"
	"                    \"for\": sme, small_micro (\"\"); \"share_percent\" for the last two "
	"forms\n"
	"  \"do\": \"name\"      the reservation is for small and micro enterprises\n"
	"  \"do\": \"share\"     \"share_percent\": required share of a consortium or subcontract\n"
	"  \"do\": \"exempt\"    \"code\": \"1\" to \"5\", \"reason\", \"approver\", \"on\" (the "
	"date asked for)\n"
	"  \"do\": \"withdraw\"  \"on\": the reservation ends on that day\n"
	"  \"do\": \"budget\"    \"budget_yuan\"\n"
	"A CHANGE of a contract has \"do\": \"contract-share\", \"contract_no\", "
	"\"share_percent\",\n"
	"\"small_micro_share_percent\". Amounts and percentages are texts (\"12.5\") or whole "
	"numbers.\n"
	"The ledger is not touched.\n";

static const char *const kind_names[CHANGE_KINDS] = { "reserve", "name", "share", "exempt",
	"withdraw", "budget", "contract-share" };

const char *change_kind_name(enum change_kind kind)
{
	return kind_names[kind];
}

/* One change being read: the first fault is kept. */
struct reading {
	const json_t *object;
	struct facts *texts;
	size_t number; /* from 1 */
	size_t used;   /* members that were looked at and there */
	struct err *err;
	bool failed;
};

static void fault(struct reading *r, const char *member, const char *what)
{
	if (!r->failed)
		err_set(r->err, ERR_DATA, "change %zu: \"%s\" %s", r->number, member, what);
	r->failed = true;
}

static const char *text_of(struct reading *r, const char *member, bool required)
{
	const json_t *value = json_object_get(r->object, member);

	if (!value) {
		if (required)
			fault(r, member, "is missing");
		return "";
	}
	r->used++;
	if (!json_is_string(value))
		fault(r, member, "must be a text");
	return facts_text(r->texts, json_string_value(value));
}

/* The digits of a text or whole number; NULL when the member is not there or is neither. */
static const char *digits_of(struct reading *r, const char *member, char room[32], bool required)
{
	const json_t *value = json_object_get(r->object, member);

	if (json_is_integer(value)) {
		r->used++;
		snprintf(room, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return room;
	}
	if (value && !json_is_string(value)) {
		fault(r, member, "must be a text (\"12.5\") or a whole number");
		return NULL;
	}
	value = json_object_get(r->object, member);
	return value || required ? text_of(r, member, required) : NULL;
}

static int64_t percent_of(struct reading *r, const char *member, bool required)
{
	char room[32];
	const char *digits = digits_of(r, member, room, required);
	int64_t ppm = NUMBER_NONE;

	if (digits && *digits &&
		(money_parse_percent(digits, strlen(digits), &ppm) != MONEY_PARSE_OK || ppm < 0))
		fault(r, member, "is not a percentage with at most four decimals");
	return ppm;
}

static fen_t yuan_of(struct reading *r, const char *member)
{
	char room[32];
	const char *digits = digits_of(r, member, room, true);
	fen_t fen = 0;

	if (digits && (money_parse(digits, strlen(digits), &fen) != MONEY_PARSE_OK || fen < 0))
		fault(r, member, "is not an amount of yuan with at most two decimals");
	return fen;
}

static day_t day_of(struct reading *r, const char *member)
{
	const char *text = text_of(r, member, false);
	day_t day = DAY_NONE;

	if (*text && !day_parse(text, strlen(text), &day))
		fault(r, member, "is not a date YYYY-MM-DD");
	return day;
}

static void read_reserve(struct reading *r, struct change *change)
{
	const char *form = text_of(r, "form", false);
	const char *group = text_of(r, "for", false);

	change->form = *form ? words_reserve_form(form) : RESERVE_WHOLE;
	if (change->form == RESERVE_NONE || change->form == RESERVE_UNSTATED)
		fault(r, "form", "is none of whole, package, consortium, subcontract");
	change->reserved_for = words_reserved_for(group);
	if (*group && change->reserved_for == RESERVED_FOR_BLANK)
		fault(r, "for", "is neither sme nor small_micro");
	change->share_ppm = percent_of(r, "share_percent",
		change->form == RESERVE_CONSORTIUM || change->form == RESERVE_SUBCONTRACT);
}

static void read_exemption(struct reading *r, struct change *change)
{
	change->exemption_code = text_of(r, "code", true);
	change->exemption_reason = text_of(r, "reason", true);
	change->exemption_approver = text_of(r, "approver", true);
	change->on = day_of(r, "on");
}

static void read_subject(struct reading *r, struct change *change)
{
	if (change->kind == CHANGE_CONTRACT_SHARE) {
		change->contract_no = text_of(r, "contract_no", true);
		return;
	}
	change->unit_code = text_of(r, "unit_code", true);
	change->project_code = text_of(r, "project_code", true);
	change->package_no = text_of(r, "package_no", false);
}

static void read_rest(struct reading *r, struct change *change)
{
	switch (change->kind) {
	case CHANGE_RESERVE:
		read_reserve(r, change);
		break;
	case CHANGE_EXEMPT:
		read_exemption(r, change);
		break;
	case CHANGE_WITHDRAW:
		change->on = day_of(r, "on");
		break;
	case CHANGE_BUDGET:
		change->budget_fen = yuan_of(r, "budget_yuan");
		break;
	case CHANGE_SHARE:
	case CHANGE_CONTRACT_SHARE:
		change->share_ppm = percent_of(r, "share_percent", true);
		if (change->kind == CHANGE_CONTRACT_SHARE)
			change->small_micro_share_ppm =
				percent_of(r, "small_micro_share_percent", false);
		break;
	case CHANGE_NAME:
	case CHANGE_KINDS:
	default:
		break;
	}
}

static enum change_kind kind_of(struct reading *r)
{
	const char *word = text_of(r, "do", true);

	for (int kind = 0; kind < CHANGE_KINDS; kind++)
		if (strcmp(kind_names[kind], word) == 0)
			return (enum change_kind)kind;
	fault(r, "do", "is none of reserve, name, share, exempt, withdraw, budget, contract-share");
	return CHANGE_KINDS;
}

static int read_change(
	struct what_if *what_if, const json_t *object, size_t number, struct err *err)
{
	struct reading r = { object, what_if->texts, number, 0, err, false };
	struct change change = { .unit_code = "",
		.project_code = "",
		.package_no = "",
		.contract_no = "",
		.share_ppm = NUMBER_NONE,
		.small_micro_share_ppm = NUMBER_NONE,
		.exemption_code = "",
		.exemption_reason = "",
		.exemption_approver = "",
		.on = DAY_NONE };

	if (!json_is_object(object))
		return err_set(err, ERR_DATA, "change %zu is not an object", number);
	change.kind = kind_of(&r);
	if (!r.failed)
		read_subject(&r, &change);
	if (!r.failed)
		read_rest(&r, &change);
	if (!r.failed && r.used != json_object_size(object))
		fault(&r, change_kind_name(change.kind), "has a member that it does not know");
	if (r.failed)
		return -1;
	MEM_GROW(what_if->items, what_if->count, what_if->capacity);
	what_if->items[what_if->count++] = change;
	return 0;
}

int what_if_read(const char *json, size_t length, struct what_if *ret, struct err *err)
{
	json_error_t error;
	json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error), *object;
	const json_t *changes = json_object_get(root, "changes");
	int result = 0;
	size_t i;

	*ret = (struct what_if){ .texts = facts_new() };
	if (!root)
		return err_set(err, ERR_DATA, "line %d: %s", error.line, error.text);
	if (!json_is_array(changes) || json_object_size(root) != 1)
		result = err_set(err, ERR_DATA, "the file must be {\"changes\": [...]}");
	else if (json_array_size(changes) > WHAT_IF_CHANGES_MAX)
		result = err_set(err, ERR_LIMIT, "more than %d changes", WHAT_IF_CHANGES_MAX);
	else
		json_array_foreach(changes, i, object)
		{
			result = read_change(ret, object, i + 1, err);
			if (result < 0)
				break;
		}
	json_decref(root);
	return result;
}

void what_if_free(struct what_if *what_if)
{
	free(what_if->items);
	facts_free(what_if->texts);
	*what_if = (struct what_if){ 0 };
}

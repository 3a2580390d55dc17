/* Entries of the registers that bear on a row: who approved what, on which article it rests. */
#include "checks/explain_parts.h"

#include "checks/explain_reason.h"

static const char *rule_of(const struct register_entry *entry)
{
	switch (entry->name) {
	case REGISTER_EXEMPTION:
		return "Q-8";
	case REGISTER_DEEMED:
		return "Q-13";
	case REGISTER_SIZE:
		return "Q-14";
	case REGISTER_CORRECTION:
	case REGISTER_UNKNOWN:
	default:
		return "Q-7";
	}
}

static void write_entry(struct json_out *out, const struct register_entry *entry)
{
	json_object_begin(out, NULL);
	json_text(out, "entry_no", entry->entry_no);
	json_text(out, "register", register_word(entry->name));
	json_text(out, "field", entry->field);
	json_text(out, "value", entry->value);
	json_text(out, "approver", entry->approver);
	json_text(out, "reason", entry->reason);
	json_text(out, "evidence", entry->evidence);
	json_day(out, "valid_from", entry->valid_from);
	json_day(out, "valid_to", entry->valid_to);
	json_text(out, "rule", rule_of(entry));
	json_text(out, "article", rule_article(rule_of(entry)));
	json_object_end(out);
}

/* No member at all where no entry bears on the row. */
static void begin(struct json_out *out, bool *begun)
{
	if (!*begun)
		json_array_begin(out, "register");
	*begun = true;
}

bool explain_item_entries(const struct explaining *e, const struct budget_item_fact *item,
	const struct plan_part *part)
{
	const struct register_entry *entry = NULL;
	bool begun = false, corrected = false;

	if (part->exempt && part->entry) {
		begin(e->out, &begun);
		write_entry(e->out, part->entry);
	}
	while ((entry = register_correction_of_item(e->law->registers, item, entry))) {
		begin(e->out, &begun);
		write_entry(e->out, entry);
		corrected = true;
	}
	if (begun)
		json_array_end(e->out);
	return corrected;
}

bool explain_contract_entries(const struct explaining *e, const struct contract_fact *contract,
	const struct award_part *part)
{
	const struct register_entry *entry = NULL;
	bool begun = false, corrected = false;

	if (part->deemed || part->size)
		begin(e->out, &begun);
	if (part->deemed)
		write_entry(e->out, part->deemed);
	if (part->size)
		write_entry(e->out, part->size);
	while ((entry = register_correction_of_contract(e->law->registers, contract, entry))) {
		begin(e->out, &begun);
		write_entry(e->out, entry);
		corrected = true;
	}
	if (begun)
		json_array_end(e->out);
	return corrected;
}

#include "collectors/ocds_own.h"

#include <string.h>

#include "core/err.h"

/* What the rows below one contract share. */
struct contract {
	char no[OCDS_ID_MAX];
	const struct json_node *node;
	const struct json_node *suppliers; /* of its award */
};

static const struct json_node *suppliers_of(
	const struct ocds_release *release, const struct json_node *contract)
{
	const struct json_node *awards = json_get(release->node, "awards");
	const char *id = json_text_at(contract, "awardID");

	if (json_get(contract, "suppliers"))
		return json_get(contract, "suppliers");
	for (const struct json_node *award = awards ? awards->first : NULL; award;
		award = award->next)
		if (id[0] && strcmp(json_text_at(award, "id"), id) == 0)
			return json_get(award, "suppliers");
	/* The only award needs no reference (seen in OCDS 1.0). */
	return !id[0] && awards && awards->count == 1 ? json_get(awards->first, "suppliers") : NULL;
}

static void set_status(struct ocds_release *release, const struct json_node *contract)
{
	const char *status = json_text_at(contract, "status");
	day_t day = DAY_NONE;

	if (strcmp(status, "cancelled") == 0) {
		ocds_row_text(&release->row, "status", "cancelled");
		if (!ocds_day(json_get(release->node, "date"), &day))
			ocds_row_day(&release->row, "cancelled_on", day);
	} else if (strcmp(status, "active") == 0 || strcmp(status, "terminated") == 0) {
		/* OCDS calls a contract that has been carried out "terminated". */
		ocds_row_text(&release->row, "status", "active");
	}
}

static int read_contract_row(
	struct ocds_release *release, const struct contract *contract, struct err *err)
{
	const struct json_node *node = contract->node, *signed_on = json_get(node, "dateSigned");
	struct kind_row *row = &release->row;
	struct ocds_org org = { .name = "", .scale = "" };
	const char *currency = "", *code = NULL;
	bool given = false;
	fen_t fen = 0;
	day_t day = DAY_NONE;

	int wanted = ocds_group(release, "contract", contract->no, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_begin(row, "contract", release->place);
	ocds_row_text(row, "contract_no", contract->no);
	if ((code = ocds_money(json_get(node, "value"), false, &given, &fen, &currency)) || !given)
		return ocds_refuse(release, "contracts.value.amount",
			json_path(node, "value.amount"), code ? code : "value-missing", err);
	if ((code = ocds_day(signed_on, &day)))
		return ocds_refuse(release, "contracts.dateSigned", signed_on, code, err);
	if (ocds_next_ref(contract->suppliers, NULL))
		ocds_org_read(release, ocds_next_ref(contract->suppliers, NULL), true, &org);
	const char *size = ocds_size_class(org.scale);
	ocds_row_text(row, "project_code", release->project_code);
	ocds_row_text(row, "unit_code", release->buyer_code);
	ocds_row_text(row, "buyer_name", release->buyer_name);
	ocds_row_text(row, "supplier_uscc", org.code);
	ocds_row_text(row, "supplier_name", org.name);
	ocds_row_text(row, "declared_size", size[0] && size[1] == '\0' ? size : "");
	ocds_row_day(row, "signed_on", day);
	ocds_row_number(row, "amount_fen", fen);
	ocds_row_text(row, "currency", currency);
	set_status(release, node);
	if (ocds_emit(release, err))
		return -1;
	return ocds_read_parties_of(release, "contract", contract->no, contract->suppliers, err);
}

/* A payment milestone with a value is an instalment to be paid. */
static int read_obligation(struct ocds_release *release, const struct contract *contract,
	const struct json_node *milestone, struct err *err)
{
	const struct json_node *due = json_get(milestone, "dueDate");
	struct kind_row *row = &release->row;
	char id[OCDS_ID_MAX];
	const char *currency = "", *code = NULL;
	bool given = false;
	fen_t fen = 0;
	day_t day = DAY_NONE;

	ocds_row_begin(row, "obligation", release->place);
	code = ocds_money(json_get(milestone, "value"), false, &given, &fen, &currency);
	if (!code && !given)
		return 0;
	if (snprintf(id, sizeof(id), "%s/%s", contract->no, json_text_at(milestone, "id")) >=
			(int)sizeof(id) ||
		!json_text_at(milestone, "id")[0])
		return ocds_refuse(
			release, "milestones.id", json_get(milestone, "id"), "value-missing", err);
	int wanted = ocds_group(release, "obligation", id, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_text(row, "obligation_no", id);
	if (code)
		return ocds_refuse(release, "milestones.value.amount",
			json_path(milestone, "value.amount"), code, err);
	if ((code = ocds_day(due, &day)))
		return ocds_refuse(release, "milestones.dueDate", due, code, err);
	ocds_row_text(row, "contract_no", contract->no);
	ocds_row_text(row, "kind", "progress");
	ocds_row_number(row, "amount_fen", fen);
	ocds_row_text(row, "currency", currency);
	ocds_row_day(row, "contract_due_on", day);
	return ocds_emit(release, err);
}

static int read_event(struct ocds_release *release, const struct contract *contract,
	const struct json_node *milestone, const char *kind, int seq, struct err *err)
{
	const struct json_node *met = json_get(milestone, "dateMet");
	struct kind_row *row = &release->row;
	const char *code = NULL;
	day_t day = DAY_NONE;

	ocds_row_begin(row, "event", release->place);
	ocds_row_text(row, "contract_no", contract->no);
	ocds_row_number(row, "instalment", 1);
	ocds_row_text(row, "kind", kind);
	ocds_row_number(row, "seq", seq);
	if ((code = ocds_day(met, &day)))
		return ocds_refuse(release, "milestones.dateMet", met, code, err);
	if (day == DAY_NONE)
		return 0;
	ocds_row_day(row, "happened_on", day);
	return ocds_emit(release, err);
}

static int read_events(struct ocds_release *release, const struct contract *contract,
	const struct json_node *milestones, struct err *err)
{
	int deliveries = 0, acceptances = 0;

	for (const struct json_node *one = milestones->first; one; one = one->next) {
		const char *type = json_text_at(one, "type");
		int status = 0;
		if (strcmp(type, "delivery") == 0)
			status = read_event(release, contract, one, "delivery", ++deliveries, err);
		else if (strcmp(type, "assessment") == 0)
			status = read_event(
				release, contract, one, "acceptance", ++acceptances, err);
		if (status)
			return -1;
	}
	return 0;
}

/* Milestones stand under the contract or under its implementation; the latter are the later word. */
static int read_milestones(
	struct ocds_release *release, const struct contract *contract, struct err *err)
{
	const struct json_node *milestones = json_path(contract->node, "implementation.milestones");

	if (!milestones || milestones->count == 0)
		milestones = json_get(contract->node, "milestones");
	if (!milestones)
		return 0;
	int wanted = ocds_group(release, "events", contract->no, err);
	if (wanted < 0 || (wanted && read_events(release, contract, milestones, err)))
		return -1;
	for (const struct json_node *one = milestones->first; one; one = one->next)
		if (strcmp(json_text_at(one, "type"), "payment") == 0 &&
			read_obligation(release, contract, one, err))
			return -1;
	return 0;
}

static const struct json_node *either(
	const struct json_node *node, const char *now, const char *before)
{
	const struct json_node *found = json_get(node, now);

	return found ? found : json_get(node, before);
}

static int read_payment(struct ocds_release *release, const struct contract *contract,
	const struct json_node *transaction, struct err *err)
{
	const struct json_node *value = either(transaction, "value", "amount");
	const struct json_node *date = json_get(transaction, "date");
	const char *milestone =
		json_text_at(json_get(transaction, "relatedImplementationMilestone"), "id");
	struct kind_row *row = &release->row;
	struct ocds_org payer, payee;
	char id[OCDS_ID_MAX], obligation[OCDS_ID_MAX] = "";
	const char *currency = "", *code = NULL;
	bool given = false;
	fen_t fen = 0;
	day_t day = DAY_NONE;

	ocds_row_begin(row, "payment", release->place);
	if (snprintf(id, sizeof(id), "%s/%s", contract->no, json_text_at(transaction, "id")) >=
			(int)sizeof(id) ||
		!json_text_at(transaction, "id")[0])
		return ocds_refuse(release, "transactions.id", json_get(transaction, "id"),
			"value-missing", err);
	int wanted = ocds_group(release, "payment", id, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_text(row, "voucher_no", id);
	if ((code = ocds_money(value, true, &given, &fen, &currency)) || !given)
		return ocds_refuse(release, "transactions.value.amount", json_get(value, "amount"),
			code ? code : "value-missing", err);
	if ((code = ocds_day(date, &day)))
		return ocds_refuse(release, "transactions.date", date, code, err);
	ocds_org_read(release, either(transaction, "payer", "providerOrganization"), false, &payer);
	ocds_org_read(release, either(transaction, "payee", "receiverOrganization"), true, &payee);
	if (milestone[0] && snprintf(obligation, sizeof(obligation), "%s/%s", contract->no,
				    milestone) >= (int)sizeof(obligation))
		obligation[0] = '\0';
	ocds_row_text(row, "contract_no", contract->no);
	ocds_row_text(row, "obligation_no", obligation);
	ocds_row_text(row, "unit_code", payer.code[0] ? payer.code : release->buyer_code);
	ocds_row_text(row, "payee_uscc", payee.code);
	ocds_row_text(row, "payee_name", payee.name);
	ocds_row_number(row, "amount_fen", fen);
	ocds_row_text(row, "currency", currency);
	ocds_row_day(row, "cleared_on", day);
	return ocds_emit(release, err);
}

static int read_contract(
	struct ocds_release *release, const struct json_node *node, struct err *err)
{
	const struct json_node *transactions = json_path(node, "implementation.transactions");
	struct contract contract = { .node = node, .suppliers = suppliers_of(release, node) };

	ocds_row_begin(&release->row, "contract", release->place);
	if (!ocds_id(release, json_text_at(node, "id"), contract.no))
		return ocds_refuse(
			release, "contracts.id", json_get(node, "id"), "value-missing", err);
	if (read_contract_row(release, &contract, err) || read_milestones(release, &contract, err))
		return -1;
	for (const struct json_node *one = transactions ? transactions->first : NULL; one;
		one = one->next)
		if (read_payment(release, &contract, one, err))
			return -1;
	return 0;
}

int ocds_read_contracts(struct ocds_release *release, struct err *err)
{
	const struct json_node *contracts = json_get(release->node, "contracts");

	for (const struct json_node *node = contracts ? contracts->first : NULL; node;
		node = node->next)
		if (read_contract(release, node, err))
			return -1;
	return 0;
}

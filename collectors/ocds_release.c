#include "collectors/ocds_release.h"

#include <string.h>

#include "collectors/ocds_own.h"
#include "core/mem.h"

struct ocds_release *ocds_release_new(const struct ocds_sink *sink)
{
	struct ocds_release *release = mem_zero(1, sizeof(*release));

	release->sink = *sink;
	return release;
}

void ocds_release_free(struct ocds_release *release)
{
	if (!release)
		return;
	free(release->parties);
	free(release);
}

/* "FIRST" MARK "SECOND"; false if it does not fit. Called several times a row: no formatted printing. */
static bool join(char *room, size_t size, const char *first, char mark, const char *second)
{
	size_t head = strlen(first), tail = strlen(second);

	if (head + 1 + tail >= size)
		return false;
	memcpy(room, first, head);
	room[head] = mark;
	memcpy(room + head + 1, second, tail + 1);
	return true;
}

bool ocds_id(const struct ocds_release *release, const char *id, char room[OCDS_ID_MAX])
{
	size_t length = strlen(id);

	if (length == 0 || length >= OCDS_ID_MAX)
		return false;
	if (strncmp(id, release->ocid, strlen(release->ocid)) != 0)
		return join(room, OCDS_ID_MAX, release->ocid, '/', id);
	memcpy(room, id, length + 1);
	return true;
}

int ocds_group(struct ocds_release *release, const char *kind, const char *id, struct err *err)
{
	char name[OCDS_GROUP_MAX];

	/* Ids are shorter than OCDS_ID_MAX, kinds than the rest. */
	if (!join(name, sizeof(name), kind, ':', id))
		BUG("the name of a group does not fit");
	return release->sink.group(release->sink.arg, name, release->instant, err);
}

int ocds_emit(struct ocds_release *release, struct err *err)
{
	return release->sink.row(release->sink.arg, &release->row, err);
}

int ocds_refuse(struct ocds_release *release, const char *field, const struct json_node *value,
	const char *code, struct err *err)
{
	char reason[OCDS_ID_MAX + 64];
	struct reader_refusal refusal = { .kind = release->row.kind,
		.row = &release->row,
		.place = release->place,
		.field = field,
		.code = code,
		.reason = reason,
		.value = value ? value->text : "" };

	snprintf(reason, sizeof(reason), "%s of release %s cannot be taken", field,
		release->release_id);
	if (!release->row.kind)
		refusal.row = NULL;
	return release->sink.refused(release->sink.arg, &refusal, err);
}

static int read_unit(struct ocds_release *release, const struct json_node *ref, struct err *err)
{
	char code[OCDS_ID_MAX] = "";
	struct ocds_org org;

	ocds_org_read(release, ref, false, &org);
	if (!org.code[0])
		return 0;
	int wanted = ocds_group(release, "unit", org.code, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_begin(&release->row, "unit", release->place);
	ocds_row_text(&release->row, "unit_code", org.code);
	ocds_row_text(&release->row, "name", org.name);
	if (ocds_credit_code(ref, code))
		ocds_row_text(&release->row, "uscc", code);
	return ocds_emit(release, err);
}

int ocds_read_supplier(struct ocds_release *release, const struct json_node *ref, struct err *err)
{
	struct ocds_org org;

	ocds_org_read(release, ref, true, &org);
	if (!org.code[0])
		return 0;
	int wanted = ocds_group(release, "supplier", org.code, err);
	if (wanted <= 0)
		return wanted;
	const char *size = ocds_size_class(org.scale);
	ocds_row_begin(&release->row, "supplier", release->place);
	ocds_row_text(&release->row, "uscc", org.code);
	ocds_row_text(&release->row, "name", org.name);
	/* "SME" names no class: it stays with the award's party. */
	if (size[0] && size[1] == '\0') {
		ocds_row_text(&release->row, "size_class", size);
		ocds_row_text(&release->row, "size_source", "declared");
	}
	return ocds_emit(release, err);
}

static bool has_role(const struct json_node *party, const char *const *wanted)
{
	const struct json_node *roles = json_get(party, "roles");

	for (const struct json_node *role = roles ? roles->first : NULL; role; role = role->next)
		for (int i = 0; wanted[i]; i++)
			if (role->type == JSON_TEXT && strcmp(role->text, wanted[i]) == 0)
				return true;
	return false;
}

static int read_parties(struct ocds_release *release, struct err *err)
{
	static const char *const units[] = { "buyer", "procuringEntity", "payer", NULL };
	static const char *const suppliers[] = { "supplier", "payee", NULL };
	const struct json_node *parties = json_get(release->node, "parties");

	if (!parties && json_get(release->node, "buyer"))
		return read_unit(release, json_get(release->node, "buyer"), err);
	for (const struct json_node *party = parties ? parties->first : NULL; party;
		party = party->next) {
		if (has_role(party, units) && read_unit(release, party, err))
			return -1;
		if (has_role(party, suppliers) && ocds_read_supplier(release, party, err))
			return -1;
	}
	return 0;
}

static void end_of_tender(struct kind_row *row, const struct json_node *tender, day_t published)
{
	static const char *const ends[] = { "cancelled", "unsuccessful", "withdrawn" };
	const char *status = json_text_at(tender, "status");

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(status, ends[i]) == 0) {
			ocds_row_day(row, "ended_on", published);
			ocds_row_text(row, "end_reason", status);
		}
}

static int read_notice(struct ocds_release *release, struct err *err)
{
	const struct json_node *tender = json_get(release->node, "tender");
	const struct json_node *tag = json_get(release->node, "tag");
	const struct json_node *date = json_get(release->node, "date");
	const struct json_node *sme = json_path(tender, "suitability.sme");
	struct kind_row *row = &release->row;
	char id[OCDS_ID_MAX];
	const char *currency = "", *code = NULL;
	bool given = false;
	fen_t fen = 0;
	day_t day = DAY_NONE;

	if (!tender || !ocds_id(release, release->release_id, id))
		return 0;
	int wanted = ocds_group(release, "notice", id, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_begin(row, "notice", release->place);
	ocds_row_text(row, "notice_id", id);
	if ((code = ocds_money(json_get(tender, "value"), false, &given, &fen, &currency)))
		return ocds_refuse(release, "tender.value.amount",
			json_path(tender, "value.amount"), code, err);
	if ((code = ocds_day(date, &day)))
		return ocds_refuse(release, "date", date, code, err);
	ocds_row_text(row, "unit_code", release->buyer_code);
	ocds_row_text(row, "buyer_name", release->buyer_name);
	ocds_row_text(row, "project_code", release->project_code);
	ocds_row_text(row, "kind", tag && tag->first ? tag->first->text : "");
	ocds_row_text(row, "title", json_text_at(tender, "title"));
	ocds_row_day(row, "published_on", day);
	ocds_row_text(row, "currency", currency);
	if (given)
		ocds_row_number(row, "budget_fen", fen);
	if (sme && sme->type == JSON_BOOL)
		ocds_row_number(row, "suitable_for_sme", strcmp(sme->text, "true") == 0);
	end_of_tender(row, tender, day);
	return ocds_emit(release, err);
}

const struct json_node *ocds_next_ref(const struct json_node *list, const struct json_node *ref)
{
	if (!list || (list->type != JSON_ARRAY && list->type != JSON_OBJECT))
		return NULL;
	if (list->type == JSON_OBJECT)
		return ref ? NULL : list;
	return ref ? ref->next : list->first;
}

/* Merging appends references without an id anew with every release. */
static bool named_before(const struct ocds_release *release, const struct json_node *suppliers,
	const struct json_node *ref, const struct ocds_org *org)
{
	for (const struct json_node *other = ocds_next_ref(suppliers, NULL); other != ref;
		other = ocds_next_ref(suppliers, other)) {
		struct ocds_org before;
		ocds_org_read(release, other, true, &before);
		if (strcmp(before.code, org->code) == 0 && strcmp(before.name, org->name) == 0)
			return true;
	}
	return false;
}

int ocds_read_parties_of(struct ocds_release *release, const char *parent_kind,
	const char *parent_no, const struct json_node *suppliers, struct err *err)
{
	struct kind_row *row = &release->row;
	int seq = 0;

	for (const struct json_node *ref = ocds_next_ref(suppliers, NULL); ref;
		ref = ocds_next_ref(suppliers, ref)) {
		struct ocds_org org;
		ocds_org_read(release, ref, true, &org);
		if (!json_get(ref, "id") && named_before(release, suppliers, ref, &org))
			continue;
		ocds_row_begin(row, "party", release->place);
		ocds_row_text(row, "parent_kind", parent_kind);
		ocds_row_text(row, "parent_no", parent_no);
		ocds_row_number(row, "seq", ++seq);
		ocds_row_text(row, "role", "supplier");
		ocds_row_text(row, "supplier_id", org.code);
		ocds_row_text(row, "supplier_name", org.name);
		ocds_row_text(row, "size_word", org.scale);
		ocds_row_text(row, "size_class", ocds_size_class(org.scale));
		if (ocds_emit(release, err))
			return -1;
	}
	return 0;
}

static int read_award(struct ocds_release *release, const struct json_node *award, struct err *err)
{
	const struct json_node *date = json_get(award, "date");
	struct kind_row *row = &release->row;
	char id[OCDS_ID_MAX];
	const char *currency = "", *code = NULL;
	bool given = false;
	fen_t fen = 0;
	day_t day = DAY_NONE;

	ocds_row_begin(row, "award", release->place);
	if (!ocds_id(release, json_text_at(award, "id"), id))
		return ocds_refuse(
			release, "awards.id", json_get(award, "id"), "value-missing", err);
	int wanted = ocds_group(release, "award", id, err);
	if (wanted <= 0)
		return wanted;
	ocds_row_text(row, "award_id", id);
	if ((code = ocds_money(json_get(award, "value"), false, &given, &fen, &currency)))
		return ocds_refuse(release, "awards.value.amount", json_path(award, "value.amount"),
			code, err);
	if ((code = ocds_day(date, &day)))
		return ocds_refuse(release, "awards.date", date, code, err);
	ocds_row_text(row, "process_id", release->ocid);
	ocds_row_text(row, "unit_code", release->buyer_code);
	ocds_row_text(row, "buyer_name", release->buyer_name);
	ocds_row_text(row, "title",
		ocds_first_text(json_text_at(award, "title"),
			json_text_at(json_get(release->node, "tender"), "title")));
	ocds_row_text(row, "status", json_text_at(award, "status"));
	ocds_row_day(row, "awarded_on", day);
	ocds_row_text(row, "currency", currency);
	if (given)
		ocds_row_number(row, "amount_fen", fen);
	if (ocds_emit(release, err))
		return -1;
	return ocds_read_parties_of(release, "award", id, json_get(award, "suppliers"), err);
}

/* OCDS 1.0 has no parties[]: suppliers stand only where they are named. */
static int read_named_suppliers(
	struct ocds_release *release, const struct json_node *award, struct err *err)
{
	const struct json_node *suppliers = json_get(award, "suppliers");

	for (const struct json_node *ref = ocds_next_ref(suppliers, NULL); ref;
		ref = ocds_next_ref(suppliers, ref))
		if (ocds_read_supplier(release, ref, err))
			return -1;
	return 0;
}

static int read_awards(struct ocds_release *release, struct err *err)
{
	const struct json_node *awards = json_get(release->node, "awards");
	bool named_only = !json_get(release->node, "parties");

	for (const struct json_node *award = awards ? awards->first : NULL; award;
		award = award->next)
		if (read_award(release, award, err) ||
			(named_only && read_named_suppliers(release, award, err)))
			return -1;
	return 0;
}

static void read_context(struct ocds_release *release)
{
	const struct json_node *buyer = json_get(release->node, "buyer");
	struct ocds_org org;

	ocds_index_parties(release);
	if (!buyer)
		buyer = json_path(release->node, "tender.procuringEntity");
	ocds_org_read(release, buyer, false, &org);
	memcpy(release->buyer_code, org.code, strlen(org.code) + 1);
	release->buyer_name = org.name;
	release->project_code =
		json_text_at(json_path(release->node, "planning.budget"), "projectID");
	if (!release->project_code[0])
		release->project_code = json_text_at(json_get(release->node, "tender"), "id");
	if (!release->project_code[0])
		release->project_code = release->ocid;
}

static int read_one(
	struct ocds_release *release, const struct json_node *node, unsigned parts, struct err *err)
{
	release->node = node;
	release->ocid = json_text_at(node, "ocid");
	release->release_id = json_text_at(node, "id");
	release->instant = ocds_instant(json_text_at(node, "date"));
	release->row.kind = NULL;
	if (node->type != JSON_OBJECT)
		return ocds_refuse(release, "release", node, "ocds-not-a-release", err);
	if (!release->ocid[0])
		return ocds_refuse(release, "ocid", json_get(node, "ocid"), "value-missing", err);
	if (strlen(release->ocid) > OCDS_OCID_MAX)
		return ocds_refuse(release, "ocid", json_get(node, "ocid"), "value-too-long", err);
	read_context(release);
	if ((parts & OCDS_READ_PUBLICATION) &&
		(read_parties(release, err) || read_notice(release, err)))
		return -1;
	if (!(parts & OCDS_READ_STATE))
		return 0;
	return read_awards(release, err) ? -1 : ocds_read_contracts(release, err);
}

int ocds_release_read_part(struct ocds_release *release, const struct json_node *node,
	int64_t place, unsigned parts, struct err *err)
{
	release->place = place;
	return read_one(release, node, parts, err);
}

int ocds_release_read(
	struct ocds_release *release, const struct json_node *node, int64_t place, struct err *err)
{
	const struct json_node *compiled = json_get(node, "compiledRelease");
	const struct json_node *releases = json_get(node, "releases");

	release->place = place;
	if (compiled)
		return read_one(release, compiled, OCDS_READ_ALL, err);
	if (!releases || releases->type != JSON_ARRAY)
		return read_one(release, node, OCDS_READ_ALL, err);
	for (const struct json_node *one = releases->first; one; one = one->next) {
		/* A record may only point at its releases. */
		if (json_get(one, "url") && !json_get(one, "ocid")) {
			release->row.kind = NULL;
			release->release_id = json_text_at(node, "ocid");
			return ocds_refuse(
				release, "releases", json_get(one, "url"), "ocds-linked", err);
		}
		if (read_one(release, one, OCDS_READ_ALL, err))
			return -1;
	}
	return 0;
}

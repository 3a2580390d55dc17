/* Organisations of a release: who is meant by a reference, and under which code. */
#include "collectors/ocds_own.h"

#include <string.h>

#include <xxhash.h>

#include "core/mem.h"
#include "core/uscc.h"

static uint32_t id_hash(const char *id)
{
	return (uint32_t)XXH3_64bits(id, strlen(id));
}

static int by_hash(const void *a, const void *b)
{
	const struct ocds_party_index *one = a, *two = b;

	return one->hash < two->hash ? -1 : one->hash > two->hash;
}

void ocds_index_parties(struct ocds_release *release)
{
	const struct json_node *parties = json_get(release->node, "parties");

	release->party_count = 0;
	for (const struct json_node *party = parties ? parties->first : NULL; party;
		party = party->next) {
		const char *id = json_text_at(party, "id");
		if (!id[0])
			continue;
		MEM_GROW(release->parties, release->party_count, release->party_capacity);
		release->parties[release->party_count++] =
			(struct ocds_party_index){ .hash = id_hash(id), .node = party };
	}
	if (release->party_count > 1)
		qsort(release->parties, (size_t)release->party_count, sizeof(*release->parties),
			by_hash);
}

static const struct json_node *find_party(const struct ocds_release *release, const char *id)
{
	uint32_t hash = id_hash(id);
	int low = 0, high = release->party_count;

	while (low < high) {
		int middle = low + (high - low) / 2;
		if (release->parties[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < release->party_count && release->parties[low].hash == hash; low++)
		if (strcmp(json_text_at(release->parties[low].node, "id"), id) == 0)
			return release->parties[low].node;
	return NULL;
}

static bool is_credit_code(const struct json_node *identifier, char room[OCDS_ID_MAX])
{
	const char *id = json_text_at(identifier, "id");
	struct uscc code;

	uscc_read(id, strlen(id), &code);
	if (code.reason != USCC_OK)
		return false;
	snprintf(room, OCDS_ID_MAX, "%s", code.text);
	return true;
}

/* The first identifier that is a credit code, normalised; false, and room untouched, if none is. */
bool ocds_credit_code(const struct json_node *org, char room[OCDS_ID_MAX])
{
	const struct json_node *more = json_get(org, "additionalIdentifiers");

	if (is_credit_code(json_get(org, "identifier"), room))
		return true;
	for (const struct json_node *one = more ? more->first : NULL; one; one = one->next)
		if (is_credit_code(one, room))
			return true;
	return false;
}

/* The id, or "SCHEME-ID" of the identifier where the reference has no id (OCDS 1.0). */
static void plain_code(const struct json_node *ref, char room[OCDS_ID_MAX])
{
	const struct json_node *identifier = json_get(ref, "identifier");
	const char *id = json_text_at(ref, "id"), *scheme = json_text_at(identifier, "scheme");
	size_t length = strlen(id);
	int used = 0;

	/* Most references have one; this is done for every name in every release. */
	if (length > 0 && length < OCDS_ID_MAX) {
		memcpy(room, id, length + 1);
		return;
	}
	if (length > 0)
		used = OCDS_ID_MAX;
	else if (scheme[0])
		used = snprintf(room, OCDS_ID_MAX, "%s-%s", scheme, json_text_at(identifier, "id"));
	else
		used = snprintf(room, OCDS_ID_MAX, "%s", json_text_at(identifier, "id"));
	if (used >= OCDS_ID_MAX)
		room[0] = '\0'; /* a cut code would be another one */
}

const char *ocds_first_text(const char *a, const char *b)
{
	return a[0] ? a : b;
}

void ocds_org_read(const struct ocds_release *release, const struct json_node *ref,
	bool use_credit_code, struct ocds_org *ret)
{
	const struct json_node *party = find_party(release, json_text_at(ref, "id"));
	const struct json_node *org = party ? party : ref;

	plain_code(ref, ret->code);
	if (use_credit_code && !ocds_credit_code(org, ret->code) && org != ref)
		ocds_credit_code(ref, ret->code);
	ret->name = ocds_first_text(json_text_at(ref, "name"), json_text_at(org, "name"));
	ret->name = ocds_first_text(ret->name, json_text_at(ref, "legalName"));
	ret->name =
		ocds_first_text(ret->name, json_text_at(json_get(org, "identifier"), "legalName"));
	ret->scale = ocds_first_text(
		json_text_at(json_get(org, "details"), "scale"), json_text_at(ref, "scale"));
}

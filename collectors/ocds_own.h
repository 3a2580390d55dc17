/* The OCDS reader's own parts: the release in work and what its sections share. Private to collectors/ocds*.c. */
#ifndef SETASIDE_COLLECTORS_OCDS_OWN_H
#define SETASIDE_COLLECTORS_OCDS_OWN_H

#include "collectors/ocds_release.h"
#include "collectors/ocds_row.h"
#include "collectors/ocds_value.h"

enum { OCDS_ID_MAX = 1024, OCDS_GROUP_MAX = OCDS_ID_MAX + 16 };

struct ocds_party_index {
	uint32_t hash; /* of the id */
	const struct json_node *node;
};

struct ocds_release {
	struct ocds_sink sink;
	const struct json_node *node; /* the release */
	const char *ocid, *release_id;
	int64_t place, instant;
	char buyer_code[OCDS_ID_MAX];
	const char *buyer_name;
	const char *project_code;
	struct ocds_party_index *parties; /* sorted by hash */
	int party_count, party_capacity;
	struct kind_row row;
};

/* Sorts parties[] for the lookups below. */
void ocds_index_parties(struct ocds_release *release);
/* The first identifier of an organisation that is a credit code, normalised; false, and room untouched, if none is. */
bool ocds_credit_code(const struct json_node *org, char room[OCDS_ID_MAX]);
const char *ocds_first_text(const char *a, const char *b); /* a unless it is empty */

/* A reference to an organisation, looked up among parties[]. */
struct ocds_org {
	char code
		[OCDS_ID_MAX]; /* credit code if there is one and it was asked for, else the id; "" if none */
	const char *name;
	const char *scale; /* size word as written, "" if none */
};
void ocds_org_read(const struct ocds_release *release, const struct json_node *ref,
	bool credit_code, struct ocds_org *ret);

/* "OCID/ID", or ID when it begins with the ocid; false when it is empty or does not fit. */
bool ocds_id(const struct ocds_release *release, const char *id, char room[OCDS_ID_MAX]);

/* 1 wanted, 0 not, negative failure. */
int ocds_group(struct ocds_release *release, const char *kind, const char *id, struct err *err);
int ocds_emit(struct ocds_release *release, struct err *err);
/* Refuses release->row as far as it is filled. value may be NULL. */
int ocds_refuse(struct ocds_release *release, const char *field, const struct json_node *value,
	const char *code, struct err *err);

/* References to organisations one by one, NULL first; one object in place of a list is one reference. */
const struct json_node *ocds_next_ref(const struct json_node *list, const struct json_node *ref);

int ocds_read_supplier(struct ocds_release *release, const struct json_node *ref, struct err *err);
/* Party rows of one award or contract. */
int ocds_read_parties_of(struct ocds_release *release, const char *parent_kind,
	const char *parent_no, const struct json_node *suppliers, struct err *err);
int ocds_read_contracts(struct ocds_release *release, struct err *err);

#endif

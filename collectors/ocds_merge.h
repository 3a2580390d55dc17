/* The merge rules of OCDS 1.1: releases of one process, oldest first, into its compiled release.
 *
 *   literal values          the later release wins; null removes what stood there
 *   objects                 member by member; an empty object says nothing
 *   lists of objects        by `id` (identifier merge): a known id is merged into, an unknown one is appended, objects
 *                           without an id are appended; an empty list says nothing
 *   other lists             replaced as a whole (whole-list merge): lists with anything but objects in them, and the
 *                           fields the schema marks or whose objects have no id there: additionalIdentifiers,
 *                           additionalClassifications, amendments' changes
 *   id, date, tag           of releases are left out; the compiled release has its own ("OCID-DATE", "compiled")
 * An `id` outside of a list is a literal (versionId). Ids are compared as text: 1 and "1" are one id. Amounts stay digit
 * for digit, as everything in collectors/json_tree.h. Everything is copied into `arena`. Pure. */
#ifndef SETASIDE_COLLECTORS_OCDS_MERGE_H
#define SETASIDE_COLLECTORS_OCDS_MERGE_H

#include "collectors/json_tree.h"

/* An empty compiled release; NULL when the arena is full, so below. */
struct json_node *ocds_merge_begin(struct json_arena *arena);
/* release: a JSON_OBJECT, not older than the ones before. */
bool ocds_merge_add(
	struct json_arena *arena, struct json_node *compiled, const struct json_node *release);

#endif

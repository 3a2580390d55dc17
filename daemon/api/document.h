/* Documents that are computed on demand by the owner's hook: GET /api/v1/snapshot gives the same bytes as the command
 * `setaside snapshot`, GET /api/v1/explain those of `setaside explain`, GET /api/v1/original the rows of `setaside
 * original`, POST /api/v1/what-if those of `setaside what-if --format json`. */
#ifndef SETASIDE_API_DOCUMENT_H
#define SETASIDE_API_DOCUMENT_H

#include "api/route.h"

extern const struct route_parameter document_snapshot_parameters[];
void document_snapshot(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* What `setaside explain rules` prints. */
extern const struct route_parameter document_rules_parameters[];
void document_rules(
	struct api_server *server, const struct route_request *request, struct reply *reply);

extern const struct route_parameter document_explain_parameters[];
void document_explain(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* {"items": [{batch_id, source, file, sha256, place, text}]}, the latest row first: what `setaside original` prints. 404
 * when there is no such record. */
extern const struct route_parameter document_original_parameters[];
void document_original(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* The day's work in its order: member work_list of a snapshot. */
extern const struct route_parameter document_work_list_parameters[];
void document_work_list(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* The set-aside of one department or unit below one, today: member quota_unit of a snapshot. unit_code "" = the request's
 * fault. */
void document_unit_figures(struct api_server *server, const char *fiscal_year,
	const char *unit_code, struct reply *reply);

/* The body is the document that the command reads from a file; the ledger is not touched. 422 when a change cannot be
 * read or names nothing, with its number. */
extern const struct route_parameter document_what_if_parameters[];
void document_what_if(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif

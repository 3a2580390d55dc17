/* Documents that are computed on demand by the owner's hook: GET /api/v1/snapshot gives the same bytes as the command
 * `setaside snapshot`. */
#ifndef SETASIDE_API_DOCUMENT_H
#define SETASIDE_API_DOCUMENT_H

#include "api/route.h"

extern const struct route_parameter document_snapshot_parameters[];
void document_snapshot(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif

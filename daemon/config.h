/* The whole configuration as one value: read, validated as a whole, then swapped in by its owner.
 *
 * Each module owns its key table and its own struct (collectors/source_config.h, alerts/alert.h); this file lists the
 * sections and holds what belongs to no module. A struct config is never changed after config_load, except by
 * config_keep during a reload, before anyone else sees it. All texts are owned by it. */
#ifndef SETASIDE_DAEMON_CONFIG_H
#define SETASIDE_DAEMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "api/server.h"
#include "core/conf.h"
#include "daemon/selfwatch.h"

struct source_config;

struct config {
	int refs;
	struct conf
		*conf; /* the parsed file: the alerts' blocks are read from it by their module */
	char *dsn;
	char *password_path; /* NULL = none */
	char *state;         /* directory of the original bytes */
	int64_t state_quota; /* bytes, 0 = none */
	char *jurisdiction;
	char *work_order; /* of the day's work, valid for checks/worklist.h */
	struct api_config api;
	struct selfwatch_config watch;
	int64_t start_deadline_ms; /* how long READY waits for the database */
	struct source_config *source;
	int source_count;
};

/* The place of the file: path if not NULL, else $SETASIDE_CONFIG, else /etc/setaside/setaside.conf. */
const char *config_path(const char *path);
/* NULL with errors filled when anything at all is wrong. */
struct config *config_load(const char *path, struct conf_errors *errors);
struct config *config_parse(
	const char *path, const char *bytes, size_t count, struct conf_errors *errors);
/* config_load gives the first reference. Holders that outlive a reload take their own. NULL is fine. */
struct config *config_ref(struct config *config);
void config_unref(struct config *config);

/* Reload: values of keys that need a restart are taken over from old; report is called with each key that differs. */
void config_keep(struct config *fresh, const struct config *old,
	void (*report)(void *arg, const char *key), void *arg);

const struct source_config *config_source(const struct config *config, const char *name);
/* The sections with their keys, for the manual and doctor; ends with a row whose name is NULL. */
const struct conf_section *config_sections(void);

#endif

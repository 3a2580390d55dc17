/* Collector of kind file: a canonical directory, one file of any format, or a drop folder.
 *
 * A directory of another format is a drop folder (collectors/drop_folder.h): every pull takes its oldest file that is
 * whole, as a batch of its own, and says when more are waiting.
 *
 * Of a canonical directory every KIND.csv is taken, in the order of the record kinds; another name that ends in .csv is
 * an error (most likely a misspelt kind); other files are not looked at. */
#ifndef SETASIDE_COLLECTORS_PULL_FILE_H
#define SETASIDE_COLLECTORS_PULL_FILE_H

#include "collectors/collector.h"

extern const struct collector pull_file;

/* True if the source takes files out of a directory. */
bool pull_file_drops(const struct source_config *config);

#endif

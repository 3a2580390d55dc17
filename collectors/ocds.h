/* The "ocds" format: release packages, record packages, arrays and lines of releases to ledger rows.
 *
 * Framing by collectors/frame_json.h, reading by collectors/ocds_release.h. Several releases of one process, those of
 * earlier batches among them (collectors/release_memory.h), are compiled by the standard's merge rules
 * (collectors/ocds_process.h) and their awards, contracts and payments read from the result, by date, in whichever order
 * and batches they came; a record's compiledRelease stands for what is older. Rows that earlier batches gave and the
 * result does not are told to the sink as vanished. Releases whose word on an award, contract or payment is not the last
 * one are `skipped`. Of a unit or supplier the newest name counts. A release that is no release, or holds U+0000, is
 * refused; broken JSON fails the file.
 *
 * A sink with astray is given the rows of a release at once, as if every process had one release only; organisations,
 * releases refused in part, and processes of earlier batches wait nevertheless. The second release of a process ends such
 * a pass. A sink without is given everything by finish(), process by process.
 *
 * place of a row is the byte offset of its release in the file (in UTF-8, when an encoding is configured); of a row that is
 * compiled, the newest release's of this batch. */
#ifndef SETASIDE_COLLECTORS_OCDS_H
#define SETASIDE_COLLECTORS_OCDS_H

#include "collectors/reader.h"

extern const struct reader_type ocds_reader;

/* Where a package holds its records: "releases", "records"; NULL-terminated. */
extern const char *const ocds_record_paths[];

#endif

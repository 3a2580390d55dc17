-- Keys of the rows of the last batch's files that this batch's files do not have as they were, when it says only what
-- differs from the last one. A refused row is among them when its key can be read.
CREATE TEMPORARY TABLE gone (kind smallint NOT NULL, key uuid NOT NULL) ON COMMIT DROP

-- What pass 1 offers: key and print of each row. print null = the row came and was refused. ordinal counts the rows
-- offered in the batch, -1 for refused ones; place is the file within the batch and the locator inside it. owner is
-- given for kinds whose numbers are unique in the district: whose the number is.
CREATE TEMPORARY TABLE incoming (
  kind smallint NOT NULL, key uuid NOT NULL, print uuid, ordinal bigint NOT NULL, place bigint NOT NULL,
  owner text NOT NULL
) ON COMMIT DROP

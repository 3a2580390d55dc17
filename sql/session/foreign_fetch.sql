-- The next page of the cursor that sql/cursor.c declared in this transaction.
FETCH FORWARD 1000 FROM setaside_pull

-- What a look at the records stores from here on is taken back by record_save_undo.sql when nothing differs.
SAVEPOINT record_save

-- Opens a transaction whose statements all see one state of the database.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- Opens a transaction that may write.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE

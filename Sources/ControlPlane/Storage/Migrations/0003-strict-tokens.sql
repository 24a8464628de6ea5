-- Caller tokens may ask that nothing of a request is lost on its way to a provider that speaks another dialect.

-- The default is for the tokens that there are, and for control planes that do not know the column yet.
ALTER TABLE token ADD COLUMN strict boolean NOT NULL DEFAULT false;

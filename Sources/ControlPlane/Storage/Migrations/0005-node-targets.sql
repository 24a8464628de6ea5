-- Which models a node does not ask in their turn, as it said in its last poll.

-- The default is for nodes that have not polled since, and for control planes that do not know the column yet.
ALTER TABLE node_report ADD COLUMN targets jsonb NOT NULL DEFAULT '[]';

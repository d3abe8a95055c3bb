"""How the tables of the ledger came about, step by step; run by `opening` when a ledger is opened."""

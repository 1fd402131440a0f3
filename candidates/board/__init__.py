"""The board: a column for each status, cards that are moved from one to the other, and what others move meanwhile."""

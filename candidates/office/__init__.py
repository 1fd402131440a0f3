"""The back office's pages of candidates: the list, what is done to many at once, and the page of one."""

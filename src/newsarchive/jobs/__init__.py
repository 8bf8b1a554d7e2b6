"""One module a job. Jobs join what does not know each other: discover, fetch, extract, archive."""

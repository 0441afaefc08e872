"""Units, members and rights: who there is, where they stand, and what each may see and do."""

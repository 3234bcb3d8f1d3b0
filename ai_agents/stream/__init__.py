"""What keeps connections open: a process of its own, so that no thread that draws pages is held by one."""

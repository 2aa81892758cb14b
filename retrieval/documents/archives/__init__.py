"""What holds documents: archives, mailboxes, letters, books."""

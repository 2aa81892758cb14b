"""What people use of Wenju: the command, the chat and the page."""

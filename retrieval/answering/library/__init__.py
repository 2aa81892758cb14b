"""What is answered from the index itself: which documents there are, and what a paper tells of itself."""

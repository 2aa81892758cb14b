"""What is checked by form before a sentence is called the answer: its place, time, numbers, office and kind."""

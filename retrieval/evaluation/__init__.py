"""How well questions are answered: sets of questions with known answers, what counts as right, and the figures."""

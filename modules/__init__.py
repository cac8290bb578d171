"""Learning modules: pages that teach, class runs without a name, quizzes, surveys, papers."""

"""What an instructor runs: build labs, grade submissions in a sandbox, keep nbgrader's books."""

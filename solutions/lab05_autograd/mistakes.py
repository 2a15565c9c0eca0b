"""Wrong answers that students give to lab05_autograd, each with the sentence that names it."""

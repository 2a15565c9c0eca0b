"""Wrong answers that students give to lab02_losses, each with the sentence that names it."""

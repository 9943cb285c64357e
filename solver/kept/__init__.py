"""What a run folder keeps: samples, observations, answers, inputs; whole or not at all."""

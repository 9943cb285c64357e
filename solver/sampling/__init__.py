"""Stage 2: samples from a language model or a recording: engines, prompts, extraction."""

"""Words that several commands share."""

DEFAULT_MODEL = "embedded"
MODEL_HELP = (
    "What draws candidates: embedded (a 0.5B code model on the CPU), hf:NAME-OR-FOLDER, "
    "gguf:FILE, openai:MODEL@URL, vllm:NAME, or pool:FILE-OR-FOLDER (recorded)."
)

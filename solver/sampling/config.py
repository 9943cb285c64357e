"""Settings of the sampling stage."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from solver.sampling.engine import SamplingParameters

PROMPT_VERSION = 2
"""Of the package's own templates. 1: the title stood twice where the statement begins with it."""
_OLD_BATCH = 16
"""The default of `batch`, as `concurrency` was called in runs of version 0.1.0."""


class SamplingConfig(BaseModel):
    """How candidates are drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    samples: int = Field(default=64, ge=1)
    """Candidates a task, all subtasks together; a recorded pool gives all that it has."""
    seed: int = 0
    """First seed of the engine."""
    languages: tuple[str, ...] = ("python3", "cpp20")
    """Languages asked for, in turn; a task that allows only some is asked in those."""
    subtasks: tuple[str, ...] = ()
    """Subtasks that are asked for; empty asks for all."""
    temperature: tuple[float, float] = (0.6, 1.0)
    """Drawn uniformly for each prompt (AlphaCode 2 randomises it)."""
    top_p: float = Field(default=0.95, gt=0, le=1)
    """Nucleus."""
    top_k: int = Field(default=0, ge=0)
    """Only so many of the likeliest tokens; 0 takes all."""
    min_p: float = Field(default=0.0, ge=0, lt=1)
    """Only tokens at least so likely against the likeliest; 0 takes all."""
    max_tokens: int | None = Field(default=None, ge=16)
    """Of one answer, reasoning included. None is the model's own limit, which a model that thinks
    before it answers needs (the embedded default: 1,024)."""
    system: str | None = None
    """System turn of every prompt in place of the templates' own; "" sends none."""
    reasoning_tokens: int | None = Field(default=None, ge=1)
    """Budget of reasoning that the prompt states; for models that think before they answer."""
    variants: int = Field(default=2, ge=1)
    """Differently worded prompts (tags, temperature) for one subtask and language."""
    helpers: int = Field(default=2, ge=0)
    """Generators asked for a task, and as many validators."""
    brutes: int = Field(default=0, ge=0)
    """Brute forces asked for a task; they say what is right on small inputs when programs are
    attacked (`solver.breaking`)."""
    first_share: float = Field(default=1.0, gt=0, le=1)
    """Share of the samples spent evenly; the rest follows the estimated gain of a subtask."""
    repair_share: float = Field(default=0.0, ge=0, lt=1)
    """Share of the samples, and of a round's tokens, kept for repair: drafts whose prompt tells on
    which input an earlier program fails. 0 leaves repair out."""
    repair_rounds: int = Field(default=2, ge=0)
    """Repair rounds among which that share is divided; none of them costs a submission."""
    repair_alpha: float = Field(default=0.0, ge=0, lt=1)
    """No further repair round once the first submission is promised to be wrong with at most this
    chance; a promise is never below what was kept on recorded pools (`solver.repair.stops`)."""
    repair_least_points: float = Field(default=0.0, ge=0)
    """No further repair round that is expected to bring fewer points a million tokens."""
    pairs: int = Field(default=0, ge=0)
    """Comparisons of two programs by the model, each in both orders; 0 leaves them out."""
    diagnoses: int = Field(default=0, ge=0)
    """Programs a task and round that the model is shown, to propose inputs that break them; 0
    leaves it out."""
    statement_language: str | None = None
    """Which of a package's statements the prompts hold, by its code; None: English first."""
    task_name: str | None = None
    """What a recorded pool calls the task, where that is another name than the task's own."""
    max_tokens_total: int | None = Field(default=None, ge=1)
    """Stop when so many tokens were drawn for the run."""
    max_s: float | None = Field(default=None, gt=0)
    """Stop when drawing has taken so long."""
    max_cost: float | None = Field(default=None, gt=0)
    """Stop when the run has cost so much, in the unit of the two prices."""
    price_prompt_mtok: float = Field(default=0.0, ge=0)
    """Price of a million prompt tokens."""
    price_answer_mtok: float = Field(default=0.0, ge=0)
    """Price of a million answer tokens."""
    prompts: str | None = None
    """Folder with edited prompt templates; those that are not there come from the package."""
    prompt_version: int = Field(default=PROMPT_VERSION, ge=1, le=PROMPT_VERSION)
    """Wording of the package's templates: another wording is another key, so a run goes on under
    its own, and one that states none was begun under 1."""
    vllm: str | None = None
    """The `vllm` program of the environment it lives in; None: $SOLVER_VLLM, then the PATH."""
    concurrency: int | None = Field(default=None, ge=1)
    """Requests at a server, or answers of a model in this process, at once; None: 256 and 16."""

    @property
    def repair_samples(self) -> int:
        """Samples a task that are kept for all repair rounds together."""
        return int(self.samples * self.repair_share) if self.repair_rounds else 0

    @property
    def plain_samples(self) -> int:
        """Samples a task that are drawn without knowing how any program does."""
        return self.samples - self.repair_samples

    def parameters(self, temperature: float, stop: tuple[str, ...] = ()) -> SamplingParameters:
        """What an engine is told for one request at this temperature."""
        return SamplingParameters(
            temperature=temperature,
            top_p=self.top_p,
            max_tokens=self.max_tokens,
            top_k=self.top_k or None,
            min_p=self.min_p,
            stop=stop,
        )

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_called(cls, fields: Any) -> Any:
        """Takes settings that an older version wrote."""
        if isinstance(fields, dict) and "batch" in fields:
            batch = fields["batch"]
            fields = {name: value for name, value in fields.items() if name != "batch"}
            if batch != _OLD_BATCH:
                fields.setdefault("concurrency", batch)
        return fields

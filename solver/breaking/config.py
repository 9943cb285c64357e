"""Breaking, its settings."""

from pydantic import BaseModel, ConfigDict, Field


class BreakingConfig(BaseModel):
    """How the programs that would be handed in next are attacked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True
    """False leaves the stage out."""
    programs: int = Field(default=32, ge=2)
    """Programs that are attacked: those that pass the examples, most agreement first."""
    small: int = Field(default=60, ge=0)
    """Small inputs tried: corners, all that a small space holds, mutations."""
    ladder: int = Field(default=6, ge=0)
    """Inputs at the bounds that are run, a subtask."""
    keep: int = Field(default=16, ge=0)
    """Inputs that join the behaviour matrix."""
    cpu_s: float = Field(default=120.0, ge=0)
    """CPU seconds of candidates in all; what is begun is ended."""
    share: float = Field(default=1.0, gt=0)
    """And no more than this share of what 256 random inputs for all candidates would take."""
    shrink_runs: int = Field(default=60, ge=0)
    """Runs of candidates that making one breaking input smaller may take; 0 leaves it as it is."""
    shown: int = Field(default=8, ge=0)
    """Broken programs whose shortest input is made smaller still."""
    max_bytes: int = Field(default=8_000_000, ge=1)
    """Larger inputs are not tried."""
    seed: int = 200_001
    """First seed asked of the generators; observing and separating use lower ones."""

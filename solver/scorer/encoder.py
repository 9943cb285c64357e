"""Stage 7, optional: a transformer reads statement and program, its embedding joins the features.

Named as the sampling engines are: `hf:NAME-OR-FOLDER`. Any encoder or decoder that transformers
loads will do; nothing is trained in it, only the few columns that come out of it are weighed.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from solver.errors import SolverError

_STATEMENT_TOKENS = 256
_PROGRAM_TOKENS = 512
_BATCH = 8


class Encoder:
    """A transformer whose mean hidden state stands for a program beside its task."""

    def __init__(self, name: str) -> None:
        """Loads the model.

        Args:
            name: `hf:` and a folder or a name of the hub.

        Raises:
            SolverError: There is no such model here, or it is none that reads text.
        """
        from transformers import AutoModel, AutoTokenizer

        if not name.startswith("hf:"):
            raise SolverError(f"{name}: an encoder is given as hf:FOLDER or hf:NAME")
        self.name = name
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(name[3:])
            self._model = AutoModel.from_pretrained(name[3:])
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SolverError(f"{name}: no model that can be loaded ({first})") from error
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model.to(self._device).eval()
        most = getattr(self._model.config, "max_position_embeddings", None) or 1 << 30
        self._most = min(int(most), _STATEMENT_TOKENS + _PROGRAM_TOKENS)

    def embed(self, statement: str, sources: Sequence[str]) -> NDArray[np.float32]:
        """(P, D) embeddings; equal sources are read once."""
        distinct = list(dict.fromkeys(sources))
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(distinct), _BATCH):
            batch = distinct[start : start + _BATCH]
            rows = [self._ids(statement, source) for source in batch]
            for source, row in zip(batch, self._means(rows), strict=True):
                found[source] = row
        return np.stack([found[source] for source in sources])

    def _ids(self, statement: str, source: str) -> list[int]:
        """The head of the statement, as far as there is room for it, then the program's head."""
        program = self._tokenizer.encode(source, add_special_tokens=False)
        task = self._tokenizer.encode(statement, add_special_tokens=False)
        # A third of a short context for the statement, so that the program is never crowded out.
        room = min(_STATEMENT_TOKENS, self._most // 3)
        ids: list[int] = (task[:room] + program)[: self._most]
        return ids or [0]

    def _means(self, rows: Sequence[list[int]]) -> NDArray[np.float32]:
        width = max(len(row) for row in rows)
        ids = torch.zeros((len(rows), width), dtype=torch.long)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = torch.tensor(row)
            mask[index, : len(row)] = 1
        with torch.inference_mode():
            out = self._model(input_ids=ids.to(self._device), attention_mask=mask.to(self._device))
        hidden = out.last_hidden_state.float().cpu()
        weight = mask.unsqueeze(-1).float()
        means: NDArray[np.float32] = ((hidden * weight).sum(1) / weight.sum(1)).numpy()
        return means


def principal(embeddings: Sequence[NDArray[np.float32]], columns: int) -> NDArray[np.float32]:
    """(D, K) the directions in which programs of one task differ most, scaled to unit variance.

    Args:
        embeddings: One (P, D) a pool.
        columns: K at most.
    """
    centred = np.concatenate([one - one.mean(axis=0) for one in embeddings]).astype(np.float64)
    _, spread, directions = np.linalg.svd(centred, full_matrices=False)
    kept = int(min(columns, (spread > 1e-6 * max(float(spread.max(initial=0.0)), 1e-12)).sum()))
    scale = spread[:kept] / np.sqrt(max(1, len(centred) - 1))
    projection: NDArray[np.float32] = (directions[:kept].T / scale).astype(np.float32)
    return projection


def joined(
    features: NDArray[np.float32],
    embedding: NDArray[np.float32],
    projection: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(P, S, F + K): features beside the projected embedding, centred within the pool.

    Args:
        features: (P, S, F).
        embedding: (P, D).
        projection: (D, K).
    """
    columns = (embedding - embedding.mean(axis=0)) @ projection
    spread = np.broadcast_to(columns[:, None, :], (*features.shape[:2], columns.shape[1]))
    return np.concatenate([features, spread.astype(np.float32)], axis=2)

"""`hf:NAME-OR-FOLDER[+ADAPTER]`: transformers in this process, or one process a GPU."""

from collections.abc import Sequence

from solver.sampling.engine import Answers, Request, Stop
from solver.sampling.engines.hf_adapter import check_adapter, split_adapter
from solver.sampling.engines.hf_load import Loaded, find_model, has_chat_template, load
from solver.sampling.engines.hf_workers import Workers
from solver.sampling.engines.threads import let_threads_sleep


class HfEngine:
    """A transformers model. Weights come as safetensors or GGUF."""

    name = "hf"

    def __init__(
        self,
        name: str,
        *,
        batch: int = 16,
        device: str | None = None,
        continuous: bool | None = None,
        processes: int | None = None,
        called: str | None = None,
    ) -> None:
        """Loads the model, in this process or in one process a GPU.

        Args:
            name: A folder, a .gguf file or a hub name; with +FOLDER, an adapter on it.
            batch: Answers drawn at once by plain batching.
            device: "cuda" or "cpu"; None takes a GPU where there is one.
            continuous: Continuous batching; None means on a GPU only.
            processes: Copies of the model; None means one a GPU, or one.
            called: What samples say that they were drawn by; None: the name.

        Raises:
            ModelUnavailable: There is no such model.
            AdapterError: The adapter is not one of this model.
        """
        base, adapter = split_adapter(name)
        path = find_model(base)
        if adapter is not None:
            check_adapter(adapter, path, base)
        self.model = called or name
        let_threads_sleep()
        self._batch = batch
        self._continuous = continuous
        if processes is None:
            # Imported here: it is slow.
            import torch

            processes = torch.cuda.device_count() if device != "cpu" else 1
        self._loaded: Loaded | None = None
        self._workers: Workers | None = None
        template = has_chat_template(path)
        if processes > 1 and template is not None:
            self._workers = Workers(str(path), processes, batch, device, continuous, adapter)
            self.chat = template
        else:
            self._loaded = load(path, device, adapter)
            self.chat = self._loaded.chat

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        """Draws all requests; a pair comes as soon as its batch (or it itself) is finished.

        Raises:
            EngineError: A generating thread or process ended; what was yielded stands.
        """
        if self._workers is not None:
            yield from self._workers.sample(requests, stop)
        elif self._loaded is not None:
            # Imported here: transformers is slow to import, and workers' parents need none of it.
            from solver.sampling.engines.hf_generate import sample_loaded

            yield from sample_loaded(self._loaded, requests, stop, self._batch, self._continuous)

    def close(self) -> None:
        """Frees the model or ends the processes."""
        self._loaded = None
        if self._workers is not None:
            self._workers.close()

"""servelab's HTTP contract, hung into LitServe where its OpenAI specs hang."""

import asyncio

import litserve as ls
import numpy as np
from fastapi import HTTPException, Request, Response
from litserve.server import RegularRequestHandler
from litserve.specs.base import LitSpec

from stackkit.contract.health import health
from stackkit.contract.predict import Front, Inferred, predict
from stackkit.imaging import ImageRefused


class ContractSpec(LitSpec):
    """Routes of the contract; each image of a request is one item of LitServe's batching loop."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__()
        self.api_path = "/predict"
        self.add_endpoint("/predict", self.predict, ["POST"])
        self.add_endpoint("/health", self.health, ["GET"])
        self._front = Front(infer=self._infer, labels=labels, batched_by="by LitServe")

    def pre_setup(self, lit_api: ls.LitAPI) -> None:
        self._lit_api = lit_api

    async def predict(self, request: Request) -> Response:
        return await predict(request, self._front)

    async def health(self, request: Request) -> Response:
        # LitServe opens the port when the process with the model is ready, and ends when that dies.
        return health(request, ready=True)

    async def _infer(self, pixels: np.ndarray) -> Inferred:
        """Through LitServe's own handler, queue and batching loop, as its `/predict` would."""
        handler = RegularRequestHandler(self._lit_api, self._server)
        try:
            # Shielded: the handler forgets a request only when its answer has come.
            return await asyncio.shield(handler.handle_request(pixels, np.ndarray))
        except HTTPException as error:
            # It waited longer than the server's time-out.
            if error.status_code == 504:
                raise ImageRefused("deadline_exceeded") from None
            raise

    def decode_request(self, request: np.ndarray) -> np.ndarray:
        return request

    def encode_response(self, output: Inferred) -> Inferred:
        return output

"""Whether FastAPI answers while a route predicts: prints JSON for fastapi.test.ts."""

import json
import socket
import threading
import urllib.request

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

# How long a prediction waits for the health route to be asked and to answer.
PATIENCE_S = 3

app = FastAPI()
predicting = threading.Event()
health_was_answered = threading.Event()


def predict() -> str:
    """Stands for `model.predict`: holds its thread; notices whether the server answers others meanwhile."""
    health_was_answered.clear()
    predicting.set()
    return "answered" if health_was_answered.wait(PATIENCE_S) else "waited"


@app.post("/async-route")
async def async_route() -> str:
    return predict()


@app.post("/def-route")
def def_route() -> str:
    return predict()


@app.get("/health")
async def health() -> str:
    health_was_answered.set()
    return "ok"


@app.get("/threads")
async def threads() -> float:
    return current_default_thread_limiter().total_tokens


def ask(path: str, method: str = "GET") -> object:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def health_while(path: str) -> object:
    predicting.clear()
    outcome: list[object] = []
    caller = threading.Thread(target=lambda: outcome.append(ask(path, "POST")))
    caller.start()
    predicting.wait()
    ask("/health")
    caller.join()
    return outcome[0]


with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    serving = threading.Thread(target=server.run, args=([listener],))
    listener.listen()
    serving.start()
    print(
        json.dumps(
            {
                "health_while_an_async_route_predicts": health_while("/async-route"),
                "health_while_a_def_route_predicts": health_while("/def-route"),
                "threads": ask("/threads"),
            }
        )
    )
    server.should_exit = True
    serving.join()

"""The server of the live preview, which shows the deck and follows every save.

It listens only on loopback and refuses requests with another host or origin, so that no web page can read a deck. It
serves only the page, the cards and the pictures that cards use. Cards run no script.
"""

import asyncio
import contextlib
import secrets
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.preview.cards import Preview, picture_type
from generator.preview.editor import open_at
from generator.preview.page import ASSETS, asset, page

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LONGEST = 1000
"""The most bytes of a file name and line that the page may ask to open."""
_PORTS = range(49_152, 61_000)
"""Ports that no service has registered."""
_DEBOUNCE = 60
"""Saves within this many milliseconds count as one."""


class _Guard:
    """Refuses other hosts and origins, and forbids scripts that are not the page's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if host.rpartition(":")[0] not in HOSTS or (origin and urlsplit(origin).netloc != host):
            refused = PlainTextResponse("This page is for this machine only.", status_code=403)
            await refused(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                added["Content-Security-Policy"] = POLICY
                added["X-Content-Type-Options"] = "nosniff"
                added["Referrer-Policy"] = "no-referrer"
                added["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_guarded)


class Live:
    """The newest state of the deck, and everyone who waits for the next.

    `make` makes the state, `examine` adds the findings that take longer, `editor` says how to open a line. Each state
    has a new version; the edition changes only if cards may differ.
    """

    def __init__(self, make: Callable[[], Preview], examine: Callable[[], Preview], editor: str | None = None) -> None:
        self._make, self._examine = make, examine
        self.editor = editor
        self.preview = make()
        self.version = self.edition = secrets.randbelow(2**31)  # not that of a page that is still open
        self.closed = False
        self._changed = asyncio.Condition()
        self._working = asyncio.Lock()

    async def remake(self) -> None:
        """Make a new state and wake everyone who waits."""
        async with self._working:
            await self._show(await asyncio.to_thread(self._make))
        await self.examine()

    async def examine(self) -> None:
        """Add the findings that take longer."""
        async with self._working:
            await self._show(await asyncio.to_thread(self._examine))

    async def next_after(self, version: int) -> int:
        """Wait for a state that is newer than this version, or for the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.version > version or self.closed)
            return self.version

    async def close(self) -> None:
        """End all waiting."""
        async with self._changed:
            self.closed = True
            self._changed.notify_all()

    async def _show(self, preview: Preview) -> None:
        if preview == self.preview:
            return
        async with self._changed:
            self.edition += preview.show is not self.preview.show
            self.preview = preview
            self.version += 1
            self._changed.notify_all()


def make_app(live: Live, watched: Sequence[Path]) -> Starlette:
    """Return the web application. It remakes the preview when a file below the watched folders changes."""

    async def events(_: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            version = live.version
            yield f"data: {version}\n\n"
            while not live.closed:
                version = await live.next_after(version)
                yield f"data: {version}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def index(_: Request) -> Response:
        told = {"version": live.version, "edition": live.edition, "opens": live.editor is not None}
        return JSONResponse({**told, **live.preview.index()})

    async def faces(request: Request) -> Response:
        edition, preview = live.edition, live.preview
        return JSONResponse({"edition": edition, "faces": preview.faces(request.query_params.getlist("id"))})

    async def places(request: Request) -> Response:
        edition, preview = live.edition, live.preview
        where = await asyncio.to_thread(preview.where, request.query_params.getlist("id"))
        return JSONResponse({"edition": edition, "where": where})

    async def picture(request: Request) -> Response:
        name = request.path_params["name"]
        try:
            return Response(live.preview.media[name].read(), media_type=picture_type(name))
        except (KeyError, OSError):
            return PlainTextResponse("not found", status_code=404)

    def file(name: str, kind: str) -> Route:
        content = asset(name)
        return Route(f"/{name}", lambda _: Response(content, media_type=kind))

    @contextlib.asynccontextmanager
    async def watching(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.gather(_watch(live, watched), live.examine())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    routes: Iterable[Route] = (
        Route("/", lambda _: Response(page(), media_type="text/html")),
        *(file(name, kind) for name, kind in ASSETS.items()),
        Route("/cards.json", index),
        Route("/faces.json", faces),
        Route("/places.json", places),
        Route("/events", events),
        Route("/open", _opening(live), methods=["POST"]),
        Route("/{name}", picture),
    )
    app = Starlette(routes=list(routes), lifespan=watching)
    app.add_middleware(_Guard)
    return app


def _opening(live: Live) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that opens a place of the deck in the editor."""

    async def open_(request: Request) -> Response:
        where = (await request.body())[:_LONGEST].decode("utf-8", "replace")
        answer = None
        if live.editor and request.headers.get("origin"):  # browsers send the origin, and the guard has checked it
            answer = await asyncio.to_thread(open_at, live.editor, live.preview.folder, where)
        return PlainTextResponse(answer or "", status_code=404 if answer is None else 200)

    return open_


async def _watch(live: Live, watched: Sequence[Path]) -> None:
    folders = [folder for folder in watched if folder.is_dir()]
    async for _ in watchfiles.awatch(*folders, debounce=_DEBOUNCE, step=20):
        await live.remake()


class _Server(uvicorn.Server):
    """A server that reports its address as soon as it is ready, and ends all waiting when it stops."""

    def __init__(self, live: Live, watched: Sequence[Path], ready: Callable[[], None]) -> None:
        app = make_app(live, watched)
        super().__init__(uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1))
        self._live = live
        self._ready = ready

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._live.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(live: Live, watched: Sequence[Path], port: int, ready: Callable[[str], None]) -> None:
    """Serve until the user stops it. `ready` gets the page's address. Raise OSError if the port is taken.

    With `port` 0, a deck gets the same port each time if it is free, because browsers store a page's data by its port.
    """
    usual = _PORTS.start + zlib.crc32(str(live.preview.folder.resolve()).encode()) % len(_PORTS)
    with _listening(port, usual) as listening, contextlib.suppress(KeyboardInterrupt):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        _Server(live, watched, lambda: ready(address)).run(sockets=[listening])


def _listening(port: int, usual: int) -> socket.socket:
    """Return a socket on a port or, if that is 0, on the usual port or any free one."""
    if port:
        return socket.create_server(("127.0.0.1", port))
    try:
        return socket.create_server(("127.0.0.1", usual))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))

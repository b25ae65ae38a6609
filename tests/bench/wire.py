"""A line of a given length to a server: it delays each direction by half a round trip, and counts."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Self


class Direct:
    """No line at all: what passes is not counted, and nothing stands between the two; to be used in a ``with``."""

    up = down = round_trips = 0

    def __init__(self, port: int) -> None:
        self.port = port

    def forget(self) -> None:
        """There is nothing to forget."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""


class Line:
    """A loopback port that leads to another one; to be used in a ``with``.

    Unlike the tests' proxy it keeps nothing, and it delays as distance does: what is sent close together arrives close
    together.

    Attributes:
        up, down: bytes from and to the client.
        round_trips: how often the client spoke after the server had.
    """

    def __init__(self, port: int, seconds: float) -> None:
        self._to = port
        self._half = seconds / 2
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0
        self.forget()

    def forget(self) -> None:
        """Count from zero."""
        self.up = self.down = self.round_trips = 0
        self._server_spoke = True

    def __enter__(self) -> Self:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20), self._loop
        ).result()
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to, limit=1 << 20)
        await asyncio.gather(self._pass(reader, far_writer, up=True), self._pass(far_reader, writer, up=False))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=256)

        async def arrive() -> None:
            while True:
                due, data = await under_way.get()
                wait = due - self._loop.time()
                if wait > 0:
                    await asyncio.sleep(wait)
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()

        arriving = asyncio.create_task(arrive())
        data = b"-"
        with suppress(OSError):
            while data:
                data = await reader.read(1 << 18)
                if up and data:
                    self.up += len(data)
                    self.round_trips += self._server_spoke
                    self._server_spoke = False
                elif data:
                    self.down += len(data)
                    self._server_spoke = True
                await under_way.put((self._loop.time() + self._half, data))
        with suppress(OSError, asyncio.CancelledError):
            await arriving

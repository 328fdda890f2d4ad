"""A TCP proxy of the test's own that cuts sockets in the middle of what the desk says."""

import asyncio
import contextlib
import socket
import threading

_CHUNK = 65_536


class WireCutter:
    """Forwards to ``target``. Each of the first ``cuts`` upgraded connections is reset after ``after`` bytes from the
    desk; plain HTTP and all later connections pass untouched."""

    def __init__(self, target: int, cuts: int, after: int) -> None:
        self._target = target
        self._cuts = cuts
        self._after = after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut = 0

    def __enter__(self) -> "WireCutter":
        self._thread.start()
        starting = asyncio.start_server(self._serve, sock=self._listener)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(60)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            desk, to_desk = await asyncio.open_connection("127.0.0.1", self._target)
            try:
                await asyncio.gather(self._ask(client, to_desk), self._answer(desk, to_client))
            finally:
                to_desk.transport.abort()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            to_client.transport.abort()
            self._tasks.discard(task)

    async def _ask(self, client: asyncio.StreamReader, to_desk: asyncio.StreamWriter) -> None:
        while data := await client.read(_CHUNK):
            to_desk.write(data)
            await to_desk.drain()
        to_desk.transport.abort()

    async def _answer(self, desk: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        passed, doomed = 0, False
        while data := await desk.read(_CHUNK):
            if passed == 0 and data.startswith(b"HTTP/1.1 101"):
                doomed = self._cuts > 0
                self._cuts -= doomed
            if doomed and passed + len(data) > self._after:
                self.cut += 1
                to_client.write(data[: max(0, self._after - passed)])
                with contextlib.suppress(OSError):
                    await to_client.drain()
                raise ConnectionResetError
            passed += len(data)
            to_client.write(data)
            await to_client.drain()
        to_client.transport.abort()

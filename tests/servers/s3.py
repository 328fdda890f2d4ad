"""An S3 server of the tests' own (moto's), as a process with a private port and one bucket."""

import contextlib
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException

BUCKET = "balie"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""What the client signs with; moto takes any."""
UP_WITHIN_S = 90


class PrivateS3:
    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"s3://{BUCKET}/blobs?endpoint=http://127.0.0.1:{self.port}&region=eu-west-1"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start with an empty bucket, and wait until it is there."""
        words = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(self.port)]
        self._running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + UP_WITHIN_S
        while not self._has_bucket():
            assert self._running.poll() is None, "moto's server ended at its start"
            assert time.monotonic() < until, "moto's server does not come up"
            time.sleep(0.05)  # nothing tells when it listens

    def stop(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait(60)
            self._running = None

    def _has_bucket(self) -> bool:
        # Any signature will do, but the region's name stands in it.
        signed = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        place = "<LocationConstraint>eu-west-1</LocationConstraint>"
        body = f"<CreateBucketConfiguration>{place}</CreateBucketConfiguration>"
        try:
            with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                connection.request("PUT", f"/{BUCKET}", body, {"authorization": signed})
                return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False

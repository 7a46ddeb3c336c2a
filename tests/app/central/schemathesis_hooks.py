"""Loaded by schemathesis: how the pieces of a file travel."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def pieces(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/octet-stream")
def content(_context: Any, response: Any) -> bytes:
    body: bytes = response.content
    return body

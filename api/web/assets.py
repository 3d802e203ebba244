"""The pages' own files: styles, scripts, the icon. Each address names the content, so that browsers may keep it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
"""What is served; anything else that lies in the folder is not."""
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    body: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name, such as "vendor/htmx.min.js"."""
    return dict(_found(files("api.web").joinpath("static"), ""))


def url_of(name: str) -> str:
    """The address of a file; another as soon as its content is another."""
    return f"/static/{name}?v={assets()[name].digest}"


@router.get("/static/{name:path}")
def serve(name: str, request: Request) -> Response:
    """A file by its name; only what is listed can be asked for, so no path leads elsewhere."""
    asset = assets().get(name)
    if asset is None:
        raise HTTPException(404)
    named = request.query_params.get("v") == asset.digest
    headers = {"Cache-Control": _FOREVER if named else "no-cache", "ETag": f'"{asset.digest}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def _found(folder: Traversable, prefix: str) -> Iterator[tuple[str, Asset]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _found(one, f"{prefix}{one.name}/")
        elif (kind := one.name.rpartition(".")[2]) in _TYPES:
            body = one.read_bytes()
            yield f"{prefix}{one.name}", Asset(body, _TYPES[kind], hashlib.sha256(body).hexdigest()[:16])

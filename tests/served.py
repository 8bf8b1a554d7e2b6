"""Archives in Datasette, asked without a network, and what a browser would make of the answers."""

from __future__ import annotations

import asyncio
import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from datasette.app import Datasette


class Served:
    """Datasette with some files, asked without a network."""

    def __init__(self, *paths: Path, **more: object) -> None:
        self._datasette = Datasette([str(path) for path in paths], **more)
        self._runner = asyncio.Runner()

    def get(self, path: str, status: int = 200, **asked: object) -> str:
        address = f"{path}?{urlencode(asked)}" if asked else path
        answer = self._runner.run(self._datasette.client.get(address, follow_redirects=True))
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def rows(self, path: str, **asked: object) -> list[dict[str, object]]:
        found = json.loads(self.get(f"{path}.json", **asked, _shape="array"))
        assert isinstance(found, list)
        return found

    def found(self, query: str, database: str = "news", **asked: object) -> list[object]:
        return [row["id"] for row in self.rows(f"/{database}/articles", _search=query, _size="max", **asked)]

    def close(self) -> None:
        self._runner.close()
        for database in self._datasette.databases.values():
            database.close()


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts = ""
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, _: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        self.scripts += data if self._in_script else ""


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


def tags(page: str) -> set[str]:
    return {tag for tag, _ in parsed(page).tags}

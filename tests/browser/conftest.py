"""A browser and people at it. Whatever a page complains of, or asks of another house, fails the test."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, ViewportSize, expect

from hub.domain.people import User
from tests.browser.chromium import chromium
from tests.web import PASSWORD, RunningHub

expect.set_options(timeout=60_000)  # against a hang; five seconds would be a measure of the machine
VIEWPORT = ViewportSize(width=1366, height=768)
# a refused action and a hub that is away are part of the stories; the browser itself reports them
EXPECTED = ("Failed to load resource", "net::ERR", "Response Status Error Code 4", "htmx:")


@dataclasses.dataclass
class Room:
    """People at their browsers, around one hub."""

    browser: Browser
    hub: RunningHub
    complaints: list[str] = dataclasses.field(default_factory=list)

    async def seat(self, user: User, *, touched: bool = True, lang: str = "zh-CN") -> Page:
        """`user` signed in at a desk whose live link is up; untouched: as after a restart of the browser."""
        context = await self.browser.new_context(viewport=VIEWPORT, locale=lang)
        page = await self._watched(context)
        if touched:
            await self._through_the_form(page, user)
        else:
            await self._with_a_kept_cookie(page, context, user)
        await page.wait_for_selector("body.desk[data-link=up]")
        return page

    async def visit(self, user: User, path: str, *, lang: str = "zh-CN") -> Page:
        """`user`, signed in, at a page that is no desk."""
        context = await self.browser.new_context(viewport=VIEWPORT, locale=lang)
        page = await self._watched(context)
        await self._with_a_kept_cookie(page, context, user, path)
        return page

    async def _through_the_form(self, page: Page, user: User) -> None:
        await page.goto(f"{self.hub.url}/")
        await page.fill("#username", user.username)
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")

    async def _with_a_kept_cookie(
        self, page: Page, context: BrowserContext, user: User, path: str = "/desk"
    ) -> None:
        desk = await self.hub.sign_in(user)
        kept = [{"name": c.name, "value": c.value or "", "url": self.hub.url} for c in desk.http.cookies.jar]
        await context.add_cookies(kept)  # type: ignore[arg-type]  # a plain dict is what it is
        await page.goto(f"{self.hub.url}{path}")

    async def _watched(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", lambda line: self._console(line.type, line.text))
        page.on("request", self._request)
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED):
            self.complaints.append(f"console: {text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.hub.url, "data:")):
            self.complaints.append(f"asked elsewhere: {request.url}")


@pytest.fixture
async def room(sqlite_hub: RunningHub) -> AsyncIterator[Room]:
    """A room with nobody in it yet."""
    async with chromium() as browser:
        made = Room(browser, sqlite_hub)
        yield made
        assert not made.complaints, "\n".join(made.complaints)

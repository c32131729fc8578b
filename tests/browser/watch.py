"""What happened on a browser page: each request, each console error, each breach of the content policy."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError

# A breach is also a console error; the event names the directive and comes from the page itself.
TELL_BREACHES = """
addEventListener('securitypolicyviolation', (breach) =>
  console.error(`policy: ${breach.effectiveDirective} refused ${breach.blockedURI}`));
"""
LOCAL_SCHEMES = {"data", "blob", "about"}


@dataclass
class Watch:
    """A page and all that was seen on it; `allowed` holds words of console errors that a test expects."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    @classmethod
    async def over(cls, context: BrowserContext) -> "Watch":
        """Open a page in `context` and watch it from its first request on."""
        await context.add_init_script(TELL_BREACHES)
        watch = cls(await context.new_page())
        context.on("request", watch.on_request)
        context.on("console", watch.on_console)
        context.on("weberror", watch.on_exception)
        watch.page.on("websocket", lambda socket: watch.requests.append(socket.url))
        return watch

    def on_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def on_exception(self, error: WebError) -> None:
        self.errors.append(str(error.error))

    def foreign(self) -> list[str]:
        """The requests that left this machine, or tried to."""
        return [
            url
            for url in self.requests
            if urlsplit(url).hostname != "127.0.0.1" and urlsplit(url).scheme not in LOCAL_SCHEMES
        ]

    def judge(self) -> None:
        """Fail when a request went to another host or an error was told that no test expects."""
        unexpected = [error for error in self.errors if not any(words in error for words in self.allowed)]
        assert not self.foreign(), f"requests to other hosts: {self.foreign()}"
        assert not unexpected, f"the browser told errors: {unexpected}"

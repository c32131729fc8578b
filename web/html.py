"""Server-rendered pages: templates that escape everything, under a policy that allows no script."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / "templates"

# `form-action` lets a page post to its own server only; there is no script at all.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@cache
def templates() -> Environment:
    """The templates, read once; an unknown name in one is an error, not an empty place."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    """Render `template` (a name below web/templates) with `facts`; never stored by a cache."""
    text = templates().get_template(template).render(**facts)
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-store"}
    return HTMLResponse(text, status_code=status, headers=headers)

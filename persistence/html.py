"""HTML that people write, without what could harm those who read it (R-TM-01)."""

import nh3

TAGS = {"a", "b", "blockquote", "br", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong", "u", "ul"}
SCHEMES = {"http", "https"}


def cleaned(html: str) -> str:
    """The text with harmless tags only; scripts go with what is in them, other tags leave their text.

    Links keep their address if it is relative or begins with http(s); no other attribute stays.
    """
    return nh3.clean(html.strip(), tags=TAGS, attributes={"a": {"href"}, "*": set()}, url_schemes=SCHEMES).strip()

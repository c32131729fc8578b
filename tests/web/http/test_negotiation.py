"""Which media type an answer gets."""

import pytest

from web.http.negotiation import Media, chosen
from web.http.problems import Problem

GRAPHQL, JSON, EVENTS = Media.GRAPHQL, Media.JSON, Media.EVENTS


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("APPLICATION/JSON;Q=1", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json;q=0.4, application/json;q=0.5", JSON),
        ("application/graphql-response+json;q=0.5, */*", JSON),
        ("application/graphql-response+json, */*;q=0.1", GRAPHQL),
        ("application/json;q=0, */*", GRAPHQL),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        ("text/event-stream", EVENTS),
        ("text/event-stream, application/json;q=0.9", EVENTS),
        ("text/*, application/json;q=0.1", JSON),
        ("application/json;charset=latin1, application/graphql-response+json;q=0.1", GRAPHQL),
    ],
)
def test_the_client_chooses_how_it_is_answered(accept: str, media: Media) -> None:
    assert chosen(accept.encode("latin-1")) is media


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "*/*;q=0", "*/*;q=nan", "application/json;charset=latin1", ";q=1"]
)
def test_a_client_that_wants_nothing_we_write_is_told_so(accept: str) -> None:
    with pytest.raises(Problem) as refused:
        chosen(accept.encode("latin-1"))
    assert (refused.value.code, refused.value.status) == ("NOT_ACCEPTABLE", 406)

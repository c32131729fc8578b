"""Text modules: links that lead somewhere, one preferred language, nothing too long."""

import pytest

from domain.refusals import ValidationFailed
from domain.texts import TextModule, TextType, Translation, checked, in_language, is_absolute_url, links_of


def module(*translations: Translation, type_: TextType = TextType.PLAIN_TEXT) -> TextModule:
    return TextModule("Hinweis", type_, translations)


def as_it_is(html: str) -> str:
    return html


@pytest.mark.rule("R-XC-28")
@pytest.mark.parametrize(
    "address", ["konto.test", "/konto", "ftp://konto.test", "javascript:alert(1)", "https://", "//x"]
)
def test_a_link_is_an_absolute_web_address(address: str) -> None:
    assert not is_absolute_url(address)
    with pytest.raises(ValidationFailed, match="http"):
        checked(module(Translation("de", address), type_=TextType.LINK), clean=as_it_is)


@pytest.mark.rule("R-XC-28")
def test_an_absolute_link_and_a_text_with_one_are_taken() -> None:
    kept = checked(module(Translation("de", " https://konto.test/abo?x=1 "), type_=TextType.LINK), clean=as_it_is)
    assert kept.translations[0].text == "https://konto.test/abo?x=1"
    text = '<p>Verwalten: <a href="https://konto.test">Konto</a></p>'
    checked(module(Translation("de", text), type_=TextType.HTML_TEXT), clean=as_it_is)
    assert links_of(text) == ["https://konto.test"]


@pytest.mark.rule("R-XC-28")
def test_a_relative_link_within_a_text_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="http"):
        checked(module(Translation("de", '<a href="/konto">x</a>'), type_=TextType.HTML_TEXT), clean=as_it_is)


def test_html_is_cleaned_and_must_still_say_something() -> None:
    with pytest.raises(ValidationFailed, match="required"):
        checked(module(Translation("de", "<script>1</script>"), type_=TextType.HTML_TEXT), clean=lambda _: "")


def test_a_single_language_is_the_preferred_one() -> None:
    assert checked(module(Translation("de", "Hallo")), clean=as_it_is).translations[0].preferred


@pytest.mark.rule("R-TM-01")
@pytest.mark.parametrize(
    "translations",
    [
        (),
        (Translation("de", "a"), Translation("en", "b")),
        (Translation("de", "a", preferred=True), Translation("en", "b", preferred=True)),
        (Translation("de", "a", preferred=True), Translation("de", "b")),
        (Translation("deutsch", "a"),),
        (Translation("de", ""),),
        (Translation("de", "x" * 5001),),
    ],
)
def test_languages_at_odds_and_texts_too_long_are_refused(translations: tuple[Translation, ...]) -> None:
    with pytest.raises(ValidationFailed):
        checked(module(*translations), clean=as_it_is)


@pytest.mark.rule("E-A17")
def test_a_reader_gets_the_own_language_or_its_mother_or_the_preferred_one() -> None:
    said = [Translation("de", "a"), Translation("fr-CH", "b"), Translation("en", "c", preferred=True)]
    assert [in_language(said, wanted).text for wanted in ("de-AT", "fr-CH", "it")] == ["a", "b", "c"]

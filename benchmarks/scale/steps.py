"""The sizes of the data sets, and how each is dealt to its tenants."""

from dataclasses import dataclass

from benchmarks.options import Scale

USUAL = "10x1000000,1000x1000000,10000x1000000,10000x5000000"

FOUNDED = 24
"""Tenants that are founded through the product; the others are rows, and have partners only."""

LEAST_FOUNDED = 6
ORGANIZATIONS = 5_000
"""Organizations of the tenant that has a whole tree of them."""

REGIONS = 10
BRANCHES = 5
GIANT_BRANCHES = 50
GIANT, TREE = 0, 1
"""The numbers of the giant and of the tenant with the tree."""

GIANT_SHARE, TREE_SHARE = 0.2, 0.1
LEAST_PARTNERS = 2_000
"""What each founded tenant has at least, so that pages are full in every set."""


class WrongStepError(Exception):
    """The words are no size; the message is one sentence."""


@dataclass(frozen=True)
class Step:
    """One data set: so many tenants, and about so many partners of all."""

    tenants: int
    partners: int

    @property
    def name(self) -> str:
        """As it is written on the command line."""
        return f"{self.tenants}x{self.partners}"

    @property
    def founded(self) -> int:
        """How many tenants are founded through the product; these are asked."""
        return min(self.tenants, FOUNDED)

    @property
    def scale(self) -> Scale:
        """The offers and carts of the founded tenants."""
        return Scale(self.founded, self.partners, offers=60, external=40, carts=50)

    def partners_of(self, number: int) -> int:
        """How many partners the tenant of this number has."""
        if number == GIANT:
            return max(LEAST_PARTNERS, round(self.partners * GIANT_SHARE))
        if number == TREE:
            return max(LEAST_PARTNERS, round(self.partners * TREE_SHARE))
        share = round(self.partners * (1 - GIANT_SHARE - TREE_SHARE) / (self.tenants - 2))
        return max(LEAST_PARTNERS, share) if number < self.founded else max(1, share)


def steps(words: str) -> list[Step]:
    """The steps that `10x1000000,10000x5000000` names. Raises WrongStepError."""
    return [_step(word.strip()) for word in words.split(",")]


def _step(word: str) -> Step:
    tenants, _, partners = word.partition("x")
    if not (tenants.isdecimal() and partners.isdecimal()):
        raise WrongStepError(f"{word!r} is no step: write tenants, x and partners, like 1000x1000000.")
    step = Step(int(tenants), int(partners))
    if step.tenants < LEAST_FOUNDED:
        raise WrongStepError(f"{word} has too few tenants: at least {LEAST_FOUNDED} are needed.")
    return step

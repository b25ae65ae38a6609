"""Orders and packages while they are being joined: many to many, each with the mails that spoke of it.

A *position* is the place of a notice in the list of all notices, oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import CodeKind, TrackingCode, Trust

#: How much a word weighs against another: the owner's and a trusted mail's alike, an unverified one's less.
RANK = {Trust.SUSPICIOUS: 0, Trust.UNVERIFIED: 1, Trust.TRUSTED: 2, Trust.OWNER: 2}

#: The position of what is older than every notice.
BEFORE_ALL = -1


@dataclass(slots=True, eq=False)
class Order:
    """One order, with all numbers that name it and everything that was said of it.

    Attributes:
        shop: the shop it was placed at, where known.
        numbers: its numbers with the position of the notice that first named each.
        packages: the packages it travels in, oldest first.
        said: positions of the notices that speak of the order and name no code of it.
    """

    shop: str | None
    numbers: dict[str, int] = field(default_factory=dict)
    packages: list[Package] = field(default_factory=list)
    said: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Code:
    """A code of a package: what is known of it, the position since which it holds, and its first."""

    code: TrackingCode
    since: int
    first: int


@dataclass(slots=True, eq=False)
class Package:
    """One package: its codes, the orders in it, and what was said of it.

    Attributes:
        born: position of the first notice that names it.
        codes: its codes by their text.
        orders: the orders in it.
        said: positions of the notices that name one of its codes, and of the owner's marks on them.
        changes: positions of the notices that changed its code to a different one, oldest first.
        rank: the best rank of a notice that gave one of its codes.
        informed, ended: whether a mail that names a code of it told information, or its arrival or return.
        awaited: a mail said that its code changes and did not name the new one.
    """

    born: int
    codes: dict[str, Code] = field(default_factory=dict)
    orders: dict[Order, None] = field(default_factory=dict)
    said: set[int] = field(default_factory=set)
    changes: list[int] = field(default_factory=list)
    rank: int = 0
    informed: bool = False
    ended: bool = False
    awaited: bool = False

    @property
    def changed(self) -> int:
        """Position of the newest change of the code."""
        return self.changes[-1] if self.changes else BEFORE_ALL

    @property
    def only_package_ids(self) -> bool:
        """Whether no carrier's number is known yet."""
        return all(code.code.kind is CodeKind.PACKAGE_ID for code in self.codes.values())

    @property
    def newest_first(self) -> list[TrackingCode]:
        """Its codes, the current first; between two changes the carrier's number before the package id."""

        def age(code: Code) -> tuple[int, bool, int, str]:
            leg = max((change for change in self.changes if change <= code.since), default=BEFORE_ALL)
            return leg, code.code.kind is CodeKind.TRACKING_NUMBER, code.since, code.code.code

        if len(self.codes) == 1:
            return [code.code for code in self.codes.values()]
        return [code.code for code in sorted(self.codes.values(), key=age, reverse=True)]

    @property
    def oldest_code(self) -> str:
        """The code that was named first."""
        return min(self.codes.values(), key=lambda code: (code.first, code.code.code)).code.code

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands among all packages: the oldest first."""
        return self.born, self.oldest_code

    def hold(self, order: Order) -> None:
        """Tie *order* to this package."""
        if order not in self.orders:
            self.orders[order] = None
            order.packages.append(self)

    def absorb(self, other: Package) -> None:
        """Take over all of *other*, which turned out to be the same package."""
        self.codes.update(other.codes)
        for order in other.orders:
            order.packages.remove(other)
            self.hold(order)
        self.born = min(self.born, other.born)
        self.said |= other.said
        self.changes = sorted({*self.changes, *other.changes})
        self.rank = max(self.rank, other.rank)
        self.informed |= other.informed
        self.ended |= other.ended
        self.awaited |= other.awaited

"""What became of a round, platform by platform, and of many rounds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.acceptance.chaos.count import Count, Spot
from tests.acceptance.chaos.plan import Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """One platform. `in_flight` are the sends cut off by kills or stops, `unknowns` those that stand and were not told.

    Both may be doubled. `again` are the doubles that the platform should have dropped; None where it drops none.
    """

    platform: str
    count: Count
    in_flight: Counter[Spot]
    unknowns: int
    sent: int
    again: Counter[Spot] | None = None

    @property
    def most(self) -> int:
        """How many may be doubled."""
        return self.in_flight.total() + self.unknowns

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; nothing when all is well."""
        found = [f"{self.platform}: chat {chat} lost part {number}" for chat, number in self.count.lost]
        found += [f"{self.platform}: chat {spot[0]} has part {spot[1]} again" for spot in self.again or ()]
        unexplained = self.count.doubled - self.in_flight
        if unexplained.total() > self.unknowns:
            found.append(f"{self.platform}: doubled without a reason, {self.unknowns} unknowns but {dict(unexplained)}")
        return found + [f"{self.platform}: {wrong}" for wrong in self.count.wrong]

    def __str__(self) -> str:
        doubled = "doubled" if self.again is None else f"doubled {self.again.total()}, where no nonce helps"
        return (
            f"{self.platform} {self.sent} sent for {self.count.parts} parts, "
            f"lost {self.count.lost.total()}, {doubled} {self.count.doubled.total()} of at most {self.most} "
            f"({self.in_flight.total()} in flight at kills, {self.unknowns} never answered)"
        )


@dataclass(kw_only=True, slots=True)
class Outcome:
    """A round; `wrong` is what should never be, whatever the platform."""

    plan: Plan
    tallies: list[Tally] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    kills: int = 0
    terms: int = 0
    news: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; nothing when all is well."""
        return self.wrong + [fault for tally in self.tallies for fault in tally.faults]

    def __str__(self) -> str:
        plan = self.plan
        head = (
            f"seed {plan.seed}: {plan.weather}, {self.kills} kills, {self.terms} stops, news {self.news or '-'}; "
            f"{self.seconds:.0f} s"
        )
        faults = [f"FAULT: {fault}" for fault in self.faults]
        return "\n    ".join([head, *map(str, self.tallies), *faults])


def total(outcomes: Sequence[Outcome]) -> str:
    """Return the sum of all rounds, a line for each platform."""
    kills, terms = sum(one.kills for one in outcomes), sum(one.terms for one in outcomes)
    head = f"{len(outcomes)} rounds, {kills} kills, {terms} stops, {sum(bool(one.faults) for one in outcomes)} at fault"
    return "\n    ".join([head, *map(str, sums(outcomes))])


def sums(outcomes: Sequence[Outcome]) -> list[Tally]:
    """Return each platform's tally over all rounds."""
    return [_sum(column) for column in zip(*(one.tallies for one in outcomes), strict=True)]


def _sum(tallies: Sequence[Tally]) -> Tally:
    whole = Count()
    in_flight: Counter[Spot] = Counter()
    for tally in tallies:
        whole.parts += tally.count.parts
        whole.lost.update(tally.count.lost)
        whole.doubled.update(tally.count.doubled)
        whole.wrong += tally.count.wrong
        in_flight.update(tally.in_flight)
    again = [tally.again for tally in tallies if tally.again is not None]
    unknowns, sent = sum(tally.unknowns for tally in tallies), sum(tally.sent for tally in tallies)
    return Tally(
        platform=tallies[0].platform,
        count=whole,
        in_flight=in_flight,
        unknowns=unknowns,
        sent=sent,
        again=sum(again, Counter()) if again else None,
    )

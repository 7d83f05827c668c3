"""How many films have which texts, and why the others have none: as a table, a file and a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from moviechat.files import replacing, write_json
from moviechat.schema import Passage
from moviechat.wikipedia.sections import SECTIONS

_NO_SECTION = "no section"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The number of films, how many have each section, and of each film without a text the reason."""

    films: int
    sections: dict[str, int]
    without: dict[str, str]

    @classmethod
    def of(cls, films: Sequence[str], passages: Iterable[Passage], reasons: Mapping[str, str]) -> Self:
        """Count the films of each section; `reasons` says of a film without passages why."""
        pairs = {(text.tconst, text.section or _NO_SECTION) for text in passages}
        counts, described = Counter(section for _, section in pairs), {tconst for tconst, _ in pairs}
        order = [*SECTIONS, *sorted(counts.keys() - set(SECTIONS))]
        without = {tconst: reasons[tconst] for tconst in films if tconst not in described}
        return cls(len(films), {name: counts[name] for name in order if counts[name]}, without)

    def table(self) -> str:
        """A line a section and a reason, with the number of films and their share."""
        reasons = Counter(self.without.values()).most_common()
        lines = [*self.sections.items(), *((f"none: {reason}", count) for reason, count in reasons)]
        return "\n".join(f"{name:<44}{count:>9,}{count / max(self.films, 1):>8.1%}" for name, count in lines)

    def save(self, folder: Path) -> None:
        """Write coverage.json and, of several sections, coverage.png; the same figures give the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        said = {"films": self.films, "sections": self.sections, "without": self.without}
        write_json(folder / "coverage.json", said)
        if len(self.sections) > 1:
            with replacing(folder / "coverage.png") as partial:
                self._draw(partial)

    def _draw(self, path: Path) -> None:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        bars = {**self.sections, "none": len(self.without)}
        # A user's own matplotlibrc would change the bytes.
        with matplotlib.rc_context(matplotlib.rcParamsDefault):
            figure = Figure(figsize=(7.2, 0.6 + 0.4 * len(bars)), dpi=110, layout="constrained")
            FigureCanvasAgg(figure)
            axes = figure.add_subplot()
            axes.set_title(f"Films with a text of each section ({self.films:,} films)", fontsize=11)
            axes.spines[["top", "right"]].set_visible(False)
            axes.barh(list(bars), list(bars.values()), color="#1f6feb")
            axes.invert_yaxis()
            figure.savefig(path, format="png", metadata={"Software": None})

"""SHIM until the package is merged."""
from __future__ import annotations
from dataclasses import dataclass
@dataclass(frozen=True, slots=True)
class Outside:
    title: str
    year: int
    votes: int
@dataclass(frozen=True, slots=True)
class FilmMention:
    span: tuple[int, int]
    films: tuple[str, ...]
    doubles: tuple[str, ...]
    outside: tuple[Outside, ...]
    how: str
    score: float
    near: tuple[str, ...] = ()
@dataclass(frozen=True, slots=True)
class PersonMention:
    span: tuple[int, int]
    name: str
    others: tuple[str, ...]
    how: str
    score: float
class Old:
    def __init__(self, search): self.s = search
    def films(self, text): return [FilmMention(l.span,(l.tconst,*l.others),(),(),l.how,.9) for l in self.s.link(text)]
    def people(self, text): return [PersonMention(l.span,l.name,l.others,l.how,.8) for l in self.s.link_people(text)]
def apart(ms, t):
    kept=[]
    for m in sorted(ms,key=lambda m:(-m.score,m.span[0]-m.span[1],m.span)):
        if m.score>=t and not any(k.span[0]<m.span[1] and m.span[0]<k.span[1] for k in kept): kept.append(m)
    return sorted(kept,key=lambda m:m.span)

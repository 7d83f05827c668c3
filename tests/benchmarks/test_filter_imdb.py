from pathlib import Path

from benchmarks.filter_imdb import make
from moviechat import params
from moviechat.catalogue import load_movies
from moviechat.imdb.tables import TABLES, verify
from moviechat.stages import download, filter

PROFILE = Path(__file__).parents[2] / "profiles" / "imdb.yaml"


def test_made_up_files_have_imdbs_shape_and_make_a_catalogue(tmp_path: Path) -> None:
    make(tmp_path / "given", scale=0.001)
    make(tmp_path / "again", scale=0.001)
    for table in TABLES:
        given = tmp_path / "given" / table.filename
        assert given.read_bytes() == (tmp_path / "again" / table.filename).read_bytes()
        rows, odd = verify(given, table)
        assert odd == 0 and rows > 1000
    p = params.load(PROFILE)
    given_here = p.download.model_copy(update={"folder": str(tmp_path / "given"), "url": None})
    download.run(given_here, out=tmp_path / "tables", cache=tmp_path / "cache")
    files = {name: tmp_path / f"{name}.parquet" for name in ("movies", "outside")}
    filter.run(p.filter, tables=tmp_path / "tables", dropped=tmp_path / "dropped.json", **files)
    movies = load_movies(files["movies"])
    assert movies and all(2019 <= m.year <= 2022 and m.votes >= p.filter.min_votes for m in movies)
    assert (
        any(m.cast for m in movies) and any(m.directors for m in movies) and any(m.alternative_titles for m in movies)
    )

import csv
import os
import sqlite3
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "data" / "measurements.csv"
DATABASE = os.environ.get("DATABASE", "measurements.db")


def prepare() -> None:
    with sqlite3.connect(DATABASE) as connection, SOURCE.open(newline="") as file:
        connection.execute("drop table if exists measurement")
        connection.execute("create table measurement (place text, degrees real)")
        connection.executemany("insert into measurement values (:place, :degrees)", csv.DictReader(file))


def rows() -> list[tuple[str, float]]:
    with sqlite3.connect(DATABASE) as connection:
        return connection.execute("select place, degrees from measurement order by place").fetchall()


def mean(place: str) -> float | None:
    with sqlite3.connect(DATABASE) as connection:
        return connection.execute("select avg(degrees) from measurement where place = ?", (place,)).fetchone()[0]

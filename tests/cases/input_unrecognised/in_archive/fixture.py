import pathlib

from tlvfixtures import *

write("bundle.zip", (pathlib.Path(__file__).resolve().parents[3] / "archives/stored.zip").read_bytes())

import pathlib

from tlvfixtures import *

write("bundle.tar", (pathlib.Path(__file__).resolve().parents[3] / "archives/ustar.tar").read_bytes()[:5000])

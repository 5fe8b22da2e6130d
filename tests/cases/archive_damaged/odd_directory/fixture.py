"""A zip in which a member was replaced the way zipfile's append mode leaves it: out of the directory, still in the file."""
import io, pathlib, zipfile

from tlvfixtures import *

ITL = (pathlib.Path(__file__).resolve().parents[2] / "input_unreadable/missing/itl.tlv").read_bytes()


def info(name):
    return zipfile.ZipInfo(name, (2026, 11, 20, 0, 0, 0))


first = io.BytesIO()
with zipfile.ZipFile(first, "w") as archive:
    archive.writestr(info("removed.tlv"), ITL)
data = first.getvalue()
both = io.BytesIO(data[:data.index(b"PK\x01\x02")])
with zipfile.ZipFile(both, "a") as archive:
    archive.writestr(info("itl.tlv"), ITL)
write("bundle.zip", both.getvalue())

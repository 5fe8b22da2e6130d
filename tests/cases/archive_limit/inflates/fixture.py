import gzip, io, pathlib

from tlvfixtures import *

ITL = (pathlib.Path(__file__).resolve().parents[2] / "input_unreadable/missing/itl.tlv").read_bytes()
packed = io.BytesIO()
with gzip.GzipFile("", "wb", 9, packed, 0) as file:
    file.write(ITL + bytes(20 << 20))
write("list.gz", packed.getvalue())

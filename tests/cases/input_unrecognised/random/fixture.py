from tlvfixtures import *

write("backup.bin", bytes(n * 37 % 251 for n in range(2000)))

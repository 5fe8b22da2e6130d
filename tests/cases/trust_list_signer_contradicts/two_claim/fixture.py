from tlvfixtures import *

real = cucm.callmanager
impostor = record(SAST, cucm.other, subject=real.subject, issuer=real.issuer, serial=real.serial)
records = cucm.old_itl_records()
write("ITLSEP001122334455.tlv", itl(real, [records[0], impostor, *records[1:]]))

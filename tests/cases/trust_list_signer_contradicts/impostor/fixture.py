from tlvfixtures import *

real = cucm.callmanager
impostor = record(SAST, cucm.other, subject=real.subject, issuer=real.issuer, serial=real.serial)
write("ITLSEP001122334455.tlv", itl(real, [impostor, *cucm.old_itl_records()[1:]], key="other"))

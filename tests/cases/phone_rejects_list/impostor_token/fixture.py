from tlvfixtures import *

real = cucm.callmanager
place = cucm.name("cucm-pub.example.com")
fake = certificate(place, "other", serial=real.serial.hex(), dns=["cucm-pub.example.com"])
old = cucm.old_itl_records()
write("phone.tlv", itl(real, [*old[:2], old[3]]))
write("server.tlv", itl(fake, [record(SAST, fake), record(CCM_TFTP, fake), old[3]]))

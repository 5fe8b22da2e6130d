from wire import *

wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"


def ask(*say):
    conversation = tls(cucm.tvs, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0", say=say)
    wire.secrets += conversation.key_log
    with wire.tcp(phone, server, 2445) as flow:
        flow.play(conversation)


# The new CallManager certificate signs the configuration, and TVS has never heard of it; nor of a web server.
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", configuration)
ask(("client", tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)), ("server", tvs_answer(status=1)))
ask(("client", tvs_request("CP-8861-SEP001122334455", cucm.other, session=0x3EA, whole=True)), ("server", tvs_answer(session=0x3EA, status=1, whole=True)))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())

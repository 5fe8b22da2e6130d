from wire import *

# The client sees the certificate and leaves without a word, twice.
wire = Wire()
for number in range(2):
    conversation = tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com")
    with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
        for who, data in conversation.turns[:2]:
            flow.say(who, data)
        flow.rst("client")
write("login.pcapng", wire.pcapng())

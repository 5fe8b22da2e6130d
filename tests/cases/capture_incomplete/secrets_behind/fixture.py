from wire import *

# The Decryption Secrets Block stands behind the packets that it is for.
wire = Wire()
conversation = tls(cucm.tomcat, version="1.3", server_name="cucm-pub.example.com")
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    flow.play(conversation)
log = conversation.key_log + b"\n" * (-len(conversation.key_log) % 4)
length = struct.pack("<I", 20 + len(log))
write("login.pcapng", wire.pcapng() + struct.pack("<I", 10) + length + struct.pack("<II", 0x544C534B, len(log)) + log + length)

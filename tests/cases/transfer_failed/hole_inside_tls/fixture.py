from wire import *

# The phone gets its configuration over HTTPS, and the capture lost a packet of it. The key log opens the rest: what stands
# before the hole and behind it is not the file, and the file that was handed over is not another one.
wire = Wire()
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION + "<!-- " + "padding " * 6_000 + "-->\n")
conversation = tls(
    cucm.tomcat,
    version="1.2",
    ciphers="AES256-SHA:@SECLEVEL=0",
    say=[
        ("client", b"GET /SEP001122334455.cnf.xml.sgn HTTP/1.1\r\nHost: 10.48.36.215\r\n\r\n"),
        ("server", f"HTTP/1.1 200 OK\r\nContent-Length: {len(configuration)}\r\n\r\n".encode() + configuration[:10_000]),
        ("server", configuration[10_000:20_000]),
        ("server", configuration[20_000:]),
        ("client", b"GET /SEP001122334455.cnf.xml.sgn HTTP/1.1\r\nHost: 10.48.36.215\r\n\r\n"),
        ("server", f"HTTP/1.1 200 OK\r\nContent-Length: {len(configuration)}\r\n\r\n".encode() + configuration[:10_000]),
        ("server", configuration[10_000:20_000]),
        ("server", configuration[20_000:]),
    ],
)
wire.secrets += conversation.key_log
lost = next(number for number, (who, data) in enumerate(conversation.turns, 1) if len(data) > 10_000) + 1
with wire.tcp("10.48.36.77", "10.48.36.215", 6971) as flow:
    flow.play(conversation, lost={lost: (3,)})
write("boot.pcapng", wire.pcapng())
write("SEP001122334455.cnf.xml.sgn", configuration)

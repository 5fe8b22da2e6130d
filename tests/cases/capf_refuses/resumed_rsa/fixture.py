from wire import *
from wire import CONVERSATIONS, _context

# The phone talks to CAPF twice. The second connection resumes the session of the first: no key is exchanged in it, and the
# server's RSA key opens it only because it opened the first. CAPF refuses the phone in the second.


def conversations(name, tickets, say):
    """Two connections in a row, the second resuming the first; kept like other conversations."""
    kept = CONVERSATIONS / f"{name}.json"
    if not kept.exists():
        theirs = _context(ssl.PROTOCOL_TLS_SERVER, "1.2", "AES256-SHA:@SECLEVEL=0", cucm.callmanager, (), None)
        theirs.options |= 0 if tickets else ssl.OP_NO_TICKET
        ours = _context(ssl.PROTOCOL_TLS_CLIENT, "1.2", "AES256-SHA:@SECLEVEL=0", None, (), None)
        session, all_turns = None, []
        for spoken in say:
            turns, pipes = [], {"client": (ssl.MemoryBIO(), ssl.MemoryBIO()), "server": (ssl.MemoryBIO(), ssl.MemoryBIO())}
            sides = {
                "client": ours.wrap_bio(*pipes["client"], session=session),
                "server": theirs.wrap_bio(*pipes["server"], server_side=True),
            }

            def carry(who):
                data = pipes[who][1].read()
                if data:
                    turns.append([who, data.hex()])
                    pipes["server" if who == "client" else "client"][0].write(data)

            for _ in range(6):
                for who in ("client", "server"):
                    try:
                        sides[who].do_handshake()
                    except ssl.SSLWantReadError:
                        pass
                    carry(who)
            session = sides["client"].session
            assert sides["client"].session_reused == bool(all_turns)
            for who, data in spoken:
                sides[who].write(data)
                carry(who)
            # OpenSSL forgets a session that does not end properly.
            for who in ("client", "server", "client"):
                try:
                    sides[who].unwrap()
                except ssl.SSLError:
                    pass
                carry(who)
            all_turns.append(turns)
        kept.write_text(json.dumps(all_turns) + "\n")
    return [Conversation([(who, bytes.fromhex(data)) for who, data in turns]) for turns in json.loads(kept.read_text())]


for tickets in (False, True):
    hello = [("server", capf_message(1, (8, b"\2"), (7, b"\3")))]
    refusal = [("server", capf_message(15, (1, b"\x09")))]
    wire = Wire()
    for conversation in conversations(f"capf_resumed_{'ticket' if tickets else 'session'}", tickets, [hello, refusal]):
        with wire.tcp("10.48.36.77", "10.48.36.215", 3804) as flow:
            flow.play(conversation)
    write("ticket.pcapng" if tickets else "session.pcapng", wire.pcapng())
write("callmanager.key.pem", cucm.callmanager.key.pem)

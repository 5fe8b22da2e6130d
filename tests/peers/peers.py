"""The peers of the filter's tests: an origin that changes its face on demand, and clients. Started by tests/src/peers.rs.

One JSON object on each line of standard input is one order; one line of standard output is its answer. Real TLS by
the ssl module (OpenSSL), through memory, so that what goes over the wire can be cut, delayed or spoiled on the way:
`manner` of an order says how.

    {"do": "face", "name": N, "chain": PEM file, "key": PEM file, "version": "1.2"|"1.3"}     a face of the origin
    {"do": "show", "name": N, "manner": {...}}        connections that come from now on see this face
    {"do": "seen"}                                    what the origin got since the last time
    {"do": "client", "port": P, "name": SNI|null, "version": V, "send": TEXT, "manner": {...}}
    {"do": "http", "port": P, "path": PATH, "host": HOST, "more": lines of headers}
    {"do": "dial", "name": SNI|null, "accept": BOOL}  TLS with the origin; answers with its certificate and stays open; or
                                                      breaks off at the certificate, as who does not accept it does
    {"do": "say", "send": BASE64}                     on the dialled connection
    {"do": "hang_up"}
"""

import base64
import hashlib
import json
import socket
import ssl
import sys
import threading
import time

PATIENCE = 20.0
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
ALERT, HANDSHAKE, DATA, CHANGE_CIPHER_SPEC = 21, 22, 23, 20


class Seen:
    """What an origin got on one connection."""

    def __init__(self):
        self.handshake = False
        self.data = b""
        self.raw = 0

    def as_json(self):
        return {"handshake": self.handshake, "data": self.data.decode("latin-1"), "raw": self.raw}


class Origin:
    def __init__(self):
        self.faces = {}
        self.shown = None
        self.manner = {}
        self.lock = threading.Lock()
        self.seen = []
        self.running = []
        # Two origins with the same faces, and so with the same sessions.
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.port, self.other_port = (listener.getsockname()[1] for listener in listeners)
        for listener in listeners:
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def face(self, name, chain, key, version):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = VERSIONS[version]
        context.load_cert_chain(chain, key)
        self.faces[name] = context

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(PATIENCE)
            with self.lock:
                seen, context, manner = Seen(), self.faces.get(self.shown), dict(self.manner)
                self.seen.append(seen)
                thread = threading.Thread(target=self.serve, args=(connection, context, manner, seen), daemon=True)
                self.running.append(thread)
                thread.start()

    def serve(self, connection, context, manner, seen):
        try:
            with connection:
                serve(connection, context, manner, seen)
        except (OSError, ssl.SSLError):
            pass

    def collect(self):
        """What came since the last time, once the connections are over."""
        with self.lock:
            running, self.running = self.running, []
            seen, self.seen = self.seen, []
        for thread in running:
            thread.join(PATIENCE)
        return [one.as_json() for one in seen]


def records(stream):
    """Whole records at the beginning of a bytearray, taken out of it."""
    found = []
    while len(stream) >= 5:
        length = int.from_bytes(stream[3:5], "big") + 5
        if len(stream) < length:
            break
        found.append(bytes(stream[:length]))
        del stream[:length]
    return found


class Wire:
    """Sends what TLS says in the given manner."""

    def __init__(self, connection, manner):
        self.connection = connection
        self.manner = manner
        self.pending = bytearray()
        self.plain = True
        self.sent = 0

    def send(self, data):
        record_bytes = self.manner.get("record_bytes")
        if record_bytes and self.plain:
            self.pending += data
            data = b""
            for record in records(self.pending):
                kind, version, body = record[0], record[1:3], record[5:]
                if kind == HANDSHAKE and self.plain:
                    for at in range(0, len(body), record_bytes):
                        part = body[at : at + record_bytes]
                        data += bytes([kind]) + version + len(part).to_bytes(2, "big") + part
                        if self.manner.get("warnings"):
                            # no_renegotiation, a warning that nobody has to heed (RFC 5246 section 7.2.2).
                            data += bytes([ALERT]) + version + b"\x00\x02\x01\x64"
                else:
                    self.plain = self.plain and kind not in (CHANGE_CIPHER_SPEC, DATA)
                    data += record
            if not self.plain:
                data += bytes(self.pending)
                self.pending.clear()
        stop = self.manner.get("stop_after")
        if stop is not None and self.sent + len(data) >= stop:
            data = data[: stop - self.sent]
            self.connection.sendall(data)
            self.connection.shutdown(socket.SHUT_WR)
            raise OSError("stopped")
        step, pause = self.manner.get("step"), self.manner.get("pause_ms", 0) / 1000
        if step:
            for at in range(0, len(data), step):
                self.connection.sendall(data[at : at + step])
                time.sleep(pause)
        else:
            self.connection.sendall(data)
        self.sent += len(data)


class Tls:
    """TLS over memory."""

    def __init__(self, wire, tls, incoming, outgoing, count):
        self.wire, self.tls, self.incoming, self.outgoing, self.count = wire, tls, incoming, outgoing, count

    def flush(self):
        data = self.outgoing.read()
        if data:
            self.wire.send(data)

    def run(self, step):
        """Repeats a step until it neither wants to read nor to write; None at the end of the stream."""
        while True:
            try:
                result = step()
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                data = self.wire.connection.recv(65536)
                self.count(data)
                if not data:
                    return None
                self.incoming.write(data)
            except ssl.SSLError:
                # The alert, if there is one to send.
                self.flush()
                raise


def wrapped(connection, context, manner, count, **options):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, **options)
    return Tls(Wire(connection, manner), tls, incoming, outgoing, count)


def serve(connection, context, manner, seen):
    if "say" in manner:
        # Not TLS, or a flood of it.
        seen.raw += len(connection.recv(65536))
        said = base64.b64decode(manner["say"])
        for _ in range(manner.get("times", 1)):
            connection.sendall(said)
        drain(connection, seen)
        return

    def count(data):
        seen.raw += len(data)

    peer = wrapped(connection, context, manner, count, server_side=True)
    if peer.run(lambda: peer.tls.do_handshake() or True) is None:
        return
    seen.handshake = True
    while True:
        data = peer.run(lambda: peer.tls.read(65536))
        if not data:
            return
        seen.data += data
        if manner.get("keep_alive"):
            # Requests without bodies, one after the other.
            answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n"
            peer.run(lambda: peer.tls.write(answer * data.count(b"\r\n\r\n")))
            seen.data = b""
        elif data.startswith((b"GET ", b"POST ")):
            body = b"an answer\n"
            head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
            peer.run(lambda: peer.tls.write(head + body))
            drain(connection, seen)
            return
        else:
            peer.run(lambda: peer.tls.write(b"an answer to " + data))


def drain(connection, seen):
    while True:
        data = connection.recv(65536)
        if not data:
            return
        seen.raw += len(data)


def client_context(version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # The filter is to keep bad origins out of clients that look at nothing.
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = VERSIONS[version]
    return context


class Clients:
    def __init__(self):
        self.contexts = {}
        self.sessions = {}

    def connect(self, order):
        manner = order.get("manner", {})
        result = {"raw": 0, "alert": None, "handshake": False, "resumed": False, "data": "", "closed": True}
        received = bytearray()
        first = True

        def count(data):
            nonlocal first
            result["raw"] += len(data)
            if first:
                received.extend(data)
                for record in records(received):
                    if record[0] == ALERT and len(record) == 7:
                        result["alert"] = [record[5], record[6]]
                    if record[0] == CHANGE_CIPHER_SPEC:
                        first = False

        connection = socket.create_connection(("127.0.0.1", order["port"]), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with connection:
                self.talk(connection, order, manner, result, count)
        except socket.timeout:
            result["closed"] = False
        except (OSError, ssl.SSLError) as error:
            result["error"] = type(error).__name__
        return result

    def talk(self, connection, order, manner, result, count):
        if "say" in manner:
            said = base64.b64decode(manner["say"])
            connection.sendall(said)
            while True:
                data = connection.recv(65536)
                if not data:
                    return
                count(data)
                if manner.get("once"):
                    result["data"] += data.decode("latin-1")
                    return
        version = order.get("version", "1.2")
        context = self.contexts.setdefault(version, client_context(version))
        session = self.sessions.get(manner.get("resume"))
        # A peer that resumes asks with the context that the session is of.
        peer = wrapped(connection, context, manner, count, server_hostname=order.get("name"), session=session)
        behind = manner.get("behind")
        if behind:
            try:
                peer.tls.do_handshake()
            except ssl.SSLWantReadError:
                connection.sendall(peer.outgoing.read() + base64.b64decode(behind))
        if manner.get("leave"):
            try:
                peer.tls.do_handshake()
            except ssl.SSLWantReadError:
                peer.flush()
            time.sleep(manner["leave"] / 1000)
            return
        if peer.run(lambda: peer.tls.do_handshake() or True) is None:
            return
        result["handshake"] = True
        result["resumed"] = bool(peer.tls.session_reused)
        said = order.get("send", "").encode("latin-1")
        if said:
            peer.run(lambda: peer.tls.write(said))
            data = peer.run(lambda: peer.tls.read(65536)) or b""
            result["data"] = data.decode("latin-1")
        if "keep" in manner:
            self.sessions[manner["keep"]] = peer.tls.session


def http(order):
    connection = socket.create_connection(("127.0.0.1", order["port"]), timeout=PATIENCE)
    with connection:
        request = "GET {path} HTTP/1.1\r\nhost: {host}\r\n{more}connection: close\r\n\r\n".format(**order)
        connection.sendall(request.encode())
        answer = b""
        while True:
            data = connection.recv(65536)
            if not data:
                break
            answer += data
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    status = head.split(" ")[1] if " " in head else None
    return {"status": status, "body": body}


def plain(order):
    """A client that speaks plain TCP: Envoy speaks TLS."""
    connection = socket.create_connection(("127.0.0.1", order["port"]), timeout=PATIENCE)
    data = b""
    try:
        with connection:
            connection.sendall(order["send"].encode("latin-1"))
            data = connection.recv(65536)
    except OSError:
        pass
    return {"data": data.decode("latin-1")}


class Dialled:
    """A connection with the origin on behalf of a host that has no TLS of its own."""

    def __init__(self, port):
        self.port = port
        self.peer = None

    def dial(self, order):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        peer = wrapped(connection, client_context("1.3"), {}, len, server_hostname=order.get("name"))
        if not order["accept"]:
            with connection:
                try:
                    peer.tls.do_handshake()
                except ssl.SSLWantReadError:
                    peer.flush()
                connection.recv(65536)
            return {"certificate": None}
        try:
            done = peer.run(lambda: peer.tls.do_handshake() or True)
        except (OSError, ssl.SSLError):
            done = None
        if done is None:
            connection.close()
            return {"certificate": None}
        self.peer = peer
        der = peer.tls.getpeercert(True)
        return {
            "certificate": ssl.DER_cert_to_PEM_cert(der),
            "sha256": hashlib.sha256(der).hexdigest(),
            "version": peer.tls.version(),
        }

    def say(self, order):
        said = base64.b64decode(order["send"])
        self.peer.run(lambda: self.peer.tls.write(said))
        data = self.peer.run(lambda: self.peer.tls.read(65536)) or b""
        return {"send": base64.b64encode(data).decode()}

    def hang_up(self):
        if self.peer:
            self.peer.wire.connection.close()
            self.peer = None
        return {}


def main():
    origin, clients = Origin(), Clients()
    dialled = Dialled(origin.port)
    print(json.dumps({"port": origin.port, "other_port": origin.other_port}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        what = order.pop("do")
        if what == "face":
            origin.face(**order)
            answer = {}
        elif what == "show":
            with origin.lock:
                origin.shown, origin.manner = order["name"], order.get("manner", {})
            answer = {}
        elif what == "seen":
            answer = {"connections": origin.collect()}
        elif what == "client":
            answer = clients.connect(order)
        elif what == "http":
            answer = http(order)
        elif what == "plain":
            answer = plain(order)
        elif what == "dial":
            answer = dialled.dial(order)
        elif what == "say":
            answer = dialled.say(order)
        elif what == "hang_up":
            answer = dialled.hang_up()
        else:
            answer = {"unknown": what}
        print(json.dumps(answer), flush=True)


main()

# Findings about captures.

handshake_refused = { $from ->
        [client] { $client } refused the certificate of { $server }: { $description }
       *[server] { $server } refused the certificate of { $client }: { $description }
    }
    .detail = Frame { $frame } is a fatal TLS alert "{ $description }" from the { $from } { $from ->
        [client] ({ $client })
       *[server] ({ $server })
    }, after the { $from ->
        [client] server
       *[server] client
    } had shown { $shown ->
        [none] a certificate that the capture does not hold
       *[other] { $shown } (issued by { $issuer }, frame { $certificate-frame })
    }. { $case ->
        [unknown_ca] It could not build a chain to a CA in its trust store: the chain was not sent whole, or its root is not in the store.
        [internal_error] With OpenSSL-based products this is what a refused name looks like: the chain was right, the address was not in the certificate.
        [expired] It says that the certificate has expired, or that its own clock is wrong.
       *[other] The certificate itself did not please it.
    } { $sni ->
        [none] The client asked for no name.
       *[other] The client asked for { $sni }.
    }
    .remedy-1 = { $case ->
        [unknown_ca] Give the refusing side's trust store with --trust and the certificate's own file: tlvet then says which CA is missing. On Expressway it is Maintenance > Security > Trusted CA certificate on every peer; on CUCM tomcat-trust and CallManager-trust.
        [internal_error] Compare the address that is asked for with the names in the certificate; change System > Server to a name that stands there, or have the certificate issued again.
        [expired] Compare the clocks of both sides (NTP), then renew the certificate.
       *[other] Look at the certificate in the report; give the refusing side's trust store with --trust to have it judged.
    }
    .do-not-1 = Do not search on the side that sent the certificate alone: the side that sent the alert decided.
    .needs = a capture with a TLS handshake

tls_version_refused = { $client } offers { $server } only { $version }, and the connection is broken off
    .detail = The ClientHello in frame { $frame } has record version { $record }, client version { $offered } and { $supported ->
        [none] no supported_versions extension
       *[other] supported versions { $supported }
    }; its highest version is { $version }. { $how ->
        [alert] The server answered with the alert "{ $alert }".
        [rst] The server answered with a reset instead of a ServerHello.
       *[fin] The server closed the connection without a ServerHello.
    } Endpoints since CE 9 and servers since 2020 want TLS 1.2 at least.
    .remedy-1 = { $http ->
        [yes] TMS falls back to HTTP here, which hides the fault: on the TMS server enable TLS 1.2 for .NET and Schannel (SchUseStrongCrypto and SystemDefaultTlsVersions = 1 in both registry views, and the TLS 1.2 Client keys), then restart it.
       *[no] Have the client offer TLS 1.2: on a Windows server (TMS) SchUseStrongCrypto and SystemDefaultTlsVersions = 1 in both registry views and the TLS 1.2 Client keys, then restart it.
    }
    .do-not-1 = Do not judge by the record version: 0x0301 there with 0x0303 inside is normal.
    .needs = a capture with a TLS handshake

transfer_failed = { $name } was not delivered to { $client }
    .detail = { $protocol ->
        [tftp] TFTP
       *[http] HTTP
    }, asked for in frame { $frame } at { $server }: { $case ->
        [error] the answer was "{ $error }"
       *[incomplete] { $bytes } bytes came, and then nothing more; the end is not in the capture
    }. { $kind ->
        [ctl] A CTL exists only in clusters that made one: without it this is as it must be.
        [list] A phone without its list of the server keeps the one it has, or has none.
        [configuration] Without its configuration a phone goes on with the one it has, or does not register.
       *[other] {""}
    }
    .remedy-1 = { $case ->
        [error] Check that the file is there: fetch it with `tftp { $server-host } -c get { $name }` from the same network, and restart the Cisco TFTP service where it is missing.
       *[incomplete] Look for loss on the way (block size and MTU, a firewall that knows no TFTP) and capture on both ends.
    }
    .needs = a capture with a file transfer

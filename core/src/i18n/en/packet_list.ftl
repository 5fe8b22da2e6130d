# Findings about pasted packet lists.

packet_list_handshake = { $case ->
        [old-version] { $client } begins with an old TLS version, and { $server } turns it away
        [turned-away] { $server } turns { $client } away after its ClientHello
        [alert] { $sender ->
            [client] { $client } refuses the certificate of { $server }: { $alert }
           *[server] { $server } refuses the certificate of { $client }: { $alert }
        }
        [refused] { $server } refuses the connections of { $client }{ $service ->
            [HTTPS] {""}
           *[other] {" "}to { $service }
        }
        [never-begun] { $client } opened { $server }, and no ClientHello followed
       *[new-version] { $client } offers { $server } TLS 1.2
    }
    .detail = By the packet list that was pasted{ $count ->
        [one] {""}
       *[other] {" "}({ $count } connections alike; the first is described)
    }: { $case ->
        [old-version] the ClientHello in packet { $frame } { $offered ->
            [none] has record version { $record }; the version of the message and supported_versions were not pasted. A client that offers TLS 1.2 may use the same record version, so the list alone does not prove that the version is the reason
           *[other] offers nothing above { $offered } (record version { $record })
        }, and the server left in packet { $end } without a ServerHello.
        [turned-away] the ClientHello is packet { $frame }, and the server left in packet { $end } without a ServerHello. Which version was offered was not pasted; a server that wants a newer one does just this.
        [alert] packet { $alert-frame } is a fatal alert "{ $alert }" of the { $sender }, about the certificate that the other side had sent. The list does not show which certificate that was.
        [refused] the client asks for the connection in packet { $frame }, and gets a reset in packet { $end } before a word of TLS. Nothing listens on that port, or a firewall answers for the server. It is no fault of a certificate.
        [never-begun] TCP came up in packet { $frame } and was ended in packet { $end }; a filter may have hidden what was between.
       *[new-version] the ClientHello in packet { $frame } has { $offered ->
            [none] record version { $record }
           *[other] version { $offered } (record version { $record })
        }: the version is not what fails.
    }{ $tms ->
        [yes] {" "}Then the same client asked for /tcs/systemunit.xml over HTTP{ $status ->
            [none] {""}
           *[other] {" "}and got { $status }
        }: this is TMS, which does so when HTTPS fails.
       *[no] {""}
    }
    .remedy-1 = { $case ->
        [old-version] Give the capture itself instead of the list, or paste the whole tree of packet { $frame }: "Version" below "Handshake Protocol: Client Hello" and the extension supported_versions decide.
        [turned-away] Give the capture itself instead of the list, or paste the tree of packet { $frame } down to supported_versions.
        [alert] Give the capture itself: tlvet then reads the certificate and says why it is refused. Else open the packet before { $alert-frame } in which the other side sends "Certificate".
        [refused] { $service ->
            [TVS] Start Cisco Trust Verification Service on that node (Cisco Unified Serviceability > Tools > Control Center - Network Services).
            [CAPF] On the publisher: Cisco Unified Serviceability > Tools > Service Activation, Cisco Certificate Authority Proxy Function must be active; start it, then restart Cisco TFTP.
            [CallManager] Start Cisco CallManager on that node, or see that the phone's CallManager group names nodes that run it.
            [TFTP] Start Cisco TFTP on that node, or correct DHCP option 150.
           *[other] Start Cisco Tomcat on that node (`utils service restart Cisco Tomcat`), or correct the address.
        } Capture on the server as well: if the question does not arrive there, a firewall answered.
        [never-begun] Give the capture without a display filter.
       *[new-version] Look further down in the capture: at alerts, and at the certificate.
    }
    .remedy-2 = { $tms ->
        [yes] On the TMS server: TLS 1.2 on in the registry, and TMS Tools > Security Settings > Advanced Security Settings at Medium-High (TMS 15 and later).
       *[no] {""}
    }
    .needs = a packet list of Wireshark or tshark

packet_list_serial = { $case ->
        [record] The serial { $printed } is record { $record } of { $name }
        [certificate] The serial { $printed } is that of { $name }
       *[unknown] The serial { $printed } is none of the inputs'
    }
    .detail = { $signed ->
        [yes] Old versions of Wireshark print the last 32 bits of a serial as a signed number: { $printed } is …{ $end }.{" "}
       *[no] {""}
    }{ $case ->
        [record] Record { $record } ({ $function }) of { $name } has it: the server showed the certificate that this list names.
        [certificate] The certificate { $name } has it.
       *[unknown] No certificate and no record of a trust list among the inputs has it: either the server shows another certificate than these lists name, or the right list was not given.
    } A serial alone is no proof: two issuers may use the same.
    .remedy-1 = Compare the SHA-1 of the certificate (export it from the packet: Export Packet Bytes) with CERTHASH of the record, or give the capture itself.
    .needs = packet details with a serialNumber

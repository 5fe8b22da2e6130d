# Findings about the logs and settings of Expressways.

origin_refused_chain = { $terminated ->
        [yes] The traffic server refused { $server }: { $case ->
            [self-signed] its certificate is self-signed and not in the trust store
            [root-unknown] its chain ends in a root that is not in the trust store
            [issuer-unknown] the CA that issued its certificate is not in the trust store
            [issuer-above-unknown] a CA above its certificate is not in the trust store
            [expired] its certificate has expired
            [ca-expired] a CA of its chain has expired
            [not-yet-valid] a certificate of its chain is not valid yet
            [unexplained] its certificate was not accepted
            [public-key] its raw public key is not one of those trusted
            [plugin] a plugin did not accept its certificate
           *[other] { $error }
        }
       *[no] The traffic server would refuse { $server }: { $case ->
            [self-signed] its certificate is self-signed and not in the trust store
            [root-unknown] its chain ends in a root that is not in the trust store
            [issuer-unknown] the CA that issued its certificate is not in the trust store
            [issuer-above-unknown] a CA above its certificate is not in the trust store
            [expired] its certificate has expired
            [ca-expired] a CA of its chain has expired
            [not-yet-valid] a certificate of its chain is not valid yet
            [unexplained] its certificate was not accepted
            [public-key] its raw public key is not one of those trusted
            [plugin] a plugin did not accept its certificate
           *[other] { $error }
        }
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    } { $case ->
        [self-signed] OpenSSL's error is "{ $error }" at depth { $depth }: the certificate is its own issuer, so only the store itself could vouch for it.
        [root-unknown] OpenSSL's error is "{ $error }" at depth { $depth }: the server sent its chain up to a root, and that root is not in the store.
        [issuer-unknown] OpenSSL's error is "{ $error }" at depth { $depth }: the certificate is issued by a CA (depth 0 does not mean self-signed here), the server did not send that CA's certificate, and the store does not hold it.
        [issuer-above-unknown] OpenSSL's error is "{ $error }" at depth { $depth }: the issuer of the certificate at that depth, a CA above the server's own, is neither sent nor in the store.
        [expired] OpenSSL's error is "{ $error }" at depth { $depth }: it is the server's own certificate.
        [ca-expired] OpenSSL's error is "{ $error }" at depth { $depth }: it is not the server's certificate but a CA above it.
        [not-yet-valid] OpenSSL's error is "{ $error }" at depth { $depth }: the certificate is too new, or Expressway's clock is slow.
        [revoked] OpenSSL's error is "{ $error }" at depth { $depth }.
        [purpose] OpenSSL's error is "{ $error }" at depth { $depth }: the extended key usage of that certificate does not allow it to be a server's.
        [not-a-ca] OpenSSL's error is "{ $error }" at depth { $depth }: a certificate of the chain signs others, and is not made to.
        [weak] OpenSSL's error is "{ $error }" at depth { $depth }: the key or the signature is too short for the security level.
        [unexplained] Only the error of OpenSSL was logged ("certificate verify failed"); the line before it, which says why, is not among the files.
        [public-key] The server shows a raw public key (RFC 7250) that nobody trusts.
        [plugin] Which one, and why, is not in the line.
        [filter] The filter says: { $error }.
       *[other] OpenSSL's error is "{ $error }" at depth { $depth }.
    }{ $shown ->
        [none] {""}
       *[other] {" "}{ $frame ->
            [0] Of the files, { $file } fits: { $shown }, issued by { $issuer }.
           *[other] In frame { $frame } of { $file } the server shows { $shown }, issued by { $issuer }.
        }{ $ec ->
            [yes] {" "}It is the ECDSA certificate: it is served when ECDSA ciphers come first.
           *[no] {""}
        }
    }{ $answers ->
        [none] {""}
       *[other] {" "}The same server answers on port { $answers }, so it is up, and shows another certificate there (tomcat on 8443, CallManager on 6972).
    }{ $errors ->
        [0] {""}
        [one] {" "}A client got an error (502) because of it.
       *[other] {" "}Clients got { $errors } errors (502) because of it.
    }{ $tracking ->
        [none] {""}
       *[other] {" "}TrackingID { $tracking }, Txn-id { $transactions }.
    }{ $terminated ->
        [yes] {" "}Traffic Server reports the first fault only: when this is repaired, a name that is missing in the certificate may follow.
       *[no] {""}
    }
    .remedy-1 = { $case ->
        [self-signed] Best: have the certificate signed by a CA whose root is in the trusted CA list of every Expressway-C peer{ $ec ->
            [yes] {" "}(the ECDSA one too, not only the RSA one)
           *[no] {""}
        }.
        [root-unknown] Upload that root on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
        [issuer-unknown] Upload the CA that issued the certificate, and every CA above it up to the self-signed root, on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
        [issuer-above-unknown] Upload the CAs above it up to the self-signed root on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
        [expired] Renew the certificate on { $name } (OS Administration > Security > Certificate Management) and restart its service: { $port ->
            [8443] Tomcat
            [6972] CallManager and TFTP
           *[other] Tomcat for 8443, CallManager and TFTP for 6972
        }.
        [ca-expired] Get the renewed CA certificate and upload it on every Expressway-C peer; take the expired one out.
        [not-yet-valid] Compare the clocks: `xStatus Time` on Expressway, `utils ntp status` on CUCM.
        [unexplained] Collect the whole diagnostic log (Maintenance > Diagnostics > Diagnostic logging, with tcpdump) from every peer, and give it to tlvet with the trusted CA list.
        [public-key] Have the server show a certificate.
        [plugin] Read the configuration of Traffic Server's plugins.
        [filter] Read what the filter's reason means in its guide (docs/filter.md).
       *[other] Have the certificate issued again without the fault, and give it to tlvet to see what else is wrong with it.
    }
    .remedy-2 = { $case ->
        [self-signed] Or upload this very certificate on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
        [issuer-unknown] Or have it signed by a CA that the store holds already.
        [issuer-above-unknown] Or have it signed by a CA that the store holds already.
        [root-unknown] Or have it signed by a CA that the store holds already.
       *[other] {""}
    }
    .remedy-3 = { $same-name ->
        [yes] Mind CSCwa12905: two self-signed certificates of one common name do not fit into the store. CA-signed certificates, or one certificate for tomcat and CallManager (CUCM 14 and newer), avoid it.
       *[no] {""}
    }
    .do-not-1 = Do not leave the check off (`xConfiguration EdgeConfigServer VerifyOriginServer: Off`) for longer than the repair takes: it leaves every origin unverified (CVE-2022-20814).
    .needs = Expressway-C's diagnostic log

origin_refused_name = { $terminated ->
        [yes] The traffic server refused { $server }: { $name } is not in its certificate
       *[no] The traffic server would refuse { $server }: { $name } is not in its certificate
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    } { $name } is what CUCM advertises to clients (System > Server), whatever was entered on Expressway{ $configured ->
        [none] {""}
       *[other] {" "}(here { $configured })
    }. { $terminated ->
        [yes] Its chain is trusted: Traffic Server looks at the name only then.{" "}
       *[no] {""}
    }{ $kind ->
        [ip] It compares an IP address as text with DNS names and the common name; iPAddress entries are never looked at.{ $ip-san ->
            [yes] {" "}This certificate has the address only there.
           *[no] {""}
        }
        [short] It is a short host name, and certificates mostly hold the FQDN.
       *[fqdn] {""}
    }{ $shown ->
        [none] {""}
       *[other] {" "}{ $frame ->
            [0] Of the files, { $file } fits
           *[other] Frame { $frame } of { $file } shows the certificate
        }: { $names }.
    }{ $answers ->
        [none] {""}
       *[other] {" "}The same server answers on port { $answers }.
    }{ $errors ->
        [0] {""}
        [one] {" "}A client got an error (502) because of it.
       *[other] {" "}Clients got { $errors } errors (502) because of it.
    }{ $tracking ->
        [none] {""}
       *[other] {" "}TrackingID { $tracking }, Txn-id { $transactions }.
    }
    .remedy-1 = { $kind ->
        [ip] On CUCM change System > Server from { $name } to the FQDN that the certificate holds{ $shown ->
            [none] {""}
           *[other] {" "}({ $names })
        }, with DNS that resolves it from Expressway-C.
       *[other] Change System > Server on CUCM to a name that the certificate holds{ $shown ->
            [none] {""}
           *[other] {" "}({ $names })
        }, or have the certificate issued again with DNS:{ $name } in subjectAltName.
    }
    .remedy-2 = Then refresh the servers on Expressway-C: Configuration > Unified Communications > Unified CM servers (and IM and Presence, Unity) > Refresh.
    .do-not-1 = { $kind ->
        [ip] Do not count on an IP entry in subjectAltName: browsers honour it, this traffic server does not.
       *[other] {""}
    }
    .needs = Expressway-C's diagnostic log

origin_rejects_expressway = { $case ->
        [other] No TLS with { $name }: { $reason }
       *[alert] { $name } refused Expressway: it sent the alert "{ $reason }"
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    } { $case ->
        [unknown-ca] The alert was received, not sent: the server does not trust the CA of Expressway-C's own certificate. It has nothing to do with Expressway's trust store. { $listed ->
            [yes] The certificate list has that CA in tomcat-trust and in CallManager-trust: the service that answered has not read it since, or it was uploaded after this log.
           *[no] From X14.0.2 on, CUCM wants that CA in tomcat-trust and in CallManager-trust, also where nothing is in mixed mode (CSCvz45074).
        }
        [certificate] The alert was received, not sent: the server does not accept Expressway-C's own certificate.
        [parameters] The alert was received, not sent: the two share no version, cipher suite or signature algorithm.
        [alert] The alert was received, not sent.
       *[other] OpenSSL's words; what stands at the other end may not speak TLS on this port.
    }
    .remedy-1 = { $case ->
        [unknown-ca] { $listed ->
            [yes] Restart what has not read the CA, on every node and out of hours: `utils service restart Cisco Tomcat` in the CLI; Cisco CallManager, Cisco Tftp and Cisco HAProxy under Cisco Unified Serviceability > Tools > Control Center.
           *[no] On CUCM (each cluster) upload the root and the intermediate CAs of Expressway-C's server certificate as tomcat-trust and as CallManager-trust: OS Administration > Security > Certificate Management > Upload Certificate/Certificate chain.
        }
        [certificate] Check Expressway-C's server certificate: not expired, clientAuth in its extended key usage, its CA in tomcat-trust and CallManager-trust.
        [parameters] Compare Maintenance > Security > Ciphers on Expressway with CUCM's Enterprise Parameters (TLS ciphers, minimum TLS version).
       *[other] Take a capture on Expressway-C (Maintenance > Diagnostics > Diagnostic logging, with tcpdump) and give it to tlvet.
    }
    .remedy-2 = { $case ->
        [unknown-ca] { $listed ->
            [yes] If the alert comes back after that, compare the serial of the CA in the list with the issuer of Expressway-C's server certificate (Maintenance > Security > Server certificate), on every node of the cluster.
           *[no] Then restart Tomcat (`utils service restart Cisco Tomcat`), CallManager, TFTP and HAProxy on every node, out of hours.
        }
       *[other] {""}
    }
    .do-not-1 = { $case ->
        [unknown-ca] Do not change Expressway's trust store for this: it is CUCM that refuses, by its own.
       *[other] {""}
    }
    .needs = Expressway-C's diagnostic log

mra_request_failed = { $server ->
        [unknown] Expressway answered clients with { $status }{ $reason ->
            [none] {""}
           *[other] {" "}({ $reason })
        }
       *[other] Expressway answered requests for { $server } with { $status } ({ $reason })
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    }{ $target ->
        [unknown] {""}
       *[other] {" "}The clients' path names { $target } (base64 of domain/protocol/address/port).
    }{ $answers ->
        [none] {""}
       *[other] {" "}The same server answers on port { $answers }.
    } The answer is Expressway's own: no answer of the server came before it. No line says that its certificate was refused, so it may be that, a connection that was not made, or a log that is not whole.{ $tracking ->
        [none] {""}
       *[other] {" "}TrackingID { $tracking }, Txn-id { $transactions }.
    }
    .remedy-1 = Look for the lines `server certificate verification failed` and `not in certificate` right before it in the log of every peer.
    .remedy-2 = Collect again, with tcpdump, on Expressway-E and Expressway-C (started from the primary, downloaded from every peer): Maintenance > Diagnostics > Diagnostic logging; then give tlvet all of it.
    .needs = Expressway-C's diagnostic log

mra_domain_forbidden = Expressway answered clients with 403{ $domain ->
        [unknown] {""}
       *[other] {" "}for the domain { $domain }
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    } The answer is Expressway's own. It mostly means that the domain of the login is not set up on Expressway-C, or not enabled for mobile and remote access; it is no fault of a certificate.
    .remedy-1 = On Expressway-C: Configuration > Domains > { $domain ->
        [unknown] the domain that users log in with
       *[other] { $domain }
    }: turn on SIP registrations and provisioning on Unified CM (and IM and Presence). Clients whose voice services domain is another one need that one too.
    .do-not-1 = Do not search among the certificates for this one.
    .needs = an Expressway's diagnostic log

expressway_connection_failed = { $case ->
        [unreachable] Expressway did not reach { $peer }, port { $port } ({ $service }): { $error }
       *[other] TLS of { $service } { $direction ->
            [inbound] from
           *[outbound] to
        } { $peer } failed: { $error }
    }
    .detail = { $count ->
        [one] The log says so once
       *[other] The log says so { $count } times
    }{ $first ->
        [unknown] {""}
       *[other] { $count ->
            [one] {""} at { $first }
           *[other] , from { $first } to { $last }
        }
    }{ $node-count ->
        [0] .
       *[other] , on { $nodes }.
    } { $case ->
        [identity] The peer's certificate is trusted, but does not hold the name that this Expressway expects{ $common-name ->
            [none] {""}
           *[other] {" "}({ $common-name })
        }.
        [received-unknown-ca] The peer sent the alert: it does not trust the CA of this Expressway's own certificate.
        [received] The alert came from the peer: it does not accept this Expressway's certificate, or what it offers.
        [untrusted] This Expressway does not trust the CA of the peer's certificate.
        [unreachable] It is no fault of a certificate: the connection was not made. Port 7400 is XCP between Expressway-C and Expressway-E; with two network interfaces Expressway-E listens for it on the inner one only.
       *[other] The line says no more.
    }
    .remedy-1 = { $case ->
        [identity] Enter the peer as its certificate names it (Configuration > Zones > the zone's peer address, or TLS verify subject name): its FQDN, not its IP address.
        [received-unknown-ca] Upload the CAs of this Expressway's certificate to the peer's trust store.
        [untrusted] Upload the CAs of the peer's certificate: Maintenance > Security > Trusted CA certificate.
        [unreachable] Check that the zone's peer address is that of the interface which listens, the firewall between the two, and System > Network interfaces > IP.
       *[other] Take a capture of this connection and give it to tlvet, with the server certificates and trusted CA lists of both sides.
    }
    .needs = an Expressway's diagnostic log

expressway_origins_unverified = { $node ->
        [none] Expressway
       *[other] { $node }
    } does not verify the servers it talks to: { $case ->
        [old] { $version } is older than X14.2
       *[off] VerifyOriginServer is off
    }
    .detail = { $case ->
        [old] Before X14.2 the traffic server accepts any certificate of CUCM, IM and Presence and Unity, also a self-signed one of somebody in between (CVE-2022-20814). TLS verify mode is looked at only while servers are discovered, and only for the publisher.
       *[off] `EdgeConfigServer VerifyOriginServer: Off` brings back what releases before X14.2 did: any certificate of CUCM, IM and Presence and Unity is accepted, also a self-signed one of somebody in between (CVE-2022-20814). A version number alone does not show it{ $version ->
            [unknown] {""}
           *[other] {" "}(this is { $version })
        }.
    }
    .remedy-1 = { $case ->
        [old] Before the upgrade, let tlvet forecast what will fail: give it every node's certificates, the trusted CA list (--trust) and the addresses that clients use (--expect).
       *[off] Repair what was refused (certificates, trusted CA list, names in System > Server), then `xConfiguration EdgeConfigServer VerifyOriginServer: On` on every Expressway-C peer.
    }
    .remedy-2 = { $case ->
        [old] Repair that, then upgrade to X14.2 or newer.
       *[off] {""}
    }
    .needs = an Expressway's settings and status (xconf_dump, xstat_dump), or the answer `expressway.version`

expressway_cipher_order = { $node ->
        [none] Expressway
       *[other] { $node }
    }: { $case ->
        [rsa-first] RSA certificates come first
        [ecdsa-first] ECDSA certificates come first
       *[mixed] some cipher lists prefer RSA certificates, some ECDSA
    }
    .detail = { $case ->
        [rsa-first] Every list begins with ECDHE-RSA-AES256-GCM-SHA384, as an upgrade from X14.0 or newer leaves it: servers show their RSA certificates (tomcat, CallManager).
        [ecdsa-first] No list begins with ECDHE-RSA-AES256-GCM-SHA384, as a fresh X14.2 or an upgrade from before X14.0 leaves it: servers that have them show their ECDSA certificates (tomcat-ECDSA, CallManager-ECDSA), which often stayed self-signed when the RSA ones were signed by a CA.
       *[mixed] Lists that begin with ECDHE-RSA-AES256-GCM-SHA384: { $rsa }. Lists that do not: { $ecdsa }.
    }
    .remedy-1 = { $case ->
        [rsa-first] {""}
       *[other] Have the ECDSA certificates of every node trusted too, or put ECDHE-RSA-AES256-GCM-SHA384: in front of the list (Maintenance > Security > Ciphers).
    }
    .needs = an Expressway's settings (xconf_dump)

expressway_verify_mode = { $node ->
        [none] Expressway
       *[other] { $node }
    }: TLS verify mode is on in { $on } places, off in { $off }
    .detail = { $off ->
        [0] {""}
       *[other] Off: { $paths }.
    } For CUCM, IM and Presence and Unity it decides only what is checked while servers are discovered (the name or address that was entered, validity, CA), and only for the publisher: the other nodes and the addresses that CUCM advertises are not looked at. From X14.2 on the traffic server verifies every request, whatever this mode says, so on is no promise and off no way around.
    .remedy-1 = To know what requests will meet, give tlvet every node's certificates, the trusted CA list (--trust) and the addresses that clients use (--expect).
    .needs = an Expressway's settings (xconf_dump)

headline-origin_refused_chain = { $terminated ->
        [yes] Expressway's traffic server refuses { $server }
       *[no] A traffic server that only watches would refuse { $server }
    }: { $case ->
        [self-signed] its certificate is self-signed, and not in the trusted CA list.
        [root-unknown] the root of its chain is not in the trusted CA list.
        [issuer-unknown] the CA of its certificate is not in the trusted CA list.
        [issuer-above-unknown] a CA above its certificate is not in the trusted CA list.
        [expired] its certificate has expired.
        [ca-expired] a CA of its chain has expired.
        [not-yet-valid] a certificate of its chain is not valid yet.
        [unexplained] the log does not say why.
        [public-key] its raw public key is not one of those trusted.
        [plugin] a plugin did not accept its certificate.
       *[other] { $error }.
    }
    .decide = The server's certificates (tomcat, CallManager, and their ECDSA ones) and the trusted CA list of the Expressway-C that logged it.
headline-origin_refused_name = { $terminated ->
        [yes] Expressway's traffic server refuses { $server }
       *[no] A traffic server that only watches would refuse { $server }
    }: clients are sent to { $name }, which its certificate does not hold.
    .decide = System > Server on CUCM beside subjectAltName of the certificate.
headline-origin_rejects_expressway = { $case ->
        [unknown-ca] { $name } does not trust the CA of Expressway-C's own certificate{ $listed ->
            [yes] , though its certificate list has that CA already: its services have to be restarted before they know it.
           *[no] : it is missing in tomcat-trust or CallManager-trust.
        }
       *[other] { $name } breaks TLS with Expressway off ({ $reason }).
    }
    .decide = Expressway-C's server certificate beside the certificate list of { $name }.
headline-mra_request_failed = Expressway answered clients with { $status } itself, and the log does not say why.
    .decide = The log of every peer from the same minute, with tcpdump.

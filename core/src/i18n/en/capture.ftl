# Findings about captures.

handshake_failed = { $client } and { $server } did not finish their TLS handshake
    .detail = After the ClientHello in frame { $frame }{ $after ->
        [certificate] , and after the server had shown its certificate,
        [hello] , and after the ServerHello,
       *[nothing] , and before any answer of the server,
    } { $how ->
        [alert] the { $by } sent the fatal alert "{ $said }" (frame { $at }).
        [hidden-alert] the { $by } sent one encrypted record of the length of an alert, and no more (frame { $at }): TLS 1.3 hides which alert it was. After a certificate it mostly is a refusal of that certificate.
       *[left] { $by ->
            [client] the client closed the connection
            [server] the server closed the connection
           *[nobody] the connection was closed
        } without a word (frame { $at }).
    } { $count ->
        [one] {""}
       *[other] It happened { $count } times in this capture.
    } The packets do not say more{ $how ->
        [alert] : alerts other than those about certificates mostly mean that the two share no version, cipher suite or signature algorithm.
       *[other] . A peer that refuses a certificate may leave like this, as well as one that ran out of time or was restarted.
    }
    .remedy-1 = { $how ->
        [alert] Compare what the client offers (cipher suites, versions and signature algorithms stand in the report) with what the server may use.
       *[other] Read the log of the { $by ->
            [client] client ({ $client })
            [server] server ({ $server })
           *[nobody] two
        } at the time of frame { $at }: it knows the reason. With the session's key log tlvet reads the alert.
    }
    .needs = a capture with a TLS handshake

handshake_refused = { $from ->
        [client] { $client }{ $others ->
            [0] {""}
            [one] {" "}and another client
           *[other] {" "}and { $others } other clients
        } refused the certificate of { $server }: { $description }
       *[server] { $server } refused the certificate of { $client }: { $description }
    }
    .detail = Frame { $frame } is a fatal TLS alert "{ $description }" from the { $from ->
        [client] client ({ $client })
       *[server] server ({ $server })
    }, after the { $from ->
        [client] server
       *[server] client
    } had shown { $shown ->
        [none] a certificate that the capture does not hold
       *[other] { $shown } ({ $self-signed ->
            [yes] self-signed
           *[no] issued by { $issuer }
        }, frame { $certificate-frame })
    }. { $case ->
        [unknown_ca] { $service ->
            [TVS] The phone compares this certificate with the TVS records of its ITL, and found it in none.{ $named ->
                [none] {""}
                [phone] {" "}But record { $record } of { $list }, given as the phone's, names it: the phone holds another list than that.
                [fetched] {" "}But record { $record } of { $list }, which it fetched in this capture, names it: so the phone has not taken that list and still holds an older one, and cannot ask TVS about the new one either.
               *[server] {" "}But record { $record } of { $list } names it: so the phone does not hold that list.
            }
            [CAPF] The phone compares this certificate with the CAPF record of its list, and did not find it there.{ $named ->
                [none] {""}
                [phone] {" "}But record { $record } of { $list }, given as the phone's, names it: the phone holds another list than that.
                [fetched] {" "}But record { $record } of { $list }, which it fetched in this capture, names it: so the phone has not taken that list and still holds an older one.
               *[server] {" "}But record { $record } of { $list } names it: so the phone does not hold that list.
            }
           *[other] { $self-signed ->
                [yes] It is its own issuer, and does not stand in the trust store of the one who refused.
               *[no] The one who refused could not build a chain to a CA in its trust store: the chain was not sent whole, or its root is not in the store.
            }
        }
        [internal_error] With OpenSSL-based products this is what a refused name looks like: the chain was right, the address was not in the certificate.
        [expired] It says that the certificate has expired, or that its own clock is wrong.
       *[other] The certificate itself did not please it.
    } { $sni ->
        [none] The client asked for no name.
       *[other] The client asked for { $sni }.
    }{ $count ->
        [one] {""}
       *[other] {" "}It happened { $count } times in this capture{ $others ->
            [0] {""}
           *[other] , also with { $other-clients }{ $unnamed ->
                [0] {""}
               *[other] {" "}and { $unnamed } more
            }
        }.
    }{ $status ->
        [none] {""}
       *[other] {" "}After that { $asker } was answered { $status } in frame { $failure }, to a request for just this server: that is what the user sees.
    }
    .remedy-1 = { $case ->
        [unknown_ca] { $service ->
            [TVS] { $named ->
                [fetched] The phone cannot follow by itself. If a DRS backup holds the old CallManager and TVS keys, restore it; if the phone's list holds ITLRecovery (10.0 and later), `utils itl reset localkey` on the publisher; else see whether another TVS server of its CallManager group still presents the certificate that the phone knows. Give the phone's own ITL with --phone, and tlvet says which of these helps.
               *[other] Give the phone's ITL with --phone: tlvet then compares both. If TVS was renewed, the phone must take the new ITL first; see whether another TVS server of its CallManager group still presents the certificate that its ITL names.
            }
            [CAPF] Give the phone's ITL with --phone: tlvet then compares both. If CAPF was renewed, reset the phone so that it takes the new ITL, then start the certificate operation again.
           *[other] { $from ->
                [client] { $service ->
                    [registration] If { $client-host } is a phone: its CTL or ITL must name this certificate as CallManager (CCM, CCM+TFTP); reset it so that it takes the present list, and give its own list with --phone. If it is Expressway-C: put the CA of this certificate (or the certificate itself, where it is self-signed) under Maintenance > Security > Trusted CA certificate on every peer.
                   *[other] { $self-signed ->
                    [yes] On { $client-host }, the one who refused: if it is Expressway-C, add this certificate to Maintenance > Security > Trusted CA certificate on every peer; better, have the node's certificate signed by a CA that stands there already.
                   *[no] On { $client-host }, the one who refused: if it is Expressway-C, add the root (and issuing) CA of this certificate to Maintenance > Security > Trusted CA certificate on every peer.
                    }
                }
               *[server] On { $server-host }, the one who refused: its trust store lacks the CA of the client's certificate. If the client is Expressway-C and the server CUCM, upload Expressway-C's CA to tomcat-trust and to CallManager-trust (CSCvz45074), then restart Cisco Tomcat and the TFTP service.
            }
        }
        [internal_error] Compare the address that is asked for with the names in the certificate; change System > Server to a name that stands there, or have the certificate issued again.
        [expired] Compare the clocks of both sides (NTP), then renew the certificate.
       *[other] Look at the certificate in the report; give the refusing side's trust store with --trust to have it judged.
    }
    .remedy-2 = { $service ->
        [TVS] {""}
        [CAPF] {""}
       *[other] To be sure before you change anything: give the trust store of { $from ->
            [client] { $client-host }
           *[server] { $server-host }
        } with --trust, and tlvet judges this very certificate by it and names the CA that is missing.
    }
    .do-not-1 = { $from ->
        [client] Do not search on { $server-host } alone, which only showed its certificate: { $client-host } decided.
       *[server] Do not search on { $client-host } alone, which only showed its certificate: { $server-host } decided.
    }
    .do-not-2 = { $service ->
        [origin] { $from ->
            [client] Do not switch the check off (`xConfiguration EdgeConfigServer VerifyOriginServer: Off`) for longer than the repair takes: it leaves every server unverified.
           *[server] {""}
        }
        [TVS] Do not delete the phone's ITL because of this.
       *[other] {""}
    }
    .needs = a capture with a TLS handshake

tls_version_refused = { $tms ->
        [yes] TMS ({ $client }) offers { $server } only { $version }, and is refused
       *[no] { $client } offers { $server } only { $version }, and the connection is broken off
    }
    .detail = The ClientHello in frame { $frame } ({ $length } bytes with its record) has record version { $record }, client version { $offered } and { $supported ->
        [none] no supported_versions extension
       *[other] supported versions { $supported }
    }; its highest version is { $version }. { $how ->
        [alert] The server answered in frame { $end } with the alert "{ $alert }".
        [rst] The server answered in frame { $end } with a reset instead of a ServerHello.
       *[fin] The server closed the connection in frame { $end } without a ServerHello.
    } { $count ->
        [one] {""}
       *[other] It happened { $count } times in this capture.
    } Endpoints with CE 8.1 or TC 7.3.6 and newer want TLS 1.2, and most servers since 2020 do.{ $tms ->
        [yes] {" "}Then TMS asked for /tcs/systemunit.xml over HTTP (frame { $probe }){ $status ->
            [none] {""}
           *[other] {" "}and got { $status }{ $location ->
                [none] {""}
               *[other] , to { $location }
            }
        }: that is how TMS falls back, and why it reports "no HTTPS response". The endpoint is sound; TMS has to offer more.
       *[no] {""}
    }
    .remedy-1 = { $tms ->
        [yes] On the TMS server: TMS Tools > Security Settings > Advanced Security Settings, Transport Layer Security Options: set Communication Security from Medium to Medium-High (TMS 15 and later): TMS itself offers TLS 1.2 only then; the registry alone is not enough.
       *[no] Have the client offer TLS 1.2. If it is a Windows server with TMS: TMS Tools > Security Settings, communication security Medium-High (TMS 15 and later).
    }
    .remedy-2 = On Windows before 2016, after a backup of the registry: under HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols the keys "TLS 1.1" and "TLS 1.2", each with Client and Server, each with the DWORDs DisabledByDefault = 0 and Enabled = 1. Then restart the computer; TMS also needs IIS and TMSDatabaseScannerService restarted.
    .remedy-3 = Capture again: the ClientHello must have client version 0x0303.
    .do-not-1 = Do not judge by the record version: 0x0301 there with 0x0303 inside is normal.
    .do-not-2 = { $tms ->
        [yes] Do not switch the endpoint back to HTTP or to an old release, and do not switch TLS 1.0 off on the TMS server while its database runs on SQL Server 2008 R2, which needs it. Medium-High also ends Telnet and SNMP to old endpoints: list those first.
       *[no] {""}
    }
    .needs = a capture with a TLS handshake

tls_never_started = { $client } opened { $server }, and nobody said anything
    .detail = { $count ->
        [one] In frames { $frame } to { $last }
       *[other] { $count } times, first in frames { $frame } to { $last },
    } TCP came up, no ClientHello followed, and the connection was { $by ->
        [rst] reset
       *[fin] closed
    }. { $fallback ->
        [yes] Then the client asked for /tcs/systemunit.xml over HTTP (frame { $fallback-frame }){ $status ->
            [none] {""}
           *[other] {" "}and got { $status }
        }: this is TMS, and its HTTPS does not even begin. Its Schannel has no version or suite left that it may offer.
       *[no] Monitors and port scanners do this all the time; a client that should speak TLS has nothing that it may offer, or checks the port only.
    }
    .remedy-1 = { $fallback ->
        [yes] On the TMS server look at the versions that Schannel may use (HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols: TLS 1.2, Client and Server, DisabledByDefault = 0, Enabled = 1) and at TMS Tools > Security Settings, communication security Medium-High; restart the server, then capture again.
       *[no] Only where this client should have talked: look at its TLS settings.
    }
    .needs = a capture with a TCP connection to a TLS port

transfer_failed = { $case ->
        [running] { $name } was under way to { $client } when the capture ended
        [incomplete] { $name }, which { $client } asked for, is not whole in the capture
        [unanswered] { $client } asked for { $name }, and no answer is in the capture
       *[other] { $name } was not delivered to { $client }
    }
    .detail = { $protocol ->
        [tftp] TFTP
       *[http] HTTP
    }, asked for in frame { $frame } at { $server }: { $case ->
        [error] the answer was "{ $error }"
        [unanswered] no packet of an answer is in the capture
        [running] { $bytes } bytes had come when the capture ended
       *[incomplete] { $bytes } bytes came{ $announced ->
            [unknown] {""}
           *[other] {" "}of { $announced }
        }; the rest, or the end, is not in the capture, so the file could not be judged. Whether the client got it whole is not known
    }. { $instead ->
        [none] { $kind ->
            [ctl] A CTL exists only in clusters that made one: without it this is as it must be.
            [list] A phone without its list of the server keeps the one it has, or has none.
            [configuration] Without its configuration a phone goes on with the one it has, or does not register.
            [mra] This is a request of an MRA client, which Expressway had to pass on to { $origin }: look there for the reason.
           *[other] Phones go on without files of this kind.
        }
       *[other] The client asked again and got { $instead } (frame { $instead-frame }), so nothing is missing.
    }
    .remedy-1 = { $superseded ->
        [yes] {""}
       *[no] { $case ->
            [error] { $kind ->
                [mra] Look at the connection between Expressway-C and { $origin }, in this capture or in the traffic server's log.
                [ctl] Nothing where the cluster is not in mixed mode. Where it is: run `show ctl` on { $server-host }; if it has no CTL file, run `utils ctl update CTLFile` on the publisher and restart Cisco TFTP.
               *[other] Check that the file is there: fetch it with { $protocol ->
                    [tftp] `tftp { $server-host } -c get { $name }`
                   *[http] `curl { $scheme }://{ $server }{ $name }`
                } from the same network, and restart the Cisco TFTP service where it is missing.
            }
            [running] Capture for longer.
            [unanswered] Check that the server's Cisco TFTP service runs and that its answers, which come from another port than 69, pass the firewalls on the way; then capture on both ends: this capture may have been taken where only one direction passes.
           *[incomplete] Look for loss on the way (block size and MTU, a firewall that knows no TFTP) and capture on both ends.
        }
    }
    .needs = a capture with a file transfer

phone_boot = { $phone }: { $configuration ->
        [yes] the phone fetched its configuration
       *[no] { $itl ->
            [yes] the phone fetched its ITL, and no configuration is seen
           *[no] { $ctl ->
                [yes] the phone fetched its CTL, and neither ITL nor configuration is seen
               *[no] neither lists nor configuration were delivered
            }
        }
    }
    .detail =
        What the capture shows of this phone, in order, times in UTC; whether it believed what it fetched, is not seen on the wire. A boot asks for CTL, ITL and configuration; a missing CTL is as it must be in a cluster that never made one. { $sources ->
            [0] Nothing was delivered.
            [one] Lists and configurations came from { $names }: make sure that this is the TFTP server it should ask (DHCP option 150).
           *[other] Lists and configurations came from { $sources } servers: { $names }. Make sure that all of them are those it should ask (DHCP option 150), and that they serve the same files.
        }{ $again ->
            [0] {""}
            [one] {""}
           *[other] {" "}It got the very same { $again-name } { $again } times: a phone asks again when it boots, and when it could not take what it got.
        }
        { $rows }
        { $more ->
            [0] {""}
           *[other] - and { $more } more
        }
    .needs = a capture in which a phone fetches its files

phone-boot-row = - frame { $frame }, { $time }: { $kind ->
        [file] { $name } from { $server }: { $end ->
            [done] delivered, { $bytes } bytes
            [absent] the server does not have it ({ $said })
            [refused] refused ({ $said })
            [incomplete] { $bytes } bytes, the end is not in the capture
            [unanswered] no answer in the capture
           *[other] its end is not in the capture
        }
        [name] { $name } at { $server }: { $end ->
            [done] resolved
            [unanswered] no answer in the capture
            [absent] { $said ->
                [none] no such record
               *[other] { $said }
            }
           *[other] { $said }
        }
       *[service] { $name } at { $server }: { $end ->
            [done] TLS came up; what was said in it is encrypted unless a key log opens it
            [refused] { $said ->
                [none] the connection was refused
               *[other] the handshake was refused ({ $said })
            }
            [broken] the handshake was broken off
            [unanswered] no answer in the capture
           *[other] what became of it is not in the capture
        }
    }

service_certificate_in_itl = { $service } at { $server } presents the certificate that { $whose ->
        [phone] the phone's list names
        [fetched] the fetched ITL names
       *[server] the server's ITL names
    }
    .detail = Frame { $frame } shows { $subject } (serial { $serial }); it is the certificate of record { $record } of { $list }, by its hash and not by its name alone. { $whose ->
        [phone] The phone believes this server.
       *[other] A phone that holds this list believes the server; whether the phone holds it, the capture does not show.
    }
    .remedy-1 = Do not delete the ITL. Go on with the next step of the ladder: does { $service } know the certificate that the phone asks about? The service's trace says so, or a capture with the session's key log.
    .needs = a capture of TCP 2445 (TVS) or 3804 (CAPF) with the handshake, and the phone's ITL (`--phone`)
    .missing = { $case ->
        [list] the phone's ITL (`--phone`): { $service } at { $server } shows its certificate in the capture, and only the ITL says whether the phone believes it
        [hidden] the certificate that { $service } at { $server } presents: TLS 1.3 encrypts it; give the session's key log, or compare `show itl` with the certificate in OS Administration
       *[not-captured] the certificate that { $service } at { $server } presents: the packets with it are not in the capture
    }

service_certificate_not_in_itl = { $whose ->
        [phone] { $service } at { $server } presents a certificate that the phone's list does not name
        [fetched] { $service } at { $server } presents a certificate that the ITL fetched in the capture does not name
       *[server] { $service } at { $server } presents a certificate that the server's ITL does not name
    }
    .detail = Frame { $frame } shows { $subject } (serial { $serial }, valid from { $since }) to { $client }. { $case ->
        [contradicted] Record { $record } of { $lists } has the same issuer and serial, but the hash of another certificate: somebody replaced it, or the list is wrong.
        [none] { $lists } names no { $service } certificate at all.
       *[other] { $lists } names another one: record { $record } is { $record-subject }, serial { $record-serial }.
    } { $reaction ->
        [alert] The client refused it with the alert "{ $said }" in frame { $at }.
        [left] The client left in frame { $at } without a word, which is how a refusal can look too.
        [accepted] The client went on all the same, so it holds another list than this one.
       *[unknown] What the client did then, the capture does not tell.
    } { $service ->
        [TVS] A phone that does not believe TVS cannot ask about any signer that its own lists do not name: new lists, configurations and HTTPS servers are refused.
       *[other] The phone checks CAPF against its list before it starts: LSC operations end with "LSC: Connection failed".
    }
    .remedy-1 = { $whose ->
        [phone] Find out which is right: OS Administration > Security > Certificate Management on { $host } shows the { $service } certificate in use, `show itl` on the TFTP server what the list should hold. If the certificate was renewed, the phone must take the new ITL first: reset it, and let it ask another { $service } server of its group whose certificate its list still names.
       *[other] The certificate was renewed and the list not made anew, or the list is another cluster's: compare `show itl` with OS Administration > Security > Certificate Management, restart Cisco TFTP on all TFTP nodes, and reset one phone.
    }
    .remedy-2 = { $whose ->
        [phone] If no server of its group presents a certificate that the phone's list names: restore the old { $service } key from the DRS backup, or sign the list with a key that the phone holds (`utils itl reset localkey` on the publisher, 10.0 and later, where its list holds ITLRecovery).
       *[other] Give the phone's own list (`--phone`) to learn what this means for it.
    }
    .do-not-1 = Do not renew any other certificate, and do not delete lists on phones, before you know which certificate is right.
    .needs = a capture of TCP 2445 (TVS) or 3804 (CAPF) with the handshake, and an ITL

name_not_resolved = { $client } found no address for { $name }{ $need ->
        [tvs] , where TVS is
        [capf] , where CAPF is
        [callmanager] , its CallManager
        [tftp] , its TFTP server
        [url] , which its configuration names
       *[none] {""}
    }
    .detail = { $servers } { $code ->
        [none] gave no answer that is in the capture
       *[other] answered { $code }
    } ({ $place }{ $count ->
        [one] {""}
       *[other] , asked { $count } times
    }), and no other question for this name was answered. { $need ->
        [tvs] A phone that cannot find TVS can verify nothing that its own lists do not name; its log then says that it failed to resolve TVS.
        [capf] A phone that cannot find CAPF cannot get an LSC: its log says "CAPF create bio failed" and "ret -7", though CAPF is sound.
        [callmanager] Without its address the phone cannot register there.
        [tftp] Without its address the phone fetches nothing from there.
        [url] What stands behind that URL does not work on the phone.
       *[none] Nothing among the inputs says what it is needed for; many names that phones ask for may be missing.
    }
    .remedy-1 = Make an A record for { $name } in the DNS that the phone asks ({ $servers }), or give the phone the DNS server and domain that know it (DHCP options 6 and 15). Where no DNS is wanted, put addresses in place of names under System > Server and Enterprise Parameters.
    .remedy-2 = { $code ->
        [none] First see whether the DNS server can be reached from the phone's network: capture there; a capture of one direction shows no answers either.
       *[other] {""}
    }
    .do-not-1 = { $need ->
        [tvs] Do not delete lists or renew certificates because of this: they are not what is wrong.
        [capf] Do not renew the CAPF certificate because of this: it is not what is wrong.
       *[other] {""}
    }
    .needs = a capture with DNS, or a phone's console log or status messages

server_port_self_signed = { $host } presents a self-signed certificate on port { $port }, and one that a CA signed on port { $other-port }
    .detail = Port { $port }: { $name } ({ $key }, self-signed, frame { $frame }). Port { $other-port }: { $other-name } ({ $other-key }, issued by { $issuer }, frame { $other-frame }). A client that trusts the CA gets an answer on port { $other-port } and refuses port { $port }: with MRA that is 200 OK on one and 502 on the other. On CUCM 8443 is tomcat's and 6972 CallManager's certificate, each of them once with an RSA and once with an ECDSA key (-EC in its common name), and each is signed for itself; which of both is presented, the order of the client's cipher suites decides.
    .remedy-1 = Have the certificate on port { $port } signed by the same CA: in OS Administration > Security > Certificate Management generate a CSR for { $key ->
        [ECDSA] CallManager-ECDSA (6972) or tomcat-ECDSA (8443)
       *[RSA] CallManager (6972) or tomcat (8443)
    } on { $host }, upload what the CA returns, and restart the service (TFTP for 6972, tomcat for 8443).
    .remedy-2 = Until then: add this self-signed certificate to the trusted CA list of every Expressway-C peer{ $key ->
        [ECDSA] , or let Expressway offer RSA suites first (Maintenance > Security > Ciphers, ECDHE-RSA-AES256-GCM-SHA384 in front), so that the RSA certificate is presented
       *[RSA] {""}
    }.
    .do-not-1 = Renewing CallManager certificates changes who signs the phones' files: do one node at a time, never together with TVS or ITLRecovery.
    .needs = a capture with TLS handshakes of one server on several ports

service_not_reached = { $client } { $why ->
        [refused] is refused by { $service } at { $server }
        [unreachable] cannot reach { $service } at { $server }
        [one-sided] and { $service } at { $server }: the capture shows one side only
       *[silent] gets no answer from { $service } at { $server }
    }
    .detail = { $why ->
        [refused] Frame { $at } is a reset in answer to the first packet (frame { $frame }): nothing listens on TCP { $port } there, or a firewall says so in its place.
        [unreachable] A router says in frame { $at } that { $host } cannot be reached on TCP { $port }.
        [one-sided] From frame { $frame } on only one of the two directions is in the capture. Either the capture was taken where the other does not pass, or it does not pass at all: LSC and TVS need both.
       *[silent] Its SYN in frame { $frame } ({ $count } packets in all) has no answer in the capture, which does show answers from others to the same client: a firewall drops TCP { $port } in one of the two directions, there is no route back, or the node is down.
    } { $instead ->
        [none] {""}
       *[other] Another server of the same service answered it ({ $instead }).
    } { $port ->
        [2445] Without TVS a phone can verify nothing that its own lists do not name.
        [3804] Without CAPF no LSC is installed: the phone shows "LSC: Connection failed".
        [6970] Phones go on over TFTP (UDP 69).
       *[other] {""}
    }
    .remedy-1 = { $why ->
        [refused] Cisco Unified Serviceability > Tools > Control Center - Feature Services (and Network Services) on { $host }: { $port ->
            [2445] Cisco Trust Verification Service must run.
            [3804] Cisco Certificate Authority Proxy Function must run; it does on the publisher only.
           *[other] the service behind TCP { $port } must run.
        }
        [unreachable] Follow the route from { $client } to { $host }: the router that reported stands in the frame.
       *[other] Capture at both ends, at the server with `utils network capture port { $port } size all count 1000`: then it is known in which direction packets are lost. Open TCP { $port } both ways between the phones' networks and the servers.
    }
    .do-not-1 = { $port ->
        [2445] Do not delete lists on phones because of this: with TVS back they go on by themselves.
        [3804] Do not renew CAPF because of this.
       *[other] {""}
    }
    .needs = a capture in which a client calls a service

capture_incomplete = The capture does not hold everything{ $weight ->
        [matters] , and something that it does not show is missing here
       *[note] {""}
    }
    .detail =
        What is not seen may still have been sent. Not known from this capture:
        { $rows }
    .remedy-1 = { $advice ->
        [cut] Capture again with whole packets: Wireshark's "Limit each packet" off, `tcpdump -s 0`, on CUCM `size all`.
        [one-sided] Capture where both directions pass: on the client or the server itself, or on a mirror port with both transmit and receive.
        [lost] Capture again with fewer packets (a filter for the hosts) or on the host itself: mirror ports and busy disks lose packets.
        [caps] Cut the capture by host or time before it is read: `editcap`, or `tshark -Y` with the phone's address.
        [secrets] Take the secrets out of the capture (`editcap --extract-secrets`) and give them as a key log (--keylog, or drop it before the capture).
        [encrypted] Give the session's TLS key log (--keylog, or drop it before the capture), or compare the certificates on the servers themselves.
       *[begun] Begin the capture before the connection: reset the phone, or restart the service that connects.
    }
    .needs = a capture

capture-incomplete-row = - { $kind ->
        [cut] { $count } packets are cut: their ends were not written to the file
        [lost] { $count ->
            [one] one connection
           *[other] { $count } connections
        } whose packets with the certificates are lost (from frame { $frames }): no certificate seen is not no certificate sent
        [transfers] { $count ->
            [one] one file
           *[other] { $count } files
        } with holes (from frame { $frames })
        [fragments] { $count } packets whose fragments are not all there
        [one-sided] { $count ->
            [one] one connection
           *[other] { $count } connections
        } of which only one direction is there (from frame { $frames }): whether the other side answered is not known
        [caps] the capture holds more than tlvet keeps: connections, files or names beyond that are not judged
        [begun] { $count ->
            [one] one TLS connection
           *[other] { $count } TLS connections
        } already open when the capture began (from frame { $frames })
        [secrets] what { $count ->
            [one] one connection
           *[other] { $count } connections
        } (from frame { $frames }) said, though the capture carries the secrets: they opened nothing, most likely because they stand behind its packets
        [encrypted] the certificates of { $count ->
            [one] one handshake
           *[other] { $count } handshakes
        }, which TLS 1.3 encrypts (frame { $frames })
       *[resumed] the certificates behind { $count ->
            [one] one resumed session
           *[other] { $count } resumed sessions
        } (frame { $frames }): the peers know each other from before, and send none
    }

fetched_file_differs = { $case ->
        [given] { $file } is not the { $name } that { $client } got
       *[servers] { $server } and { $file } hand out different files as { $name }
    }
    .detail = { $case ->
        [given] Frame { $frame }: { $client } asked { $server } for { $name } and got { $bytes } bytes (SHA-256 { $sha256 }). The file that was given under this name has { $file-bytes } bytes (SHA-256 { $file-sha256 }). What is said here about the file does not hold for that client; what it got is judged as an input of its own.
       *[servers] { $server } gave { $bytes } bytes (SHA-256 { $sha256 }, frame { $frame }), { $file } gave { $file-bytes } bytes (SHA-256 { $file-sha256 }). What a phone gets depends on which of the two it asks. Nodes of one cluster that sign with their own CallManager key (up to 11.x) serve different bytes that say the same; other differences are told where the files themselves are judged.
    }
    .remedy-1 = { $case ->
        [given] Fetch the file again from the server that the phone asks, { $server }, and compare; a phone's log says "rcvd { $bytes } bytes" for what it got.
       *[servers] Make sure that both belong to the cluster of the phone (DHCP option 150), and compare `show itl` on both.
    }
    .needs = a capture in which a file is fetched, and the file

key_log_found = { $file } is a TLS key log{ $late ->
        [0] {""}
       *[other] , and came after the capture
    }
    .detail = It holds { $secrets } secrets of TLS sessions{ $other ->
        [0] {""}
       *[other] {" "}and { $other } lines of kinds that are not used
    }. { $captures ->
        [0] No capture was read with it.
       *[other] With it { $opened ->
            [0] nothing could be opened: its sessions are not in the capture, or begin before it.
            [one] one connection was opened.
           *[other] { $opened } connections were opened.
        }
    } { $late ->
        [0] {""}
       *[other] Read before the key log came, and therefore still closed: { $names }. Captures are read as they come, and are not kept.
    } The secrets stand in no report.
    .remedy-1 = { $late ->
        [0] {""}
       *[other] Give the key log first and the capture after it; on the command line, with --keylog { $file }.
    }
    .do-not-1 = Do not send the key log to anyone who may not read these sessions, passwords in them included, and delete it when you are done.
    .needs = a TLS key log

phone_boot_stopped = { $phone }: { $case ->
        [not-delivered] the boot stopped at the configuration
       *[not-asked] the boot stopped behind the trust lists
    }
    .detail =
        { $case ->
            [not-delivered] The phone asked for its configuration { $count ->
                [one] once
               *[other] { $count } times
            } and got it never (last { $name }, frame { $frame }). It goes on with the configuration that it has, or does not register.
           *[not-asked] The phone got { $name } in frame { $frame }. The capture goes on for { $seconds } seconds and shows no request for a configuration. Either the phone refused the list, is busy with it (it asks TVS first), was switched off, or asks on a way that is not in the capture.
        } { $after ->
            [0] After that it did nothing that the capture shows.
           *[other] What it did then:
        }
        { $rows }
    .remedy-1 = { $case ->
        [not-delivered] Check on the TFTP server that the device exists (Device > Phone) and that Cisco TFTP runs; "File not found" for a device that exists is cured by restarting it.
       *[not-asked] Read Settings > Status > Status Messages on the phone: "Trust List update failed, verification failure" says that it refused the list. Give the phone's own list (--phone) to learn why.
    }
    .needs = a capture in which a phone fetches its files

phone_boot_without_itl = { $phone } found no ITL and took its configuration all the same
    .detail = The server does not have { $names }, but gave { $configuration } (frame { $frame }). { $signed ->
        [yes] The phone asked for the signed name, so it holds a list from before and verifies with that.
       *[no] The phone asked for the name without signature, so it holds no list: it takes whatever anybody serves as its configuration.
    } A cluster since 8.0 always serves an ITL, unless its TFTP service could not make one.
    .remedy-1 = On { $server }: `show itl`. If it says "ITL File not found", activate or restart Cisco TFTP in Cisco Unified Serviceability, then reset one phone and capture again.
    .remedy-2 = Make sure that { $server } is a CUCM TFTP server, and the one that DHCP option 150 should name: other TFTP servers and proxies have no ITL.
    .needs = a capture in which a phone fetches its files

tvs_refuses = TVS{ $server } { $over ->
        [yes] did not vouch for the certificate that { $client } asked about, and did later
       *[no] does not vouch for the certificate that { $client } asked about
    }
    .detail = { $asked ->
        [none] {""}
       *[other] The phone asked in { $asked } about { $subject }{ $serial ->
            [unknown] {""}
           *[other] {" "}(serial { $serial })
        }.{" "}
    }{ $answered ->
        [none] {""}
       *[other] { $status ->
            [none] TVS answered in { $answered }.{" "}
           *[other] TVS answered in { $answered } with status { $status }, not trusted.{" "}
        }
    }{ $case ->
        [missing] Its trace says that the certificate is in neither of its caches: what was asked for, issued by { $issuer }, is not in the store of this server, or the service has not read it since it was uploaded.{" "}
        [other-bytes] Its trace says that it has a certificate with this issuer and serial whose bytes differ: somebody shows another certificate under the same number.{" "}
       *[unknown] {""}
    }{ $file ->
        [none] The phone refuses whoever showed this certificate.
       *[other] It is the signer of { $file }: the phone refuses that file unless its own lists name the signer.
    }{ $held ->
        [none] {""}
       *[other] {" "}A certificate with this serial stands in { $held }.
    }{ $listed ->
        [present] {" "}The certificate list that was given shows it, by issuer and serial, in { $stores }: either it was uploaded after the service had read its stores, or another node was asked than the one whose list this is.
        [absent] {" "}The certificate lists that were given are whole, and it stands in none of their stores: TVS cannot know it.
       *[unknown] {""}
    }{ $over ->
        [yes] {" "}Asked again later about the same certificate, the same server vouched for it: what was wrong is over.
       *[no] {""}
    }
    .remedy-1 = OS Administration > Security > Certificate Management on { $host }: is a certificate with serial { $serial } listed there{ $listed ->
        [present] , as it is in { $stores }
       *[other] {""}
    }? If not, upload it{ $held ->
        [none] {""}
       *[other] {" "}(it stands in { $held })
    } to CallManager-trust (a signer of another cluster also to Phone-SAST-trust), and restart Cisco Trust Verification Service on every node of the phone's group.
    .remedy-2 = If it is listed, check that it is replicated to this node, and whether it is the same certificate: a renewed one has another serial.
    .do-not-1 = Do not delete the phone's lists because of this: TVS has to learn the certificate.
    .needs = a capture of TCP 2445 that can be read (with the session's key log), or the Detailed trace of Cisco Trust Verification Service

tvs_unanswered = TVS{ $server } did not answer { $client }
    .detail = The question in { $asked } (about serial { $serial }) has no answer { $case ->
        [trace] in the trace, which goes on for { $last } seconds more.
       *[capture] up to the end of the connection in frame { $last }, of which the capture has every packet.
    } The phone waits, then tries the next TVS server of its group, or refuses.{ $listed ->
        [present] {" "}The certificate list that was given shows the certificate in { $stores }: an answer would most likely have been yes.
        [absent] {" "}The certificate lists that were given are whole and do not have this certificate: an answer would have been no.
       *[unknown] {""}
    }
    .remedy-1 = Look at the trace of Cisco Trust Verification Service on { $host } (level Detailed) at this time: attempted and accepted sessions must be equal; restart the service where they are not.
    .needs = a capture of TCP 2445 that can be read (with the session's key log), or the Detailed trace of Cisco Trust Verification Service

tvs_vouches = TVS{ $server } vouches for the certificate that { $client } asked about
    .detail = { $asked ->
        [none] {""}
       *[other] The phone asked in { $asked } about { $subject }{ $serial ->
            [unknown] {""}
           *[other] {" "}(serial { $serial })
        }.{" "}
    }{ $status ->
        [none] The trace says that the certificate is in the store of the service, and equal
       *[other] TVS answered in { $answered } with status 0, trusted
    }{ $roles ->
        [none] {""}
       *[other] , as { $roles }
    }. { $until ->
        [none] {""}
       *[other] The phone keeps the answer until { $until }: a certificate that is revoked or replaced before stays trusted until then.
    } { $file ->
        [none] {""}
       *[other] It is the signer of { $file }.
    }{ $listed ->
        [present] {" "}The certificate list that was given shows it in { $stores }.
       *[other] {""}
    }
    .needs = a capture of TCP 2445 that can be read (with the session's key log), or the Detailed trace of Cisco Trust Verification Service

capf_refuses = CAPF at { $server } refuses { $client }
    .detail = In frame { $frame } it ends the connection with reason { $reason }, { $reason ->
        [7] invalid or already issued: the phone asked for something that CAPF does not offer it now
       *[9] unknown device: CAPF finds no device of this name in the database
    }.{ $text ->
        [none] {""}
       *[other] {" "}Beside it stands "{ $text }".
    } The phone goes on with the certificate that it has, and shows "LSC: Failed".
    .remedy-1 = { $reason ->
        [7] On the phone's page in CUCM set Certificate Operation to Install/Upgrade with "Operation Completes By" at least an hour ahead, save, apply, and reset the phone.
       *[9] Compare the device name that the phone gives ({ $client }) with its page in CUCM: the MAC address, and the cluster it was added to.
    }
    .remedy-2 = Look at the trace of Cisco Certificate Authority Proxy Function (Detailed) at this time.
    .do-not-1 = Do not regenerate the CAPF certificate because of this: the TLS connection came up, so the phone accepts it.
    .needs = a capture of TCP 3804 that can be read (with the session's key log)

capf_issues = CAPF at { $server } gave { $client } a certificate
    .detail = It sent { $kind } and the phone answered that it is stored.
    .needs = a capture of TCP 3804 that can be read (with the session's key log)

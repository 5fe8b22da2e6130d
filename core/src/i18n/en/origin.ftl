# Findings about origins: servers that Expressway's traffic server talks to, judged by their certificates.

origin_accepted = { $name }: the traffic server will accept this certificate
    .detail = The chain ends in { $anchor }, which stands in the trust store that was given{ $sent ->
        [0] .
       *[other] , provided that the server sends { $sent-names } with it: { $sent ->
            [one] that certificate does
           *[other] those certificates do
        } not stand in the store.
    } { $names ->
        [0] No address was tried: give those that clients use with --expect.
        [one] The address tried, { $addresses }, is in the certificate.
       *[other] The addresses tried, { $addresses }, are in the certificate.
    } Judged by the rules of { $profile } at { $now }; predicted, not observed.
    .remedy-1 = { $sent ->
        [0] Nothing to do.
       *[other] Check with `openssl s_client -connect NODE:8443 -showcerts` that the node sends { $sent-names }, or add { $sent ->
            [one] it
           *[other] them
        } to the trusted CA list of every Expressway-C peer.
    }
    .needs = the certificate of a CUCM, IM and Presence or Unity node, and Expressway-C's trusted CA list (--trust)

origin_address_unassigned = { $address }: none of the certificates can be told to be the one presented there
    .detail = No certificate that was given holds this address, and { $count ->
        [one] the one that was given belongs to another node
       *[other] the { $count } that were given belong to several nodes
    }, so it is not known which is presented there.
    .remedy-1 = Say which it is: --expect { $address }=FILE. `openssl s_client -connect { $address }:8443 </dev/null | openssl x509` fetches it.
    .needs = the certificate that each address presents
    .missing = the certificate presented at { $address }: give it with --expect { $address }=FILE

origin_chain_invalid = { $name }: the traffic server will refuse it: { $error }
    .detail = The chain can be built, but at depth { $depth } ({ $at }) it fails with error { $code }, "{ $error }". { $more ->
        [0] That is the only fault of the chain.
        [one] One more fault stands behind it: { $others }.
       *[other] { $more } more faults stand behind it: { $others }.
    } The traffic server stops at the first, so curing one would only show the next. { $observed ->
        [yes] A capture shows the handshake; judged
       *[no] Predicted, not observed: judged
    } by the rules of { $profile } at { $now }. It will log:
        > { $line }
    .remedy-1 = { $case ->
        [expired] Renew the certificate at depth { $depth }; where it is a CA, put its successor into the trusted CA list of every Expressway-C peer as well.
        [not-yet] Compare the clocks of the node, the CA and Expressway (NTP); the certificate at depth { $depth } is valid from a time that has not come.
        [purpose] Have the certificate at depth { $depth } issued again with the usage it needs: serverAuth in extendedKeyUsage for a node, CA:TRUE and keyCertSign for a CA.
        [weak] Have the certificate at depth { $depth } issued again with an RSA key of 2048 bits or more and a SHA-256 signature.
        [signature] The certificate at depth { $depth } was not signed by the key of the issuer found. Fetch both again; where a CA was renewed under the same name, its old and new certificates have different keys.
        [constraint] The names in the certificate are not those that its CA may issue. Have it issued again with permitted names, or by another CA.
       *[other] Have the certificate at depth { $depth } issued again without this fault.
    }
    .remedy-2 = Then restart the service on the node (tomcat for 8443, TFTP for 6972) and refresh the servers on Expressway-C: Configuration > Unified Communications > Unified CM servers > Refresh.
    .do-not-1 = Do not switch off the check (`xConfiguration EdgeConfigServer VerifyOriginServer: Off`) for more than the repair: it leaves every origin unverified.
    .needs = the certificate of a CUCM, IM and Presence or Unity node, and Expressway-C's trusted CA list (--trust)

origin_forecast = { $failing ->
        [0] After X14.2 every address tried is accepted
       *[other] { $all ->
            [yes] After X14.2 every address tried is refused: MRA logins fail
           *[no] After X14.2 { $failing } of { $count } requests are refused: { $redundancy ->
                [lost] redundancy is lost
               *[kept] some services fail
            }
        }
    }
    .detail =
        From X14.2.0 on, the traffic server verifies every HTTPS request to CUCM, IM and Presence and Unity, also where "TLS verify mode" is Off; before, only discovery looked, and only at the publisher. Trust and name are two checks; it stops at the first fault, so a node with both shows the second only after the first is cured. Predicted from the files, worst first:
        { $rows }
        { $failing ->
            [0] {""}
           *[other] { $all ->
                [yes] No address is left that works, so users cannot sign in over MRA.
               *[no] Users whose request goes to a refused node fail to sign in, lose failover, or miss what that node serves (8443: sign-in and directory; 6972: phone configuration).
            }
        }
    .remedy-1 = { $trust ->
        [0] {""}
       *[other] First trust: put what the findings origin_self_signed and origin_issuer_unknown name into Maintenance > Security > Trusted CA certificate on every Expressway-C peer.
    }
    .remedy-2 = { $named ->
        [0] {""}
       *[other] Then names: change System > Server on CUCM to the FQDN that stands in the certificate, or have the certificate issued again with the address as a DNS name in subjectAltName; then refresh the servers on Expressway-C.
    }
    .remedy-3 = { $failing ->
        [0] Keep this list: run it again after every renewal.
       *[other] Run this again with the new files before the upgrade; it is done when nothing is refused. To gain time, `xConfiguration EdgeConfigServer VerifyOriginServer: Off` on the Expressway-C peers restores the old behaviour, at the price of no verification at all.
    }
    .do-not-1 = { $failing ->
        [0] {""}
       *[other] Do not count on "TLS verify mode" Off, or on discovery having passed: from X14.2 on neither says anything about requests.
    }
    .needs = node certificates, Expressway-C's trusted CA list (--trust), and the addresses that clients use (--expect)
    .missing = { $store ->
        [no] Expressway-C's trusted CA list (--trust), to judge whether the certificates are trusted
       *[yes] the certificates that the addresses present
    }

origin-forecast-row = - { $address } with { $certificate }: { $verdict ->
        [accepted] accepted
        [name] refused, the address is not in the certificate
        [trust] refused, not trusted ({ $error })
       *[both] refused twice, not trusted ({ $error }) and the address not in the certificate
    }

origin_issuer_unknown = { $case ->
        [missing-intermediate] { $name }: its issuer { $issuer } is neither in the trust store nor among the files
        [root-not-in-store] { $name }: the CA { $issuer } is not in the trust store
        [intermediate-only] { $name }: the trust store holds { $found }, but not the CA above it, { $issuer }
       *[other-key] { $name }: a CA named { $issuer } is known, but it is not the one that signed
    }
    .detail = The traffic server reports error { $code }, "{ $error }", at depth { $depth }. { $case ->
        [missing-intermediate] The certificate at depth { $depth } names { $issuer } as issuer{ $key-identifier ->
            [none] {""}
           *[other] {" "}(key identifier { $key-identifier })
        }; no certificate with that name was given.
        [root-not-in-store] The chain leads up to { $issuer }, which was sent or given as a file, but only what stands in the trusted CA list is trusted.
        [intermediate-only] The default rules of OpenSSL trust only chains that end in a self-signed certificate of the store; an intermediate CA alone is not enough.
       *[other-key] A certificate with that name was given, but its key identifier is { $found } and the certificate asks for { $key-identifier }: a CA that was renewed with a new key, or another CA of the same name.
    } { $observed ->
        [yes] A capture shows the handshake; judged
       *[no] Predicted, not observed: judged
    } by the rules of { $profile } at { $now }. It will log:
        > { $line }
    .remedy-1 = { $case ->
        [missing-intermediate] Get the certificate of { $issuer } from whoever runs that CA (on CUCM it stands in tomcat-trust or CallManager-trust: OS Administration > Security > Certificate Management > Download), with every CA above it up to the self-signed root.
        [root-not-in-store] Upload { $issuer } on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
        [intermediate-only] Upload { $issuer }, the self-signed root, on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
       *[other-key] Get the certificate of { $issuer } whose subject key identifier is { $key-identifier } and upload it on every Expressway-C peer.
    }
    .remedy-2 = { $case ->
        [missing-intermediate] Upload them on every Expressway-C peer (Maintenance > Security > Trusted CA certificate > Append CA certificate), or upload the intermediate to tomcat-trust and CallManager-trust on CUCM so that the node sends it.
       *[other] Or have the node's certificate issued by a CA that the store already holds.
    }
    .do-not-1 = Do not upload the node's own certificate: unless it is self-signed that does not help (OpenSSL's default rules want a root).
    .needs = the certificate of a CUCM, IM and Presence or Unity node, and Expressway-C's trusted CA list (--trust)

origin_name_mismatch = { $address } is not in the certificate of { $name }
    .detail = { $kind ->
        [ip] The traffic server compares an IP address as text with DNS names and the common name; it never looks at iPAddress entries{ $ip-san ->
            [yes] , and this certificate has the address only there: a browser accepts it, the traffic server does not
           *[no] {""}
        }.
        [short] { $address } is a short name; the certificate holds { $names }.
       *[fqdn] The certificate holds { $names }.
    } { $openssl ->
        [yes] OpenSSL's own rule would accept it
       *[no] OpenSSL's own rule refuses it too
    }; a browser { $browser ->
        [yes] would accept it
       *[no] refuses it
    }. { $trusted ->
        [no] Its chain is not trusted either: that fault is reported first and hides this one.
       *[other] {""}
    } { $observed ->
        [yes] A capture shows the handshake.
       *[no] Predicted, not observed.
    } It will log:
        > { $line }
    .remedy-1 = { $kind ->
        [ip] On CUCM change System > Server from the IP address to the FQDN that the certificate holds ({ $names }), with DNS that resolves it from Expressway-C.
        [short] On CUCM change System > Server from { $address } to the FQDN that the certificate holds ({ $names }).
       *[fqdn] Have the certificate issued again with DNS:{ $address } in subjectAltName, or change System > Server to a name that it holds ({ $names }).
    }
    .remedy-2 = Then refresh the servers on Expressway-C: Configuration > Unified Communications > Unified CM servers (and IM and Presence, Unity) > Refresh.
    .do-not-1 = { $kind ->
        [ip] Do not rely on an IP entry in subjectAltName: browsers honour it, this traffic server does not.
       *[other] {""}
    }
    .needs = the certificate of a node and the addresses that clients use (--expect)

origin_self_signed = { $name } is self-signed and not in the trust store
    .detail = The traffic server reports error { $code }, "{ $error }", at depth 0: the certificate is its own issuer and only the store could vouch for it. { $ec ->
        [yes] It is the ECDSA certificate of the node: it is served when ECDSA ciphers come first, which is the default of a fresh X14.2 and of upgrades from before X14.0, and it stays self-signed when only the RSA certificate was signed by a CA.
       *[no] {""}
    } { $observed ->
        [yes] A capture shows the handshake; judged
       *[no] Predicted, not observed: judged
    } by the rules of { $profile } at { $now }. It will log:
        > { $line }
    .remedy-1 = { $ec ->
        [yes] Best: have the ECDSA certificate signed by the same CA as the RSA one. Until then, let RSA come first on Expressway-C: put ECDHE-RSA-AES256-GCM-SHA384: in front of the cipher list (Maintenance > Security > Ciphers).
       *[no] Best: have it signed by a CA whose root stands in the trusted CA list of the Expressway-C peers.
    }
    .remedy-2 = Or upload this very certificate on every Expressway-C peer: Maintenance > Security > Trusted CA certificate > Append CA certificate.
    .remedy-3 = { $same-name ->
        [no] {""}
       *[yes] Mind CSCwa12905 first: { $same-name } has the same common name, and the store can hold only one of the two. CA-signed certificates, different common names, or one certificate for both services (CUCM 14 and newer) avoid it.
    }
    .do-not-1 = Do not switch off the check (`xConfiguration EdgeConfigServer VerifyOriginServer: Off`) for more than the repair: it leaves every origin unverified.
    .needs = the certificate of a CUCM, IM and Presence or Unity node, and Expressway-C's trusted CA list (--trust)

origin_names_unasked = { $name } answers to { $names }
    .detail = { $missing ->
        [none] Every usual spelling of the node is in it.
       *[other] Not to { $missing }: if CUCM advertises the node that way (System > Server), requests through Expressway X14.2 and newer fail.
    } Which addresses clients use stands in no file.
    .remedy-1 = Give the addresses of System > Server with --expect ADDRESS, to have each tried.
    .needs = the certificate of a node

chain_views_differ = { $name }: CUCM and Expressway link its chain differently
    .detail = By names the issuer of { $child } is { $by-name }; by key identifiers it is { $case ->
        [other] { $by-key }
        [unknown] a certificate that was not given (key identifier { $key-identifier })
       *[none] not said: { $child } has no authority key identifier
    }. CUCM links certificates by authority and subject key identifier, a listing links them by name, and OpenSSL wants both to fit. { $case ->
        [other] Two CAs share the name { $issuer }: take the one with the key identifier { $key-identifier }.
        [unknown] The CA named { $issuer } was renewed with another key, or the certificate at hand is another CA of the same name.
       *[none] Only the names decide, so a CA of the same name would be taken for the issuer until the signature is checked.
    }
    .remedy-1 = { $case ->
        [none] Nothing to do while the signature holds; a CA that writes key identifiers makes it unambiguous.
       *[other] Put the CA with the key identifier { $key-identifier } into the trust stores (tomcat-trust and CallManager-trust on CUCM, the trusted CA list on every Expressway-C peer); leave the other only where something still chains to it.
    }
    .needs = a certificate and its issuers

node_certificates_same_common_name = { $name }: { $count } different certificates have this common name
    .detail = { $list }. Expressway cannot keep two certificates with one common name in its trusted CA list (CSCwa12905): uploading the second hides the first, and the service behind it fails. Self-signed CallManager and tomcat certificates of one node are the classic pair. { $self-signed ->
        [0] None of these is self-signed, so only their CAs need to be in the list, and this does no harm.
       *[other] { $self-signed } of them { $self-signed ->
            [one] is
           *[other] are
        } self-signed.
    }
    .remedy-1 = Have them signed by a CA, and put only that CA into the list.
    .remedy-2 = Or give them different common names (Certificate Management > Generate CSR), or on CUCM 14 and newer use one certificate for tomcat and CallManager (Reuse Certificate).
    .needs = two certificates

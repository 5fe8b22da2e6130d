# The findings beyond trust lists, signed files and configurations, as the report opens with them.

headline-name_not_resolved = DNS has no address for { $name }, which { $client } needs.
    .decide = Ask the same DNS server for { $name } from the phone's network; the phone's console log shows at its next attempt (dnsmasq) what it was answered.
headline-service_not_reached = { $client } does not reach { $service } at { $server }.
    .decide = Capture on { $host }: whether the SYN arrives there, and who answers.
headline-service_certificate_not_in_itl = { $service } at { $server } shows a certificate that the phone's list does not name, so the phone believes nothing that it says.
    .decide = Compare the serial { $serial } with the { $service } records of the ITL that the phone holds.
headline-handshake_refused = { $from ->
        [client] { $client } does not accept the certificate that { $server } shows ({ $description }).
       *[server] { $server } does not accept the certificate that { $client } shows ({ $description }).
    }
    .decide = Give the trust store of the side that refused: tlvet then judges this certificate by it.
headline-handshake_failed = The TLS handshake between { $client } and { $server } breaks off, and no readable alert says why.
    .decide = Take a capture on both sides, and the log of the server for the same second.
headline-tls_version_refused = { $client } offers nothing newer than { $version }, and { $server } refuses that.
    .decide = The ClientHello: its client version and the extension supported_versions.
headline-origin_self_signed = { $name } presents a self-signed certificate that Expressway-C does not have in its trusted CA list, so the traffic server breaks the connection off.
    .decide = `openssl s_client -connect` to the port that clients use: the first certificate shown must be this one.
headline-origin_issuer_unknown = The CA that signed the server's certificate ({ $issuer }) is not in Expressway-C's trusted CA list.
    .decide = The CA's subject key identifier beside the authority key identifier of the certificate.
headline-origin_chain_invalid = The traffic server does not accept the chain of { $name }: { $error }.
    .decide = `tlvet chain` with the certificate and the trust store shows every check and the one that fails.
headline-origin_name_mismatch = Clients reach the server as { $address }, and its certificate ({ $name }) does not hold that name.
    .decide = Look up the path that clients ask for (System > Server on CUCM) and compare it with subjectAltName.
headline-certificate_revoked = { $name } is revoked by its CA.
    .decide = Whether the side that refused looks at revocation lists at all.
headline-trust_store_root_missing = The trust store holds CAs without the root that signed them ({ $issuer }), and OpenSSL trusts nothing through those.
    .decide = The same chain judged again with the root given beside the store (`tlvet chain --trust`).
headline-capf_certificate_changed = { $name } is not the CAPF certificate that the list names: phones refuse the CAPF service.
    .decide = The serial of the CAPF record in `show itl` beside CAPF.pem of the publisher, and how far TCP 3804 comes in a capture: a phone that has no address for CAPF sends nothing there.
headline-lsc_not_from_capf = { $name } was not signed by the CAPF certificate that was given ({ $capf }).
    .decide = The authority key identifier of the certificate beside the subject key identifier of CAPF.
headline-tvs_refuses = TVS{ $server } does not vouch for the certificate that { $client } asked about{ $file ->
        [none] {""}
       *[other] , the signer of { $file }
    }{ $listed ->
        [present] , though the certificate list shows it in { $stores }: the service has not read it, or another node was asked
        [absent] : no store of the certificate lists has it
       *[unknown] {""}
    }.
    .decide = Whether the certificate that was asked for stands on that node (OS Administration > Certificate Management).
headline-transfer_failed = { $client } did not get { $name } from { $server }.
    .decide = Fetch the same file from another host with a TFTP client.
headline-phone_boot_stopped = { $phone } stops before it has a configuration.
headline-phone_file_refused = { $file ->
        [list] { $phone } refused a file that its server offers, because its signature could not be verified
       *[other] { $phone } refused { $file }{ $cause ->
            [signer] , because none of its trust lists names the signer
           *[other] , because its signature could not be verified
        }
    }{ $over ->
        [yes] , and verified it later
       *[no] {""}
    }.
    .decide = The signer in the header of the file beside the records of the lists that the phone holds.
headline-tms_offers_old_tls = The registry allows TLS 1.2, but TMS still offers an old version: its own communication security decides.
headline-tms_version_old = TMS { $version } cannot offer TLS 1.2, and the endpoints demand it.
headline-sql_server_without_tls = { $case ->
        [seen] The SQL Server of TMS has no version of TLS left that it can use, so it does not start, and TMS with it.
       *[foretold] With these TLS settings the SQL Server of TMS will not start.
    }
headline-capf_refuses = CAPF at { $server } refuses { $client }: { $reason ->
        [7] what the phone asks for is not offered to it now
       *[9] the database does not know a device of this name
    }.
    .decide = The trace of Cisco Certificate Authority Proxy Function (Detailed) for the same second.
headline-certificate_not_in_store = { $name } signs what phones fetch, and TVS cannot vouch for it: it stands in no store of the certificate list.
    .decide = OS Administration > Security > Certificate Management on the nodes of the phone's CallManager group: look for serial { $serial }.
headline-certificate_request_signature_invalid = The request for { $name } in { $file } is not what the node made: no CA may sign it.
headline-certificate_unreadable = { $file } holds certificates that cannot be read, so what they would show is not known.
headline-database_certificate_differs = The database trusts another CallManager certificate of { $name } than the node has (CSCtn50405): the lists that this node writes are refused by phones.
    .decide = The serial of CallManager.pem of the node beside the output of `run sql`.
headline-expressway_ca_not_listed = CUCM does not know the CA of Expressway-C's own certificate ({ $name }): it is missing in { $stores }, and from X14.0.2 on CUCM refuses Expressway then.
    .decide = { $stores } of CUCM in OS Administration > Security > Certificate Management, and the direction of the alert in a capture: CUCM sends it.
headline-key_matches_nothing = The private key in { $file } belongs to none of the certificates that were given: whoever serves with them cannot prove them.
headline-list_file_missing = The node has no { $kind } file ({ $file }), so phones get none from it.
    .decide = `show itl` on the node after Cisco TFTP was restarted there.
headline-ctl_client_refused = { $title }.
headline-list_reset_failed = The reset of the trust list failed on the node ({ $file }), so it offers no new list.
    .decide = `utils dbreplication runtimestate`: every node must show state 2.
headline-listed_certificate_self_signed = { $node }: the ECDSA { $count ->
        [one] certificate ({ $stores }) is
       *[other] certificates ({ $stores }) are
    } self-signed, so who trusts only the CA of the RSA one refuses this node wherever ECDSA comes first.
    .decide = The certificate that the port shows in a capture: a common name that ends in -EC is the ECDSA one.
headline-listed_renewed_together = { $node }: CallManager and TVS were renewed on the same day (both end on { $expires }), so phones with an older ITL can verify neither the new list nor TVS.
    .decide = The checksum on the phone's Trust List screen beside `show itl`: an equal one acquits.
headline-listing_refused = { $case ->
        [unsigned] None of the signers in the { $kind } that the node offers has signed it ({ $file }), so phones refuse it.
        [unparsable] The { $kind } on the node is damaged ({ $file }), so phones refuse it.
       *[failed] The node cannot verify its own { $kind } ({ $file }), so phones refuse it as well.
    }
    .decide = `show itl` again after the CallManager certificate of this node was regenerated: one token must then have "signed the ITL file".
headline-lsc_device_differs = { $device } shows a certificate that was made for { $named }.
headline-lsc_failed = { $phone } { $over ->
        [no] did not get its LSC
        [name] did not get its LSC in the attempt that is shown
       *[yes] failed to get its LSC, and got it later
    }{ $cause ->
        [name] , because it finds no address for { $name }
        [no-capf] , because its ITL names no CAPF
        [late] , because the time for the operation had passed
        [string] , because the authentication string is not the right one
        [invalid-mic] , because its MIC was not accepted
        [invalid-lsc] , because its present LSC was not accepted
       *[other] {""}
    }.
    .decide = The phone's status messages at its next reset, and TCP 3804 in a capture of its port.
headline-origin_forecast = { $failing ->
        [0] After X14.2 every address that was tried is accepted.
       *[other] { $all ->
            [yes] After X14.2 Expressway-C will refuse every address that was tried, so nobody can sign in over MRA.
           *[no] After X14.2 Expressway-C will refuse { $failing } of { $count } requests to these servers.
        }
    }
headline-plan_central_tftp = { $case ->
        [new] A central TFTP server will do.
        [mixed] A central TFTP server will cut phones off: clusters before 8.0 and later ones are mixed.
        [mixed-prepared] A central TFTP server for mixed clusters works only while the rollback parameter is on.
       *[contradiction] The versions that were given contradict the lists: before 8.0 there is no ITL.
    }
headline-plan_migration = { $verdict ->
        [nothing] { $phone }: the phone will move; it takes the new lists by itself.
        [vouched] { $phone }: the phone will move, with the help of its old TVS servers.
        [unknown] { $phone }: whether the phone will move depends on its old TVS servers, and nothing given says whether they know the new signer.
        [missing] { $phone }: the phone will stay behind, because the TVS servers of its old cluster do not know who signs the new lists.
       *[no-tvs] { $phone }: the phone will stay behind, because it knows no TVS server that could vouch for the new lists.
    }
headline-plan_rename = { $case ->
        [until-ctl] After the rename phones take no new files until the CTL is updated.
        [recoverable] The rename is safe enough: the CTL can be updated afterwards.
        [prepared] The rename is prepared: phones hold an emptied ITL.
        [single] The rename will strand the phones: they know one node and nothing but its ITL.
        [group] The rename will strand phones whose CallManager group has one server.
        [at-once] Renaming all nodes at once will strand the phones.
        [one-by-one] The rename works, one node after the other.
       *[open] The rename works one node after the other, and strands the phones if all are renamed at once.
    }
headline-schannel_tls12_off = TLS 1.2 is not on in the registry of the Windows server, so endpoints that take nothing older get no connection.
    .decide = The ClientHello of TMS in a capture: its version and the extension supported_versions.
headline-schannel_value_unusable = { $case ->
        [half-missing] The registry sets { $name } for one side only: { $other } is missing.
        [value-missing] The registry says only half of what turns a version of TLS on: { $name } has no { $other }.
        [contradictory] Two inputs disagree about { $name } in the registry.
       *[other] A registry value that should turn TLS 1.2 on does not count for Windows: wrong name, type or place.
    }
    .decide = The exported key beside the finding's own .reg file.
headline-server_port_self_signed = { $host } presents a self-signed certificate on port { $port } and one that a CA signed on port { $other-port }: who trusts the CA is served on one and refuses the other.
    .decide = The trusted CA list of Expressway-C: with { $name } in it, this is not the cause.
headline-signed_file_key_mismatch = { $file } cannot be opened with the private key that was given: it was encrypted for another phone, or for an older certificate of this one.
headline-store_not_replicated = The certificate stores of the nodes differ, so what TVS answers depends on the node that a phone asks.
    .decide = The certificate list of each node of the phone's CallManager group, on the same day.
headline-trust_store_key_identifier_conflict = Two CAs in the trust store are mixed up by their key identifier, so certificates below them are not verified.
    .decide = The subject key identifiers of both CAs beside the authority key identifier of the server's certificate.
headline-trust_store_not_a_ca = { $name } stands in the trust store but is no CA, so nothing below it is trusted.
    .decide = `tlvet chain` with the certificate of the server and this store.
headline-tvs_sessions_refused = TVS takes only a part of the sessions that phones try: those that are turned away refuse what their lists do not name.
    .decide = The trace of the service between "Accepted TCP connection" and "TLS HS Done".
headline-tvs_unanswered = TVS{ $server } left the question of { $client } without an answer, so the phone refuses what it asked about.
    .decide = The Detailed trace of Cisco Trust Verification Service for the same second.
headline-mra_domain_forbidden = Expressway refuses requests over MRA because their domain is not one that it serves.
    .decide = Configuration > Domains on Expressway-C: Cisco UC services must be on for this domain.
headline-expressway_stores_differ = The Expressway peers trust different CAs, so what works depends on the peer.
    .decide = The trusted CA list of every peer, on the same day.
headline-expressway_connection_failed = { $case ->
        [unreachable] Expressway does not even reach { $peer }, port { $port } ({ $service }): certificates are not the matter there.
       *[other] TLS of { $service } between Expressway and { $peer } fails: { $error }.
    }
    .decide = A capture on Expressway for { $peer }: whether a handshake begins, and who ends it.
headline-archive_damaged = { $title }{ $case ->
        [odd] {""}
       *[damaged] , so what it would show may be missing
    }.
headline-archive_limit = { $title }, so what follows was not judged.
headline-archive_not_read = { $title }: what they hold was not judged.
headline-capture_incomplete = { $title }.
headline-certificate_not_in_trust_list = { $case ->
        [accounted] The certificate of { $name } with serial { $serial } stands in no trust list, and none of its records is without a certificate.
       *[open] The trust list names another certificate of { $name } than the one that was given (serial { $serial }): phones would not believe it.
    }
headline-certificate_request_key_differs = The certificate of { $name } was not made for the request in { $file }: the product refuses it.
headline-certificate_request_names_differ = The CA changed the names that { $name } asked for, and CUCM refuses the certificate for that.
headline-chain_views_differ = { $name } may be trusted by one of CUCM and Expressway and not by the other: they link its chain differently.
headline-container_needs_password = { $file } needs a password, so nothing in it was judged.
headline-container_password_wrong = { $title }, so it was not judged.
headline-container_unsupported = { $file } is protected in a way that cannot be undone here ({ $reason }), so it was not judged.
headline-container_without_mac = { $file } holds certificates that anybody may have put there: it has no check over its content.
headline-expressway_origins_unverified = { $title }; a certificate is not what stops clients there.
headline-fetched_file_differs = { $title }.
headline-https_server_not_authenticated = { $title }.
headline-input_unrecognised = { $title }, so what it would show is not known.
headline-key_log_found = { $file } opens recorded TLS sessions: whoever has it and the capture reads them.
headline-listing_cut = { $title }, so what is missing from it may be on the node.
headline-listing_damaged = { $title }: it was mistyped or edited, and the list on the node may be sound.
headline-lsc_operation_pending = The certificate operation waits for the phone, which has not come for it or did not get through.
headline-lsc_outlives_capf = { $name } becomes worthless on { $capf_end }, when { $capf } that signed it expires.
headline-node_certificates_same_common_name = { $name } has { $count } different certificates of one common name, of which Expressway's trusted CA list can hold one.
headline-packet_list_handshake = { $title }.
headline-phone_boot_without_itl = { $phone } found no ITL on its server: its TFTP service has built none, or it is not CUCM that answers.
headline-phone_checksum_differs = The phone has not taken the { $kind } that the server offers: it shows another checksum.
headline-phone_status_failure = { $title }.
headline-plan_bulk_export = { $title }.
headline-plan_migration_back = { $title }.
headline-plan_renewal = { $title }.
headline-private_key_found = { $file } holds a private key: whoever gets the file may pass for its owner.
headline-received_length_differs = { $phone } got another { $name } than { $file }: what is said of the file does not hold for the phone.
headline-schannel_events = { $title }.
headline-tls_never_started = { $client } connected to { $server } and sent no ClientHello: it was TLS that it could not begin.
headline-tms_connection_error = { $title }.
headline-tms_method_not_allowed = TMS gave up { $method } with its communication security, so what it managed that way drops out.
headline-tms_services = { $title } on the server of TMS.
headline-trust_store_same_name = { $title }: Expressway keeps one of them, and what rests on the others is refused.

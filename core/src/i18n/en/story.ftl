# The first sentences of a report: what an experienced engineer would say. `headline-<code>` is a finding as a cause, its
# attribute `decide` what would show that it, and not another, is the cause.

story-pass = Nothing wrong was found in { $inputs ->
        [one] what was given
       *[other] the { $inputs } inputs
    }; what was not given was not judged.
story-inconclusive = No fault was found, but it cannot be said that all is well{ $open ->
        [no] {""}
       *[yes] : what is missing is { $needs }
    }.
story-nothing = Nothing was given that could be judged.
story-fail = { $cause }{ $alternatives ->
        [0] {""}
        [one] {" "}One other explanation fits what was given as well.
       *[other] {" "}{ $alternatives } other explanations fit what was given as well.
    }{ $others ->
        [0] {""}
        [one] {" "}Apart from that, one other thing is wrong.
       *[other] {" "}Apart from that, { $others } other things are wrong.
    }
story-warn = Nothing fails by what was given, but: { $cause }{ $others ->
        [0] {""}
        [one] {" "}One other thing is weak.
       *[other] {" "}{ $others } other things are weak.
    }

headline-callmanager_and_tvs_renewed_together = { $file }: the CallManager certificate and the TVS certificate were renewed together{ $case ->
        [stranded] , so phones with the older ITL can verify neither the new list nor the TVS server that they would ask about it
       *[renewed] ; phones follow only where they have another way to believe the new list
    }.
    .decide = Compare the serials in `show itl` on the TFTP server with the ITL that the phone holds: if both the signer and every TVS record differ, this is it.
headline-phone_rejects_list = { $case ->
        [ask-tvs] The phone does not know who signed the ITL or CTL that its server offers now ({ $server }, signed by { $signer }), and must ask TVS before it takes it.
       *[other] The phone holds lists that do not name the signer of what its server offers now ({ $server }, signed by { $signer }){ $case ->
            [tvs-changed] , and none of the TVS servers that it would ask presents a certificate that it knows: CallManager and TVS certificates changed before the phone had taken a new list
            [no-tvs] , and it knows no TVS server that it could ask
           *[tvs-refuses] , and TVS does not vouch for that signer
        }.
    }
    .decide = The phone's status messages: "Trust List update failed, verification failure" shows that it refused the list.
headline-phone_tvs_changed = { $case ->
        [all] None of the TVS certificates that the phone's ITL ({ $file }) names is in use any more, so the phone believes no TVS server.
       *[some] Some of the TVS certificates that the phone's ITL ({ $file }) names are no longer in use.
    }
    .decide = Capture TCP 2445 while the phone boots: the serial of the certificate that TVS shows, beside the TVS records of the phone's ITL.
headline-trust_list_damaged = { $file } is not the { $kind } that the server made: it is { $shape ->
        [cut] cut short
        [trailing] followed by bytes that do not belong to it
       *[other] changed
    }, and no phone will take it.
    .decide = Fetch the list again over TFTP and compare both MD5 sums with `show itl` on the server.
headline-trust_list_signature_invalid = The signature of { $file } does not fit its content: a phone refuses it whoever signed it.
    .decide = Fetch the list again from the server: if the fresh one verifies, the copy was changed on its way.
headline-trust_list_signer_contradicts = { $file } names a signer whose record belongs to another certificate.
    .decide = Compare the serial and the key of the signer with OS Administration > Security > Certificate Management on the node that runs TFTP.
headline-signed_file_signature_invalid = The signature of { $file } does not fit: the phone refuses the file and goes on with what it has.
    .decide = Fetch the file again, and check that nothing between TFTP server and phone rewrites it.
headline-signed_file_signer_not_on_phone = The phone cannot verify { $file }, because its lists do not name the signer { $signer }.
    .decide = Compare the signer's serial with the records of the phone's own ITL.
headline-name_not_resolved = DNS has no address for { $name }, which { $client } needs.
    .decide = Ask the same DNS server for { $name } from the phone's network; the phone's console log shows at its next attempt (dnsmasq) what it was answered.
headline-service_not_reached = { $client } does not reach { $service } at { $server }.
    .decide = Capture on { $host }: whether the SYN arrives there, and who answers.
headline-service_certificate_not_in_itl = { $service } at { $server } shows a certificate that the phone's list does not name, so the phone believes nothing that it says.
    .decide = Compare the serial { $serial } with the { $service } records of the ITL that the phone holds.
headline-itl_rollback = { $file } is the emptied list of "Prepare Cluster for Rollback to pre 8.0": phones that take it trust every server from then on.
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
headline-certificate_expired = { $name } expired on { $end }.
    .decide = The alert of the side that refused: `certificate_expired` names this cause.
headline-certificate_revoked = { $name } is revoked by its CA.
    .decide = Whether the side that refused looks at revocation lists at all.
headline-trust_store_root_missing = The trust store holds CAs without the root that signed them ({ $issuer }), and OpenSSL trusts nothing through those.
    .decide = The same chain judged again with the root given beside the store (`tlvet chain --trust`).
headline-capf_certificate_changed = { $name } is not the CAPF certificate that the list names: phones refuse the CAPF service.
    .decide = The serial of the CAPF record in `show itl` beside CAPF.pem of the publisher, and how far TCP 3804 comes in a capture: a phone that has no address for CAPF sends nothing there.
headline-lsc_not_from_capf = { $name } was not signed by the CAPF certificate that was given ({ $capf }).
    .decide = The authority key identifier of the certificate beside the subject key identifier of CAPF.
headline-configuration_certificate_hash_differs = { $file } is encrypted for another certificate than the one that { $device } has.
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
headline-capf_certificate_expiring = { $case ->
        [expired] The CAPF certificate { $name } expired on { $end }: it can give no phone an LSC, and those that it gave are refused with it.
       *[soon] The CAPF certificate { $name } expires on { $end }, and every LSC that it gave becomes worthless with it.
    }
    .decide = The dates of CAPF.pem in OS Administration > Security > Certificate Management on the publisher.
headline-capf_refuses = CAPF at { $server } refuses { $client }: { $reason ->
        [7] what the phone asks for is not offered to it now
       *[9] the database does not know a device of this name
    }.
    .decide = The trace of Cisco Certificate Authority Proxy Function (Detailed) for the same second.
headline-certificate_not_in_store = { $name } signs what phones fetch, and TVS cannot vouch for it: it stands in no store of the certificate list.
    .decide = OS Administration > Security > Certificate Management on the nodes of the phone's CallManager group: look for serial { $serial }.
headline-certificate_not_yet_valid = { $name } is valid only from { $start }: a clock is wrong, or it was made for later.
    .decide = The clock (`utils ntp status`) of the node that made it and of the one that refused it.
headline-certificate_request_signature_invalid = The request for { $name } in { $file } is not what the node made: no CA may sign it.
headline-certificate_unreadable = { $file } holds certificates that cannot be read, so what they would show is not known.
headline-configuration_capf_without_record = The configuration sends the phone to CAPF, and the ITL names no CAPF certificate: the phone believes none.
    .decide = The CAPF record in `show itl` on every TFTP node.
headline-configuration_unreadable = The configuration in { $file } cannot be read, by a phone as little as here.
headline-ctl_itl_recovery_differs = { $ctl } and { $itl } hold different ITLRecovery certificates: the CTL has one anchor left, and renewing CallManager takes it.
    .decide = The serials of ITLRecovery in `show ctl` and `show itl`.
headline-database_certificate_differs = The database trusts another CallManager certificate of { $name } than the node has (CSCtn50405): the lists that this node writes are refused by phones.
    .decide = The serial of CallManager.pem of the node beside the output of `run sql`.
headline-delete_itl_decision = { $decision ->
        [delete] { $phone }: the phone can neither verify new files nor ask anybody, and the old key is gone{ $recovery ->
            [yes] ; only the recovery key may still save its ITL
           *[no] , so its ITL has to be deleted
        }.
       *[keep] { $phone }: there is a better way than deleting the ITL.
    }
headline-expressway_ca_not_listed = CUCM does not know the CA of Expressway-C's own certificate ({ $name }): it is missing in { $stores }, and from X14.0.2 on CUCM refuses Expressway then.
    .decide = { $stores } of CUCM in OS Administration > Security > Certificate Management, and the direction of the alert in a capture: CUCM sends it.
headline-input_unreadable = { $file } could not be read as a whole, so what it would show is not known.
    .decide = The same file once more, from where it was collected.
headline-itl_capf_missing = The ITL names no CAPF certificate, so phones believe no CAPF and get no LSC.
    .decide = Whether `show itl` on each TFTP node has a record with FUNCTION CAPF, and whether the CAPF service is activated on the publisher.
headline-itl_differs_between_servers = The TFTP nodes offer different ITLs: what a phone believes depends on the node that it asked.
    .decide = The checksum that `show itl` prints on each TFTP node.
headline-itl_tftp_missing = { $file } names nobody who may sign files: a phone with this list takes no configuration.
    .decide = The records with FUNCTION CCM+TFTP or TFTP in `show itl` on the node that offers it.
headline-itl_tvs_missing = { $file } names no TVS server, so phones can ask nobody about what their lists do not name.
    .decide = Whether Cisco Trust Verification Service runs on the nodes that run CallManager, and whether Cisco TFTP was restarted since.
headline-key_matches_nothing = The private key in { $file } belongs to none of the certificates that were given: whoever serves with them cannot prove them.
headline-list_file_missing = The node has no { $kind } file ({ $file }), so phones get none from it.
    .decide = `show itl` on the node after Cisco TFTP was restarted there.
headline-list_reset_failed = The reset of the trust list failed on the node ({ $file }), so it offers no new list.
    .decide = `utils dbreplication runtimestate`: every node must show state 2.
headline-listed_certificate_expired = By the certificate list, { $store } of { $name } { $case ->
        [expired] expired on { $date }
       *[soon] expires on { $date }
    }.
    .decide = The dates of the certificate that the port really shows (`openssl s_client -connect`).
headline-listed_certificate_self_signed = { $node }: the ECDSA { $count ->
        [one] certificate ({ $stores }) is
       *[other] certificates ({ $stores }) are
    } self-signed, so who trusts only the CA of the RSA one refuses this node wherever ECDSA comes first.
    .decide = The certificate that the port shows in a capture: a common name that ends in -EC is the ECDSA one.
headline-listed_renewed_together = { $node }: CallManager and TVS were renewed on the same day (both end on { $expires }), so phones with an older ITL can verify neither the new list nor TVS.
    .decide = The checksum on the phone's Trust List screen beside `show itl`: an equal one acquits.
headline-listing_refused = { $case ->
        [unsigned] The node offers a { $kind } that none of its signers signed ({ $file }), so phones refuse it.
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
headline-phone_capf_changed = The ITL that the phone holds ({ $phone }) and the one that the server offers ({ $server }) name different CAPF certificates.
    .decide = Reset the phone and see whether it takes the server's list: then it believes the CAPF of today.
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
headline-public_key_shared = { $count } phones have one and the same key pair: each can pass itself off as the others.
headline-record_contradicts_certificate = { $file } holds a record whose fields belong to another certificate than the one in it.
    .decide = The same list fetched again from the server, beside its MD5 in `show itl`.
headline-rollback_leaves_ctl = { $itl } is emptied, but { $ctl } still binds the phones: the rollback parameter frees only phones that hold no CTL.
headline-schannel_tls12_off = TLS 1.2 is not on in the registry of the Windows server, so endpoints that take nothing older get no connection.
    .decide = The ClientHello of TMS in a capture: its version and the extension supported_versions.
headline-schannel_value_unusable = A registry value that should turn TLS 1.2 on does not count for Windows: wrong name, type or place.
    .decide = The exported key beside the finding's own .reg file.
headline-server_port_self_signed = { $host } presents a self-signed certificate on port { $port } and one that a CA signed on port { $other-port }: who trusts the CA is served on one and refuses the other.
    .decide = The trusted CA list of Expressway-C: with { $name } in it, this is not the cause.
headline-signed_file_damaged = { $file } is damaged, so the phone refuses it and goes on with what it has.
    .decide = Fetch the file again from the TFTP server and compare the lengths.
headline-signed_file_key_mismatch = { $file } cannot be opened with the private key that was given: it was encrypted for another phone, or for an older certificate of this one.
headline-signed_file_signer_role_unfit = { $file } is signed by a certificate that the phone's list does not allow to sign files.
    .decide = The FUNCTION of the signer's record in `show itl`: it must be CCM+TFTP or TFTP.
headline-store_not_replicated = The certificate stores of the nodes differ, so what TVS answers depends on the node that a phone asks.
    .decide = The certificate list of each node of the phone's CallManager group, on the same day.
headline-trust_list_algorithm_unknown = { $file } announces an algorithm or a length that does not exist: the { $kind } is damaged or was not made by CUCM.
    .decide = The same list fetched again, beside its MD5 in `show itl`.
headline-trust_list_signer_not_in_list = { $file } is signed by { $signer }, which stands in none of its own records: the { $kind } does not vouch for itself.
    .decide = `show itl` on the node: one token must have "signed the ITL file".
headline-trust_list_signer_role_wrong = { $file } is signed by { $signer }, which may not sign a { $kind }.
    .decide = The FUNCTION of the signer's record: it must be System Administrator Security Token.
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
headline-signed_file_too_large = { $file } is larger than the phone takes.
    .decide = The status messages of the phone: "CFG TFTP Size Error".

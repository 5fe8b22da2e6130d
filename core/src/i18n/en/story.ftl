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
    .decide = Ask the same DNS server for { $name } from the phone's network.
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
    .decide = The serial of the CAPF record in `show itl`.
headline-lsc_not_from_capf = { $name } was not signed by the CAPF certificate that was given ({ $capf }).
    .decide = The authority key identifier of the certificate beside the subject key identifier of CAPF.
headline-configuration_certificate_hash_differs = { $file } is encrypted for another certificate than the one that { $device } has.
headline-tvs_refuses = TVS{ $server } does not vouch for the certificate that { $client } asked about.
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

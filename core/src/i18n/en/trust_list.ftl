# Findings about one trust list, or several of one side. Findings about a phone's lists stand in phone.ftl.

callmanager_and_tvs_renewed_together = { $file }: the CallManager and TVS certificates were renewed together{ $case ->
        [stranded] , and phones are stranded
       *[renewed] { "" }
    }
    .detail = { $case ->
        [stranded] Predicted: the phone ({ $phone }) holds neither of the two new certificates and no other record by which it could believe the new ITL. The certificate that signs files ({ $signer }) is valid from { $callmanager }, the TVS certificate from { $tvs }: less than a day apart. The phone cannot verify the new list itself, and it cannot ask TVS, because the TVS certificate that its ITL holds is gone.
       *[renewed] The certificate that signs files ({ $signer }) is valid from { $callmanager }, the TVS certificate from { $tvs }: less than a day apart, and the phone ({ $phone }) holds neither. Phones that have another way to believe the new ITL (ITLRecovery in their list, a CTL, another TVS server) still follow; those without are lost.
    }
    .remedy-1 = See which phones follow: compare the checksum on a phone (Settings > Security Configuration > Trust List, or the phone's web page) with `show itl` of its TFTP node.
    .remedy-2 = { $case ->
        [stranded] If a DRS backup from before the renewal exists, restore the old CallManager and TVS certificates from it (OS Administration > Security > Certificate Management shows what is there now), restart Cisco TFTP and Cisco Trust Verification Service on every node, reset the phones, and renew again one at a time.
       *[renewed] Restart Cisco Trust Verification Service, then Cisco TFTP, on every node (Cisco Unified Serviceability > Tools > Control Center), and reset the phones in small groups.
    }
    .remedy-3 = { $case ->
        [stranded] Other phones than this one may hold ITLRecovery in their list: for those
       *[renewed] From 10.0 on:
    } `utils itl reset localkey` on the publisher signs the ITL with the ITLRecovery key, which only phones accept that hold ITLRecovery in their list. In mixed mode update the CTL as well (`utils ctl update CTLFile`).
    .remedy-4 = Next time renew one of the two, restart its services, reset all phones, see that they carry the new ITL, and only then renew the other.
    .do-not-1 = Do not renew anything else, and do not delete trust lists on phones, before you know which phones follow by themselves.

ctl_anchor_single = { $file }: the CTL has one signer only
    .detail = { $signer } is the only System Administrator Security Token of this CTL. If its key is lost or renewed without the CTL being updated first, no phone accepts the next CTL.
    .remedy-1 = Keep a DRS backup of the key. A tokenless CTL should hold ITLRecovery and CallManager as tokens: look at `show ctl` after `utils ctl update CTLFile` on the publisher. A CTL signed by USB tokens should hold two of them.

ctl_itl_recovery_differs = { $ctl } and { $itl } hold different ITLRecovery certificates
    .detail = Both lists name { $name }, but the certificates differ. This is what an upgrade leaves behind that makes a new ITLRecovery certificate without updating the CTL (FN70613, CSCvv13565): the CTL has lost one of its two anchors, and renewing CallManager now takes the other, after which phones accept no CTL any more.
    .remedy-1 = Before anything else, on the publisher: `utils ctl reset localkey`. It writes the CTL anew, signed with the key that phones still believe, and with the ITLRecovery certificate of today.
    .remedy-2 = Restart Cisco CallManager and Cisco TFTP on all nodes that run them, then reset the phones.
    .remedy-3 = Fetch both lists again and check that they name the same ITLRecovery certificate.
    .do-not-1 = Do not renew the CallManager certificate while the lists differ.

ctl_signed_by_token = { $file }: the CTL is signed by a USB security token
    .detail = The signer is { $signer }, a token of the CTL client ({ $tokens ->
        [one] one token stands in the list
       *[other] { $tokens } tokens stand in the list
    }); its serial is stored in reversed byte order, which is normal for such lists. Every change of the CTL needs the CTL client and a token at hand. Moving phones to another cluster by trusting its CallManager certificate does not work with such a list; it wants a tokenless one.
    .remedy-1 = To leave the tokens: `utils ctl set-cluster mixed-mode` on the publisher (10.0 and later) writes a CTL signed by the cluster itself; do it while phones still accept the old list.
    .remedy-2 = Keep the tokens in a safe until every phone carries the new list.

itl_capf_missing = { $file }: the ITL has no CAPF record
    .detail = { $used ->
        [yes] Other inputs name CAPF (a phone configuration or another list), but this ITL does not. Phones that take it say "No valid CAPF server" and cannot install or renew their LSC.
       *[unknown] Without it phones cannot install an LSC ("No valid CAPF server"). That is normal where CAPF is not used: CUCM writes the record only while Cisco Certificate Authority Proxy Function is active on the publisher.
    }
    .remedy-1 = Cisco Unified Serviceability > Tools > Service Activation, publisher: Cisco Certificate Authority Proxy Function must be active.
    .remedy-2 = Restart Cisco TFTP on every TFTP node, check `show itl` on each for FUNCTION CAPF, then reset the phones.

itl_differs_between_servers = ITLs of one cluster differ: { $one } and { $other }
    .detail = The lists share certificates, so they come from one cluster, but the TVS and CAPF certificates that they name are not the same ({ $groups } different sets). Every TFTP node of a cluster should name the same ones; a phone that fetches from one node and then from the other keeps what it got first, and LSC operations stay in "Operation Pending". If these are copies of one node from before and after a change, the finding only says that something changed.
    .remedy-1 = Run `show itl` on every TFTP node and compare the TVS and CAPF records and the time.
    .remedy-2 = Check replication: `utils dbreplication runtimestate` on the publisher; every node should be in state 2.
    .remedy-3 = Restart Cisco TFTP on the nodes with the older list, then compare again.
    .do-not-1 = Do not delete trust lists on phones before all nodes offer the same content.
    .needs = the ITLs of at least two TFTP nodes

itl_ec_record = { $lists ->
        [one] { $file }: the list holds elliptic-curve records
       *[other] { $lists } lists hold elliptic-curve records
    }
    .detail = { $records ->
        [one] One record carries
       *[other] { $records } records carry
    } an elliptic-curve key, first { $subject }. Since 11.0 CUCM adds the ECDSA certificate of the TFTP service (its name ends in -EC); phones that know only RSA ignore it. It never signs the list.

itl_hash_records = { $lists ->
        [one] { $file }: records that hold only a hash
       *[other] { $lists } lists: records that hold only a hash
    }
    .detail = { $records ->
        [one] One record holds
       *[other] { $records } records hold
    } the hash of a certificate in place of the certificate: { $algorithms }. That is how CUCM writes TVS and CAPF records; where `show itl` prints "null" as the algorithm, the length of the hash tells it. Of these, { $joined } could be matched with a certificate among the inputs, { $unknown } could not. Give TVS.pem and CAPF.pem (OS Administration > Security > Certificate Management) to see which is which.

itl_recovery_key_short = { $file }: the ITLRecovery key has { $bits } bits only
    .detail = { $subject } has an RSA key of { $bits } bits, while other records of this list have 2048 or more. An ITLRecovery certificate that stayed short over upgrades is a known trap (FN70613): recovery with it can fail when it is needed.
    .remedy-1 = While everything still works: `set cert regen ITLRecovery` on the publisher, then restart Cisco Trust Verification Service and Cisco TFTP on all nodes and reset the phones.
    .remedy-2 = In mixed mode update the CTL before and after: `utils ctl update CTLFile`.
    .do-not-1 = Do not renew CallManager in the same window.

itl_rollback = { $file } is a rollback ITL: { $role ->
        [phone] this phone accepts any configuration from anyone
       *[server] phones that take it accept any configuration from anyone
    }
    .detail = The list is signed and holds { $tokens ->
        [one] one System Administrator Security Token
       *[other] { $tokens } System Administrator Security Tokens
    }, but no usable TFTP, TVS or CAPF record. CUCM writes it while the enterprise parameter "Prepare Cluster for Rollback to pre 8.0" is True. A phone with it asks for unsigned files and believes whoever sends them; signed and encrypted configurations and HTTPS services are all off. It is meant for the hours of a rollback or of a move of non-secure phones, no longer.
    .remedy-1 = When the move is over: System > Enterprise Parameters > Prepare Cluster for Rollback to pre 8.0 = False.
    .remedy-2 = Restart Cisco Trust Verification Service on every node, then Cisco TFTP on every TFTP node, then reset all phones.
    .remedy-3 = Check with `show itl` that TFTP, TVS and CAPF records are back.
    .do-not-1 = Do not leave the cluster like this, and do not switch the parameter on when phones already refuse the ITL: they would refuse this one too.

itl_signed_by_callmanager = { $lists ->
        [one] { $file }: the ITL is signed by the CallManager certificate
       *[other] { $lists } ITLs are signed by the CallManager certificate
    }
    .detail = The signer, { $signer }, is also the certificate that signs configuration files; that is how releases before 12.0 work. When CallManager.pem is renewed, the new ITL has a signer that no phone knows, and each phone must ask TVS. { $recovery ->
        [yes] An ITLRecovery certificate stands in the list as a second token, as it should from 10.0 on: it is the way back when CallManager is lost.
       *[no] No ITLRecovery certificate stands in the list: if TVS fails as well, nothing is left that phones would believe.
    }
    .remedy-1 = Before you renew CallManager: make a DRS backup, and check that the TVS certificates are not renewed in the same window.

itl_signed_by_recovery = { $lists ->
        [one] { $file }: the ITL is signed by ITLRecovery
       *[other] { $lists } ITLs are signed by ITLRecovery
    }
    .detail = The signer is { $signer }, the cluster's recovery certificate, as since 12.0. Renewing CallManager leaves the signer of the ITL as it is, so phones follow by themselves; renewing ITLRecovery does not.
    .remedy-1 = Keep a DRS backup with the ITLRecovery key (`file get tftp ITLRecovery.p12` fetches a copy).

itl_tftp_missing = { $file }: the ITL names nobody who may sign files
    .detail = None of the { $records } records has the function TFTP or CCM+TFTP with a certificate, so a phone with this ITL cannot verify a signed configuration by itself. { $tvs ->
        [yes] It can still ask TVS about every file, as long as a TVS server answers.
       *[no] There is no TVS record either, so every signed file is refused. It is no rollback ITL, since other records are there.
    }
    .remedy-1 = On the TFTP node: Cisco Unified Serviceability > Tools > Service Activation: Cisco TFTP must be active; OS Administration > Security > Certificate Management: CallManager.pem must be there and valid.
    .remedy-2 = Restart Cisco TFTP on that node and look for FUNCTION TFTP (11.0 and later) or CCM+TFTP (before) in `show itl`.

itl_tvs_count_differs = { $file }: the ITL names { $servers ->
        [one] one TVS server
       *[other] { $servers } TVS servers
    }, { $nodes } expected
    .detail = { $case ->
        [fewer] { $nodes } nodes run CallManager, by your answer, and each of them is a TVS server. The phones do not know all of them: they cannot verify anything with the missing ones, and redundancy is lost.
       *[more] { $nodes } nodes run CallManager, by your answer; the list names more TVS certificates than that. Certificates of nodes that are gone, or old certificates, are still trusted by phones.
    }
    .remedy-1 = Run `show itl` on each TFTP node and compare the TVS records with System > Server.
    .remedy-2 = Start Cisco Trust Verification Service on every node (Control Center - Network Services), check `utils dbreplication runtimestate`, then restart Cisco TFTP.
    .needs = an ITL and the answer `tvs.nodes` (how many nodes run CallManager)

itl_tvs_missing = { $file }: the ITL has no TVS record
    .detail = { $runs ->
        [yes] TVS servers are in use by the other inputs or by your answer, but a phone with this ITL does not know one.
       *[unknown] CUCM writes one for every node that runs CallManager; lists made by other tools may do without.
    } A phone without a TVS record can verify what its own lists name and nothing else: no HTTPS service, and no new signer when CallManager or ITLRecovery is renewed.
    .remedy-1 = Start Cisco Trust Verification Service on every node (Cisco Unified Serviceability > Tools > Control Center - Network Services).
    .remedy-2 = Restart Cisco TFTP on the TFTP nodes, check `show itl` for FUNCTION TVS, then reset the phones.

record_contradicts_certificate = { $file }: { $records ->
        [one] a record contradicts its own certificate
       *[other] { $records } records contradict their own certificates
    }
    .detail = What the { $kind } says in { $fields } is not what the certificate says that the record carries or names by hash. Phones look records up by issuer and serial and then use the certificate, so such a record is found for the wrong certificate, or never. CUCM does not write lists like this; other tools and people do.
    .remedy-1 = Have the list made again from the certificates themselves: { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher
       *[ITL] restart Cisco TFTP on the node
    }.
    .remedy-2 = If the list comes from a tool of your own, take serial, names and key from the certificate.

record_role_unknown = { $file }: { $records ->
        [one] a record has
       *[other] { $records } records have
    } a function that is not known ({ $roles })
    .detail = Records with such a function are shown and otherwise left aside: nothing is trusted because of them. Phones are expected to skip functions they do not know.

rollback_leaves_ctl = { $itl } is emptied, but { $ctl } still binds the phones
    .detail = "Prepare Cluster for Rollback to pre 8.0" empties the ITL only. A phone that holds a CTL goes on asking for signed files and verifies them with the CTL, so it does not become free to move or to accept anything. Predicted: such phones refuse files from elsewhere in spite of the rollback ITL.
    .remedy-1 = For a move of secure phones do not use the parameter: import the destination's CallManager certificate (and ITLRecovery) into the source cluster's Phone-SAST-trust and CallManager-trust, restart Cisco Trust Verification Service on all source nodes, then point DHCP option 150 to the destination.
    .remedy-2 = Set System > Enterprise Parameters > Prepare Cluster for Rollback to pre 8.0 back to False, restart Cisco TVS and Cisco TFTP everywhere, reset the phones.
    .do-not-1 = Do not set the cluster to non-secure mode in the hope that phones drop their CTL: they keep it until it is replaced or erased.

trust_list_algorithm_unknown = { $file }: the { $kind } announces { $what ->
        [digest] a digest that does not exist
        [algorithm] a signature algorithm that does not exist
        [modulus] a key length that does not fit its signature
       *[key] a signature that its key cannot have made
    }
    .detail = { $what ->
        [digest] DIGESTALGORITHM is { $code }; 1 is SHA-1, 2 SHA-256 and 3 SHA-512, and nothing else is known.
        [algorithm] SIGNATUREALGORITHM is { $code }; 0 (RSA PKCS#1 v1.5) is the only one known.
        [modulus] SIGNATUREMODULUS is { $code }, but the signature has { $more } bytes; 0 to 3 stand for 64, 128, 256 and 512 bytes.
       *[key] The signer's key cannot be used with this signature: { $more }.
    } The file was changed, or written by a tool that does not know the format. Phones refuse it.
    .remedy-1 = Fetch the file again from the TFTP node in binary mode and compare its checksum with the first lines of `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` there.
    .remedy-2 = If the node's own copy is like this, have it written anew: { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher
       *[ITL] restart Cisco TFTP on that node
    }. If a tool of your own wrote it, sign with RSA and SHA-1 or SHA-512.

trust_list_damaged = { $file }: the { $kind } { $shape ->
        [cut] ends too early
        [trailing] is followed by bytes that belong to nothing
       *[damaged] is damaged
    }
    .detail = { $shape ->
        [cut] The file has { $bytes } bytes and promises more: { $problem }. It was cut on its way, or a length field in it was changed.
        [trailing] Behind the last record stand bytes that are no record: { $problem }. Something was appended, or a length field was changed.
       *[damaged] Its structure does not hold: { $problem }.
    } In a whole list each RECORDLENGTH is 5 plus, for every element, 3 and its LENGTH; SIGNERID is 9 plus the lengths of SIGNERNAME, SERIALNUMBER and CANAME; and header and records together are the file. { $problems ->
        [one] One place breaks this
       *[other] { $problems } places break this
    }; { $records ->
        [0] no record
        [one] one record
       *[other] { $records } records
    } could be read. CUCM says "Error parsing the { $kind } File." and phones refuse it.
    .remedy-1 = Fetch the file again in binary mode (`tftp -i` on Windows, `mode binary` elsewhere) and compare its length with "Length of { $kind } file" in `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }`, and the phone's log line "rcvd N bytes" with both.
    .remedy-2 = If the node's own copy is damaged: { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher, or `utils ctl reset localkey` if phones refuse the result; then restart Cisco TFTP and Cisco CallManager on every node.
       *[ITL] restart Cisco TFTP on that node. If `show itl` still cannot parse it, restore CallManager.pem from DRS or regenerate it (never together with TVS.pem), and from 10.0 on `utils itl reset localkey` on the publisher.
    }
    .do-not-1 = Do not delete the list on phones: the fault is in the file, not in what the phones hold.

trust_list_digest_sha1 = { $lists ->
        [one] { $file } is signed over a SHA-1 digest
       *[other] { $lists } trust lists are signed over a SHA-1 digest
    }
    .detail = SHA-1 is CUCM's default and the only digest that old phones know. It is no fault, but weak by today's measure: who can make two files with one SHA-1 digest before CUCM signs one of them can pass off the other.
    .remedy-1 = When every phone model and load in use can verify SHA-512: System > Enterprise Parameters > TFTP File Signature Algorithm = SHA-512, then restart Cisco TFTP and reset the phones.
    .do-not-1 = Do not change it while old phones are registered: those that do not know SHA-512 refuse every signed file.

trust_list_key_weak = { $lists ->
        [one] { $file } holds RSA keys below 1024 bits
       *[other] { $lists } trust lists hold RSA keys below 1024 bits
    }
    .detail = { $records ->
        [one] One record has a short key
       *[other] { $records } records have short keys
    }, the shortest of { $bits } bits. Such a key can be factored with little means: who does so can sign files or lists that phones believe.
    .remedy-1 = Find the certificate in the records below, and regenerate it with 2048 bits: OS Administration > Security > Certificate Management, one certificate at a time, CallManager and TVS never together.

trust_list_oddity = { $file }: { $oddities ->
        [one] something in the { $kind } is unusual
       *[other] { $oddities } things in the { $kind } are unusual
    }
    .detail = { $first }. This does not change what the list says, and phones are expected to read over it; it tells that the file was not written by the usual CUCM code, or by a newer one.

trust_list_signature_invalid = { $file }: the signature of the { $kind } does not fit its content
    .detail = The { $kind } is whole and well-formed, and its header names { $signer } as the signer, but the signature does not verify with that { $bits }-bit key. Either the content was changed after it was signed, or it was signed with another key under this name. Phones refuse such a list.
    .remedy-1 = Fetch the file again from the TFTP node (`tftp -i <node> get { $kind }SEP<MAC>.tlv`) and check the copy against `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` there: length and checksum must be equal.
    .remedy-2 = If the node's own copy fails as well, have CUCM write it anew: { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher, then restart TFTP and CallManager on every node
       *[ITL] restart the Cisco TFTP service on that node
    }.
    .do-not-1 = Do not delete the list on phones: the fault is in the file, not in what the phones hold.

trust_list_signer_contradicts = { $file }: the signer of the { $kind } is not who the record says
    .detail = { $what ->
        [ambiguous] { $certificates } records with different certificates have the issuer and serial that the header names as signer. Only one can be the signer; the others are impostors or left-overs.
        [hash] The record that should be the signer ({ $signer }) carries a certificate, and the hash of another one.
        [issuer] The record that should be the signer ({ $signer }) carries a certificate with another issuer.
        [key] The record that should be the signer ({ $signer }) gives another key than the certificate that it carries.
        [serial] The record that should be the signer ({ $signer }) carries a certificate with another serial.
       *[subject] The header names { $signer } as signer; the record with that issuer and serial, or the certificate in it, has another subject.
    } A list is believed by issuer, serial and role together with the certificate; one that contradicts itself here is treated as forged.
    .remedy-1 = Find out where the file comes from before anything else. Compare it with `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` on the TFTP node.
    .remedy-2 = If CUCM itself wrote it: { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher
       *[ITL] restart Cisco TFTP; if that does not help, regenerate CallManager.pem (never together with TVS.pem)
    }.
    .do-not-1 = Do not hand this file to phones.

trust_list_signer_hash_only = { $file }: the signer stands in the list by hash only
    .detail = The signer's record holds only the hash of its certificate, so the signature cannot be checked without it.
    .needs = { $case ->
        [given] the certificate of { $signer } (hash { $hash }): record { $record } of { $file } names it by hash only{ $lists ->
            [one] { "" }
           *[other] , and { $lists } lists wait for theirs
        }
       *[none] a trust list
    }

trust_list_signer_not_in_list = { $file }: the signer of the { $kind } does not stand in it
    .detail = The header names { $signer } with serial { $serial } as the signer, and no record has that issuer and serial. { $tokens ->
        [0] The list has no System Administrator Security Token at all.
        [one] Its one token was not used to sign it.
       *[other] None of its { $tokens } tokens was used to sign it.
    } `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` prints "This etoken was not used to sign the { $kind } file." for every token and "Verification of the { $kind } file failed." An ITL like this is what a node writes that was restored from a backup without CallManager.pem (CSCtn50405). Phones refuse it.
    .remedy-1 = Compare CallManager.pem in OS Administration > Security > Certificate Management with what the database holds: `run sql select c.subjectname, c.serialnumber, c.ipv4address, t.name from certificate as c, certificatetrustrolemap as r, typetrustrole as t where c.pkid = r.fkcertificate and t.enum = r.tktrustrole`. Different serials confirm it.
    .remedy-2 = { $kind ->
        [CTL] Write the CTL again: `utils ctl update CTLFile` on the publisher; if phones refuse it, `utils ctl reset localkey`.
       *[ITL] Regenerate CallManager.pem on that node (not TVS.pem), restart Cisco Trust Verification Service and Cisco TFTP there, and look at `show itl` again.
    }
    .do-not-1 = Do not delete lists on phones as long as another TFTP node offers a good list.

trust_list_signer_role_wrong = { $file }: the { $kind } is signed by a certificate that may not sign it
    .detail = { $signer } stands in the list as { $roles }, not as System Administrator Security Token. Only that function may sign a trust list, so phones refuse it although the certificate is known.
    .remedy-1 = { $kind ->
        [CTL] Write the CTL again: `utils ctl update CTLFile` on the publisher.
       *[ITL] Restart Cisco TFTP on the node, and look in `show itl` for FUNCTION System Administrator Security Token with the signer's serial. If it stays away, regenerate CallManager.pem (not TVS.pem) on that node.
    }
    .remedy-2 = If a tool of your own made the list, add the signer once more with FUNCTION 0.

trust_list_tokens_too_many = { $file }: { $tokens } signing tokens, phones are known to take two
    .detail = The { $kind } holds { $tokens } different System Administrator Security Tokens. Phones are reported to take no more than two from a list; which ones they leave out is not known. A token that a phone did not take cannot vouch for the next list.
    .remedy-1 = { $kind ->
        [CTL] Remove tokens that are not in use with the CTL client, or write a tokenless CTL with `utils ctl update CTLFile`.
       *[ITL] Remove certificates of nodes that are gone (OS Administration > Security > Certificate Management, ITLRecovery and CallManager-trust), then restart Cisco TFTP.
    }

trust_list_verified = { $file }: the { $kind } is whole, and its own signature holds
    .detail = Record { $record } ({ $signer }) has the issuer and serial that the header names and the role System Administrator Security Token, and the signature verifies with its key. This is what `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` prints as "This etoken was used to sign the { $kind } file." and "verified successfully": the file was not changed after that key signed it. It does not say that a given phone believes this signer; for that, compare with the list that the phone holds.

trust_list_version_newer = { $file }: the { $kind } has version { $version }, newer than the known ones
    .detail = Phones that know an older minor version log "early exit from parser loop; old version header?" or "hdr ver 1.2 (knows only upto 1.1)" and go on; so does tlvet. This is harmless.

# Findings about what people paste from CUCM's command line and its certificate pages.

list_file_missing = { $file }: the node has no { $kind } file
    .detail = { $kind ->
        [CTL] `show ctl` finds no file. That is normal while the cluster is not in mixed mode: only mixed mode makes a CTL.
       *[ITL] `show itl` finds no file, or one of 0 bytes. Phones that fetch from this node get no ITL: new ones have nothing to trust, those with an ITL keep the one they hold and cannot follow a renewal. "Error parsing the ITL File" belongs to this; nothing is corrupt, there is nothing to parse.
    }
    .remedy-1 = { $kind ->
        [CTL] Nothing, unless the cluster should be in mixed mode: `show ctl` on the publisher, and "Cluster Security Mode" under System > Enterprise Parameters.
       *[ITL] On this node: Cisco Unified Serviceability > Tools > Service Activation, Cisco TFTP must be active; restart it (`utils service restart Cisco Tftp`) and run `show itl` again.
    }
    .remedy-2 = { $kind ->
        [CTL] If it should be: `utils ctl set-cluster mixed-mode` on the publisher in a maintenance window.
       *[ITL] If it is still not there, look whether the node sees the database: `utils dbreplication runtimestate` on the publisher, every node in state 2.
    }
    .do-not-1 = Do not delete trust lists on phones because of this; what they hold is still right.

listing_complete = { $file }: the pasted listing of the { $kind } is { $case ->
        [complete] complete
       *[records] whole, as far as its records go
    }
    .detail = { $case ->
        [complete] Its arithmetic holds: in each of the { $records } records RECORDLENGTH is 5 plus, for every row, 3 and its LENGTH; the header ({ $header }) and the records ({ $sum }) are the { $bytes } bytes that the node states. Nothing was lost or mistyped in a length. It is no proof against somebody who changes values of the same length, and the signature cannot be verified from a listing.
       *[records] The { $records } records are numbered without a gap, each adds up, and the closing sentence is there. The length of the file or of the header is not, so the sum of the file cannot be compared. The signature cannot be verified from a listing.
    }

listing_cut = { $file }: the pasted listing of the { $kind } is { $case ->
        [excerpt] an excerpt
       *[cut] cut
    }
    .detail = { $case ->
        [excerpt] What is there adds up ({ $records ->
            [one] one record
           *[other] { $records } records
        }), but nothing shows where the list begins and ends. Records that are not here may be in the file: nothing is concluded from what is missing.
       *[cut] What is there is sound, but not everything is there.
            { $faults }
            Nothing is concluded from what is missing.
    }
    .remedy-1 = Run `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` again with the terminal's scroll-back or log large enough, and paste all of it, from "Length of { $kind } file" to the closing sentence. Or give the file itself: `file get tftp { $kind }File.tlv`.

listing_damaged = { $file }: the pasted listing of the { $kind } contradicts itself
    .detail = Lengths in a listing add up exactly; here they do not:
        { $faults }
        Most often a digit was mistyped, read wrongly from a picture, or edited. The file on the node need not be damaged: the node's closing sentence says how it judges the file.
    .remedy-1 = Copy the text again from the terminal instead of a picture or a ticket, or give the file itself: `file get tftp { $kind }File.tlv`.
    .do-not-1 = Do not restart services or reset lists because of a listing that contradicts itself.

listing-fault = { $what ->
        [rows-missing] Line { $line }: record { $record } lacks { $field }; { $difference } of its { $stated } bytes are not accounted for.
        [record-missing] Line { $line }: record { $stated } follows where record { $found } is expected.
        [end-missing] Line { $line }: the file has { $stated } bytes, header and records here { $found }: { $difference } bytes are missing behind the last record.
        [record-sum] Line { $line }: RECORDLENGTH of record { $record } is { $stated }, its rows add up to { $found }.
        [row-length] Line { $line }: { $field } of record { $record } states { $stated } bytes; with { $found }, as its value or kind asks for, the record adds up.
        [record-length] Line { $line }: RECORDLENGTH of record { $record } is { $stated }; its rows add up to { $found }, and with that the file adds up.
        [header-sum] Line { $line }: HeaderLength is { $stated }, the rows of the header add up to { $found }.
        [signer-sum] Line { $line }: SIGNERID is { $stated }, its three rows add up to { $found }.
        [file-sum] Line { $line }: the file has { $stated } bytes, header and records here { $found }.
       *[value] Line { $line }: { $field } { $record ->
            [0] of the header
           *[other] of record { $record }
        } states { $stated } bytes, its value has { $found }.
    }

listing_refused = { $file }: { $case ->
        [unsigned] none of the signers in the { $kind } signed it
        [unparsable] the node cannot parse its { $kind }
       *[failed] the node cannot verify its { $kind }
    }
    .detail = { $case ->
        [unsigned] Every System Administrator Security Token in the listing "was not used to sign" it. A node writes such a list when it was restored from a backup that lacks CallManager.pem (CSCtn50405), or when its signing certificate and the database differ. Phones refuse it.
        [unparsable] The node says "Error parsing": the file on the node is damaged. Phones refuse it and keep what they hold.
       *[failed] The node says "Verification failed": signature and content of the file do not fit. Phones refuse it and keep what they hold. That is also what a node prints that was restored from a backup without CallManager.pem (CSCtn50405).
    }
    .remedy-1 = Compare the CallManager certificate in OS Administration > Security > Certificate Management with the database: `run sql select c.subjectname, c.serialnumber, c.ipv4address, t.name from certificate as c, certificatetrustrolemap as r, typetrustrole as t where c.pkid = r.fkcertificate and t.enum = r.tktrustrole`. Paste both here; different serials are the defect.
    .remedy-2 = { $kind ->
        [CTL] `utils ctl update CTLFile` on the publisher, or `utils ctl reset localkey` if phones refuse the result; then restart Cisco TFTP and Cisco CallManager on every node.
       *[ITL] Regenerate the CallManager certificate of this node (not TVS), restart Cisco Trust Verification Service and Cisco TFTP there, and look at `show itl` again. If it still fails, `utils itl reset localkey` on the publisher (10.0 and later).
    }
    .remedy-3 = Look at the other TFTP nodes: as long as one offers a good list, phones of this cluster can be brought back through it.
    .do-not-1 = Do not delete lists on phones as long as another TFTP node offers a good list.
    .do-not-2 = Do not regenerate CallManager and TVS at the same time.

certificate_in_store = { $name } stands in the certificate list of CUCM: { $stores }
    .detail = Trust Verification Service answers from everything in this list, so a phone that knows the TVS certificate of { $nodes ->
        [0] such a node
        [one] { $node }
       *[other] these nodes ({ $node })
    } is told that { $name } may be trusted. { $by ->
        [serial] The serial is that of the signer.
       *[name] The list shows no serial: only the common name was compared, and an older certificate of the same name looks the same.
    }
    .remedy-1 = If it was uploaded only now, restart Cisco Trust Verification Service on every node; it reads the stores when it starts.

certificate_not_in_store = { $name } stands in no store of CUCM's certificate list
    .detail = Nothing in { $lists } is the signer { $name } (serial { $serial }). A phone that does not find this signer in its own lists asks Trust Verification Service, and TVS answers from these stores only: there it is not known. Phones that hold the signer in their CTL or ITL do not ask.
    .remedy-1 = Fetch the certificate from the node that signs with it (OS Administration > Security > Certificate Management, CallManager.pem or ITLRecovery.pem) and upload it on the publisher of the cluster that phones come from, as Phone-SAST-trust and as CallManager-trust.
    .remedy-2 = See that every node shows it, then restart Cisco Trust Verification Service on all of them.
    .do-not-1 = Do not delete trust lists on phones before TVS had the chance to vouch.
    .needs = the certificate list of OS Administration

listed_certificate_self_signed = { $node }: { $stores } { $count ->
        [one] is
       *[other] are
    } self-signed, the RSA certificate beside it is not
    .detail = By the certificate list the RSA certificate is signed by a CA{ $issuer ->
        [none] {""}
       *[other] {" "}({ $issuer })
    }, the ECDSA one by itself. Who trusts the CA gets an answer where RSA is presented, and refuses the same service where ECDSA is. { $first ->
        [rsa] The Expressways offer RSA suites first, so they are shown the RSA certificates: nothing fails now.
        [ecdsa] The Expressways offer ECDSA first, so from X14.2 on they are shown the self-signed certificates and answer 502, unless these stand in their trusted CA list.
       *[unknown] Which of both an Expressway is shown, the order of its ciphers decides: ECDSA first after a fresh installation of X14.2 and after an upgrade from before X14.0.
    }
    .remedy-1 = Have { $stores } signed by the same CA: OS Administration > Security > Certificate Management on { $node }, Generate CSR for each of them.
    .remedy-2 = Until then let the Expressways offer RSA first (Maintenance > Security > Ciphers, ECDHE-RSA-AES256-GCM-SHA384 in front), or add the self-signed certificates to the trusted CA list of every Expressway-C peer.
    .do-not-1 = Do not renew CallManager and TVS of a node together; one node at a time.
    .needs = the certificate list of OS Administration

listed_renewed_together = { $node }: CallManager and TVS were renewed on the same day
    .detail = Both are self-signed and end on { $expires }, so both were made about { $made }; { $other } of the same node was made on another day, so this was no installation. Phones that have not taken a new ITL since then can verify neither the new list nor TVS, unless their list holds another record to believe it by (ITLRecovery, a CTL, TVS of another node). { $recent ->
        [yes] It is recent: expect phones that have not followed yet.
       *[no] It is long ago: of interest only for phones that were switched off since, and as a habit to change.
    }
    .remedy-1 = { $recent ->
        [yes] Compare the checksum on the phones' Trust List screen (or web page) with `show itl` of their TFTP node, to see which did not follow.
       *[no] {""}
    }
    .remedy-2 = Next time renew one of the two, restart its service, reset all phones, see that they carry the new ITL, and only then renew the other.
    .do-not-1 = Do not renew anything else, and do not delete trust lists on phones, before you know which phones follow by themselves.
    .needs = the certificate list of OS Administration

expressway_ca_not_listed = The CA of { $name } is not in { $stores } of CUCM
    .detail = Expressway-C shows CUCM its own certificate, which { $issuer } issued. By the certificate { $count ->
        [one] list of { $nodes }
       *[other] lists of { $nodes }
    } neither that CA nor one above it stands in { $stores }. { $old ->
        [yes] The Expressways here are older than X14.0.2, which do not need it; after the upgrade they will.
       *[no] From X14.0.2 on, CUCM must know it in tomcat-trust and in CallManager-trust, also where nothing is in mixed mode (CSCvz45074): else it ends the handshake with "unknown CA", and logins over MRA fail.
    }
    .remedy-1 = Upload the root and the intermediate CAs of Expressway-C's server certificate on CUCM (each cluster) as tomcat-trust and as CallManager-trust: OS Administration > Security > Certificate Management > Upload Certificate/Certificate chain.
    .remedy-2 = Restart Cisco Tomcat (`utils service restart Cisco Tomcat`), Cisco TFTP and Cisco CallManager on each node in a quiet hour; they read their stores when they start.
    .do-not-1 = Do not add CUCM's certificates to Expressway because of this: it is the other direction.
    .needs = the certificate list of OS Administration, and the diagnostic archive of Expressway-C

database_certificate_differs = The database trusts another certificate of { $name } than the node has
    .detail = The database gives the role "Authentication and Authorization" to serial { $database }; CallManager.pem of { $name } has serial { $node }. This is CSCtn50405: the node was restored from a backup that lacks CallManager.pem, and writes trust lists that phones refuse.
    .remedy-1 = Regenerate the CallManager certificate of this node (OS Administration > Security > Certificate Management), not TVS.
    .remedy-2 = Restart Cisco Trust Verification Service, then Cisco TFTP, on this node; `show itl` must then say that one token "was used to sign" and that the file was verified.
    .do-not-1 = Do not reset phones while the list of this node is not verified; let them fetch from another TFTP node.
    .missing = the serial of CallManager.pem: its text from OS Administration or `show cert own CallManager`, beside the output of `run sql`
    .needs = the output of `run sql` on the table of certificates

list_reset_failed = { $file }: resetting the trust list failed on the node
    .detail = { $nodes ->
        [none] The command could not find the active TFTP nodes of the cluster, so it wrote nothing.
       *[unknown] The command could not finish.
    } { $chmod ->
        [yes] The "chmod: changing permissions" line belongs to the same failure; it is no second fault.
       *[no] {""}
    } Known causes: database replication is not in state 2 on every node, the password that was typed is not the administrator's of the application, or the defect CSCus33755.
    .remedy-1 = `utils dbreplication runtimestate` on the publisher: every node must be in state 2. Mend replication first.
    .remedy-2 = Run the command again on the publisher and type the password of the CCM administrator, not that of the operating system's.
    .remedy-3 = If it fails in the same way, look whether this release has CSCus33755 and take the release that mends it.
    .do-not-1 = Do not change permissions of files by hand.

ctl_client_refused = { $case ->
        [no-ctl] { $file }: the cluster is in mixed mode, and the node has no CTL
       *[token] { $file }: the CTL client was given a token that the CTL does not name
    }
    .detail = { $case ->
        [no-ctl] The CTL client found no CTLFile.tlv on the server, while the cluster's security mode is mixed. Phones get no CTL from this node: those that hold one keep it, new ones run without, and secure profiles fail on them.
       *[token] The CTL client changes a CTL only with a token that signed it before, or that stands in it. The CTL on the node is as it was; nothing was written.
    }
    .remedy-1 = { $case ->
        [no-ctl] On the publisher: `utils ctl update CTLFile` (10.0 and later), or the CTL client with two tokens; then restart Cisco TFTP and Cisco CallManager on every node that runs them, and reset the phones.
       *[token] Look in `show ctl` which tokens the CTL names (records with the function System Administrator Security Token, names that begin with SAST-), and insert one of them.
    }
    .remedy-2 = { $case ->
        [no-ctl] See with `show ctl` on every TFTP node that all of them offer the same one.
       *[token] Where all of them are lost: `utils ctl update CTLFile` on the publisher (10.0 and later) signs the CTL with a certificate of the cluster instead. Before phones meet it, give tlvet the phone's CTL (--phone) and the new one: it says whether phones will take it.
    }
    .do-not-1 = Do not delete CTLs on phones before you know whether they take the new one.
    .needs = what the CTL client or the command line of CUCM says

listed_certificate_expired = { $store } ({ $name }) { $case ->
        [expired] has expired
       *[soon] expires soon
    }
    .detail = By the certificate list it { $case ->
        [expired] expired on { $date }, { $days } days ago.
       *[soon] expires on { $date }, in { $days } days.
    }
    .remedy-1 = { $store ->
        [CAPF] Regenerate CAPF in a maintenance window (phones are reset while the service runs), restart Cisco TFTP so that the ITL names the new one, and only then install LSCs.
       *[other] Regenerate or re-sign it under OS Administration > Security > Certificate Management, one certificate at a time, and restart its service.
    }
    .do-not-1 = { $store ->
        [CAPF] Do not install LSCs with this CAPF certificate: they would not outlive it.
       *[other] Do not renew CallManager and TVS together.
    }

store_not_replicated = { $store } of { $node } lacks { $count ->
        [one] a certificate
       *[other] { $count } certificates
    } that another node has
    .detail = { $names }. CUCM copies this store to every node of a cluster. TVS of { $node } does not vouch for what is missing there, so phones that ask it refuse what phones elsewhere accept.
    .remedy-1 = `utils dbreplication runtimestate` on the publisher: every node in state 2.
    .remedy-2 = Restart Cisco Certificate Change Notification on the publisher and on { $node }; then look at the list of { $node } again. Upload what is still missing on the publisher once more.
    .remedy-3 = Restart Cisco Trust Verification Service on all nodes.
    .needs = the certificate lists of at least two nodes

listing_matches_file = { $listing } is the listing of { $file }
    .detail = { $by ->
        [sum] The checksum that the node printed is that of the { $bytes } bytes of the { $kind } file.
       *[records] Length, signer and every record (role, length, serial, hash) are those of the { $kind } file ({ $bytes } bytes); the listing shows no checksum.
    } What the file shows holds for the node that printed the listing.
    .needs = a listing and the file that it is of

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

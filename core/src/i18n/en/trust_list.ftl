# Findings about trust lists.

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

trust_list_verified = { $file }: the { $kind } is whole, and its own signature holds
    .detail = Record { $record } ({ $signer }) has the issuer and serial that the header names and the role System Administrator Security Token, and the signature verifies with its key. This is what `show { $kind ->
        [CTL] ctl
       *[ITL] itl
    }` calls "verified successfully": the file was not changed after that key signed it. It does not say that a given phone believes this signer; for that, compare with the list that the phone holds.

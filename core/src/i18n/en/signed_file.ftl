# Findings about signed files.

signed_file_credentials_in_clear = { $file } holds credentials that anyone on the network can fetch
    .detail = { $count ->
        [one] The element { $names } holds a value
       *[other] { $count } elements ({ $names }) hold values
    } in clear text. { $case ->
        [signed] The file is signed, and signed is not secret: a signature shows who wrote the file, it hides nothing.
       *[plain] The file is neither signed nor encrypted.
    } Whoever can reach the TFTP service can ask for it by the phone's MAC address. The values are not shown in this report.
    .remedy-1 = Change the passwords that stand there, wherever else they are used.
    .remedy-2 = In CUCM, remove them where they are not needed (Device > Phone > Secure Shell Information, and profiles that carry them); browsers have filled such fields by themselves.
    .remedy-3 = Turn on "TFTP Encrypted Config" in the phone security profile, apply it, and check that the phone then asks for `.cnf.xml.enc.sgn`.
    .do-not-1 = Do not attach this configuration to a ticket as it is.
    .needs = a phone configuration in clear

signed_file_damaged = { $file } is damaged: { $field } at offset { $offset }
    .detail = { $field } at offset { $offset }: { $problem }. The header of a signed file says where its body begins and what the signature covers; while it does not hold together, nothing in the file can be believed, and a phone refuses it.
    .remedy-1 = Fetch the file again in binary mode (`tftp -i <node> get <name>`) and compare its length ({ $bytes } bytes here) with what the phone's log prints as received.
    .remedy-2 = If the node sends the same bytes again, restart the Cisco TFTP service there: it builds signed files anew.
    .needs = a signed file

signed_file_decrypted = { $file } was decrypted
    .detail = The private key that was given opens the wrapped key, and the digest of the { $bytes } bytes of plain text is the one in the header: this is what the phone reads. Credentials in it are masked here.
    .needs = an encrypted configuration and the phone's private key (--key)

signed_file_digest_sha1 = { $files ->
        [one] One signed file uses SHA-1
       *[other] { $files } signed files use SHA-1
    }
    .detail = SHA-1 is what CUCM signs files with unless the enterprise parameter "TFTP File Signature Algorithm" says SHA-512. Phones accept it; it is weak by today's standards.
    .remedy-1 = When every phone model and firmware in the cluster knows SHA-512, set System > Enterprise Parameters > TFTP File Signature Algorithm to SHA-512, then restart TFTP on every node.
    .do-not-1 = Do not switch while old phones are registered: those that do not know SHA-512 refuse their configuration.
    .needs = a signed file

signed_file_encrypted = { $file } is encrypted for one phone, and not corrupt
    .detail = The header is readable; the { $bytes } bytes behind it are encrypted with a key that only the phone's { $bits }-bit private key opens. This is what a phone asks for as `.cnf.xml.enc.sgn` when its security profile encrypts the configuration.
    .remedy-1 = To read it, give the private key of the phone's LSC or MIC with --key (page: role "key"). CUCM does not hand these keys out; for your own devices or tests only.
    .needs = a signed file

signed_file_firmware = { $file } is signed firmware ({ $image }): shown, not verified
    .detail = The header is that of a signed file, and the body is a firmware image. How firmware signatures are made is not public, so nothing is claimed about this one.
    .remedy-1 = Compare the file's SHA-512 with the one that Cisco's download page shows for it.
    .needs = a signed file

signed_file_key_mismatch = { $file }: { $case ->
        [key] the private key does not open it
        [digest] it decrypts to something else than the header says
       *[parameter] its encryption cannot be undone
    }
    .detail = { $case ->
        [key] The wrapped key does not open with the private key that was given: the file was encrypted for another phone, or for a key that the phone no longer has, as after a new LSC.
        [digest] The private key opens the wrapped key, but the digest of the plain text is not the one in the header: the content or the initialisation vector was changed after encryption. The phone finds the same.
       *[parameter] The header asks for something that cannot be done: { $problem }.
    }
    .remedy-1 = Check that `certHash` in the phone's plain `.cnf.xml.sgn` is the MD5 of the certificate that belongs to this key.
    .remedy-2 = In CUCM, save the phone and apply the configuration: the file is then encrypted anew for the certificate that CUCM knows.
    .do-not-1 = Do not send the phone's private key to anyone to have this checked.
    .needs = an encrypted configuration and a private key (--key)

signed_file_name_differs = { $file } was signed as the configuration of { $inside }
    .detail = FILENAME in the signed header names { $inside }, but the file is named for { $outside }. The signature covers FILENAME: this is the configuration of another phone under a new name, by mistake or replayed on purpose.
    .remedy-1 = Fetch the configuration of { $outside } from the TFTP node itself and compare.
    .do-not-1 = Do not conclude from a valid signature that the file is meant for { $outside }.
    .needs = a signed file

signed_file_oddity = { $file }: { $count ->
        [one] one thing in the header is unusual
       *[other] { $count } things in the header are unusual
    }
    .detail = { $first }. Readers agree on the content all the same, and it is covered by the signature.
    .needs = a signed file

signed_file_signature_invalid = { $file }: { $case ->
        [content] the signature does not fit the content
        [subject] a certificate with the signer's serial has another name
       *[algorithm] the signature cannot be right
    }
    .detail = { $case ->
        [content] The header names { $signer } as the signer, and { $problem }: the file was changed after it was signed, or signed with another key under that name. A phone refuses it and keeps its old configuration.
        [subject] A certificate has the issuer and serial that the header names, but not the subject { $signer }. Another certificate with the same serial does not make it the signer.
       *[algorithm] The header names { $signer } as the signer, but { $problem }.
    }
    .remedy-1 = Fetch the file again in binary mode and check it again: a transfer in text mode changes line ends, and that breaks the signature.
    .remedy-2 = If the node's own copy fails as well: check that the CallManager certificate in the ITL is the one on that node (`show cert own CallManager`), then restart the Cisco TFTP service there.
    .do-not-1 = Do not delete trust lists on phones for this: the file is at fault, or its signer changed.
    .missing = the certificate of { $signer } (serial { $serial }), or the ITL or CTL that holds it, to check the signature of { $file }
    .needs = a signed file

signed_file_signer_absent = { $file }: no trust list names its signer
    .detail = The header names { $signer } (serial { $serial }), and { $lists ->
        [one] the trust list does
       *[other] none of the { $lists } trust lists does
    } not. { $case ->
        [given] The signature itself is right, by a certificate that was given beside the lists.
       *[unknown] No certificate with this issuer and serial was given either.
    } A phone with these lists asks TVS about the signer, and takes the file only when TVS vouches for it.
    .remedy-1 = Compare with `show itl` on the TFTP node that serves the file: if the signer stands there, the phone holds an older list. Give the phone's list with --phone to see what it will do.
    .remedy-2 = Check that the Cisco Trust Verification Service runs on every node of the phone's CallManager group, and that OS Administration > Security > Certificate Management lists this serial.
    .needs = a signed file, and the trust lists of the phone or of its server

signed_file_signer_not_on_phone = { $file }: { $case ->
        [ask-tvs] the phone must ask TVS about its signer
       *[other] the phone will refuse this file
    }
    .detail = Predicted: record { $record } of { $list } names the signer, { $signer } (serial { $serial }), but none of the phone's own lists ({ $phone }) does, and the phone does not take that list by itself. { $case ->
        [ask-tvs] The phone asks a TVS server of its CallManager group. It takes the file if that server still presents a certificate that the phone's ITL names, and knows the signer; otherwise it keeps its old configuration.
        [no-tvs] The phone knows no TVS server that it could ask, so it keeps its old configuration.
        [tvs-changed] It would ask TVS, but the TVS certificates that its ITL holds are no longer in use, so it believes no TVS server either and keeps its old configuration.
       *[tvs-refuses] It asks TVS, and by your answer, or by what TVS said in a capture or a trace, it does not have the signer's certificate, so it keeps its old configuration.
    } { $more ->
        [0] { "" }
        [one] The same holds for one more phone.
       *[other] The same holds for { $more } more phones.
    }
    .remedy-1 = { $case ->
        [ask-tvs] On each node of the phone's CallManager group check that the Cisco Trust Verification Service runs and that OS Administration > Security > Certificate Management lists this serial, then reset the phone.
        [tvs-refuses] Upload the signer's certificate to CallManager-trust and Phone-SAST-trust of the phone's own cluster, restart the Cisco Trust Verification Service on all its nodes, then reset the phone.
       *[other] If a DRS backup holds the old CallManager key, restore it on the TFTP node: the phone then takes its files again.
    }
    .remedy-2 = { $case ->
        [ask-tvs] Fetch the phone's list again after the reset and check that it names the signer.
       *[other] From 10.0 on: `utils itl reset localkey` on the publisher (in mixed mode `utils ctl reset localkey`) signs the list with the ITLRecovery key; it helps where the phone's list holds ITLRecovery.
    }
    .remedy-3 = If a central TFTP server of another cluster gave the phone its list, point DHCP option 150 back to the phone's own cluster.
    .do-not-1 = Do not delete the phone's lists before you have tried the ways above, and do not renew further certificates.
    .needs = a signed file, the phone's lists (`--phone`) and the lists of its server

signed_file_signer_role_unfit = { $file }: its signer may not sign files
    .detail = The signature is right, but the trust list names { $signer } only as { $roles }. Phones take signed files from signers with the role CCM+TFTP or TFTP.
    .remedy-1 = Check which certificate the TFTP node signs with (`show cert own CallManager`) and whether `show itl` there lists it as TFTP or CCM+TFTP.
    .remedy-2 = Restart the Cisco TFTP service on that node so that it writes the ITL anew.
    .needs = a signed file and a trust list

signed_file_too_large = { $file } is larger than phones accept
    .detail = { $bytes } bytes; phones print { $limit } as their limit for configuration files and show "CFG TFTP Size Error" beyond it. This is a prediction from the size.
    .remedy-1 = Look for what makes it large: usually hundreds of busy lamp fields or speed dials on one phone.
    .needs = a signed file

signed_file_verified = { $file }: the signature holds
    .detail = The content was not changed after it was signed, and it comes from { $signer }. { $case ->
        [listed] Record { $record } of { $list } names that certificate with the role { $role }, so a phone with that list takes the file without asking anyone.
        [server] Record { $record } of { $list } names that certificate with the role { $role }; the phone's own lists do not.
       *[given] The certificate was given beside the file; no trust list here names it.
    }
    .needs = a signed file

# Findings about certificates and private keys that were given as files.

capf_certificate_changed = { $count ->
        [one] { $list } names another CAPF certificate than { $name }
       *[other] { $list } names none of the { $count } CAPF certificates that were given
    }
    .detail = { $count ->
        [one] The CAPF certificate that was given ({ $name }, serial { $serial }) stands in no trust list.
       *[other] The { $count } CAPF certificates that were given stand in no trust list.
    } Record { $record } of { $list } names { $listed } (serial { $listed-serial }) as CAPF. Predicted: when the CAPF service uses a certificate that the list does not name, phones with that list refuse it, and their status says "LSC: Connection failed".
    .remedy-1 = Run `show itl` on every TFTP node and compare the serial of the CAPF record with the CAPF certificate under OS Administration > Security > Certificate Management on the publisher.
    .remedy-2 = Where they differ, restart the Cisco TFTP service on that node, check `show itl` again, then reset the phones so that they fetch the new list.
    .remedy-3 = Try the certificate operation again only when the phone's list and the service agree.
    .needs = a trust list with a CAPF record, and the CAPF certificate as a file

certificate_in_trust_list = { $name } is record { $record } of { $list } ({ $role })
    .detail = The list { $case ->
        [hash] holds the hash of this certificate
       *[whole] holds this very certificate
    }, with the role { $role }. { $more ->
        [0] {""}
        [one] It stands in one more record.
       *[other] It stands in { $more } more records.
    }
    .needs = a trust list, and a certificate as a file

certificate_not_in_trust_list = { $name }: { $case ->
        [accounted] one more certificate of this name stands in no trust list
       *[open] the trust list names another certificate of this name
    }
    .detail = The certificate with serial { $serial } was given as a file and stands in no trust list. { $case ->
        [accounted] The records of the same name ({ $roles }) are all found among the other certificates that were given, so this one belongs to a service that needs no record (tomcat, ipsec), or is no longer in use.
       *[open] Records of the same name ({ $roles }) hold certificates that were not given. If this is the one that the node presents now as CallManager or TVS, phones with that list do not know it: for a new CallManager certificate they have to ask TVS, and a TVS server whose own certificate changed they do not believe.
    }
    .remedy-1 = Find out which service owns it: `show cert own CallManager` and `show cert own TVS` on the node, compare the serial. A tomcat or ipsec certificate has the same name and does not belong in the list.
    .remedy-2 = If it is CallManager or TVS: restart the Cisco TFTP service on every TFTP node, check `show itl`, and give the list that the phones hold with --phone to see whether they can follow.
    .do-not-1 = Do not renew a second certificate before the phones have taken this one.
    .needs = a trust list, and a certificate as a file

certificate_unreadable = { $file }: { $count ->
        [one] one block could not be read
       *[other] { $count } blocks could not be read
    }
    .detail = { $first }. { $read ->
        [0] Nothing else was found in the file.
        [one] The other block in the file was read.
       *[other] The other { $read } blocks in the file were read.
    }
    .remedy-1 = Export the certificate again as PEM or DER and compare; a lost line or a text-mode transfer does this.
    .needs = a file with certificates

lsc_issued_by_capf = { $name } was signed by { $capf }
    .detail = The signature of the phone's certificate verifies with the key of the CAPF certificate.
    .needs = a phone's LSC and the CAPF certificate

lsc_not_from_capf = { $name }: { $capf } did not sign it
    .detail = The phone's certificate names { $capf } as its issuer, but its signature does not verify with the certificate of that name that was given. The CAPF certificate was renewed under the same name, the file belongs to another cluster, or the phone's certificate is not genuine.
    .remedy-1 = Export the CAPF certificate that was in use when the LSC was installed (CAPF-trust lists old ones), and check again.
    .remedy-2 = If it is gone, have the phone install a new LSC.
    .needs = a phone's LSC and the CAPF certificate

lsc_outlives_capf = { $name } is valid longer than { $capf } that signed it
    .detail = The phone's certificate ends on { $end }, its CAPF certificate on { $capf_end }. From then on everyone who checks the chain refuses the phone, while CUCM still shows its LSC as valid.
    .remedy-1 = Renew the CAPF certificate before { $capf_end }, then have these phones install new LSCs.
    .needs = a phone's LSC and the CAPF certificate

private_key_found = { $file } holds a private key
    .detail = { $case ->
        [encrypted] An encrypted private key stands in the file.
        [store] A private key stands in the file, under its password: PKCS#12 is made for that. Whoever has the file and the password can act as the owner of the certificate.
        [unknown] A private key of a kind that is not known stands in the file, readable by whoever has it.
       *[clear] A private key ({ $kind }, { $bits } bits) stands in the file, readable by whoever has it.
    } Nothing of it is shown or kept. { $case ->
        [store] {""}
       *[other] Anyone with this file can act as the owner of the certificate.
    }
    .remedy-1 = { $case ->
        [store] Keep the file and its password apart, and delete the file where it is no longer needed.
       *[other] Remove the file from where it came from, and treat the key as lost: have a new key and certificate made.
    }
    .remedy-2 = To decrypt a phone configuration with it, name it as a key (--key, or the role "key" on the page).
    .do-not-1 = Do not attach it to a ticket or send it by mail.
    .needs = a file

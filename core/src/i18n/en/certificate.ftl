# Findings about certificates and private keys.

capf_certificate_ca_signed = { $name }: this CAPF certificate was signed by { $issuer }
    .detail = Phones, 802.1X servers and VPN gateways need the whole chain up to { $issuer } to check an LSC below it, and a CA of one's own often leaves out an extension that phones need.
    .remedy-1 = When LSCs fail, try with a self-signed CAPF certificate first: if that works, the chain or the template of the CA is at fault.
    .remedy-2 = Upload every CA of the chain to CAPF-trust and CallManager-trust, then restart CAPF and TFTP.
    .needs = the CAPF certificate

capf_certificate_expiring = { $name }: the CAPF certificate { $case ->
        [expired] has expired
       *[soon] expires in { $days } days
    }
    .detail = It ends at { $end }. { $case ->
        [expired] Phone certificates that it signs are worthless wherever dates are checked, and 802.1X refuses them.
       *[soon] Phone certificates issued now would outlive it or have to be issued again.
    }
    .remedy-1 = Stop all work on phone certificates (LSC) until the CAPF certificate is renewed.
    .remedy-2 = Plan a maintenance window: OS Administration > Security > Certificate Management > CAPF > Regenerate on the publisher resets phones while the service runs.
    .remedy-3 = Afterwards restart TFTP on all nodes, check the CAPF record with `show itl`, then have the phones install new LSCs, and give the new CAPF certificate to whatever trusts it (802.1X, VPN).
    .do-not-1 = Do not renew it together with CallManager or TVS.
    .needs = the CAPF certificate

certificate_ca_signed = { $file }: { $count ->
        [one] the TFTP signer has a certificate signed by a CA
       *[other] { $count } TFTP signers have certificates signed by a CA
    }
    .detail = { $subject } was issued by { $issuer }. A phone does not build a chain to that CA: the list pins the certificate itself, so a renewed certificate of the same CA is as unknown to the phone as any other until it has the new list.
    .needs = a trust list

certificate_expired = { $name } has expired
    .detail = It was valid until { $end }; validity was judged at { $now }{ $days ->
        [0] {""}
        [one] , one day later
       *[other] , { $days } days later
    }. { $case ->
        [anchor] It stands in the trust store: chains that end in it fail where dates are checked, unless a newer certificate of the same name stands beside it.
        [given] Whoever checks dates refuses it: browsers, Expressway, 802.1X, other clusters.
       *[listed] It stands in trust lists only. Phones do not look at the dates of records, so they go on; services that present it are refused elsewhere.
    }
    .remedy-1 = { $case ->
        [anchor] Replace it in the trust store by its successor, or remove it when nothing is below it any more.
       *[other] Renew it under OS Administration > Security > Certificate Management on the node that owns it, one certificate at a time, restart the service that uses it, and let the phones fetch the new list before you renew the next.
    }
    .do-not-1 = { $case ->
        [anchor] {""}
       *[other] Do not renew CallManager and TVS certificates in one window.
    }
    .needs = a certificate

certificate_expires_soon = { $name } expires in { $days ->
        [0] less than a day
        [one] one day
       *[other] { $days } days
    }
    .detail = It is valid until { $end }. { $case ->
        [lsc] It is a phone's LSC; CUCM sends no alarm for those.
       *[other] Renewal changes what phones must trust, so it needs a window and an order.
    }
    .remedy-1 = { $case ->
        [lsc] Have the phone install a new LSC: Device > Phone > Certification Authority Proxy Function > Certificate Operation "Install/Upgrade", with an "Operation Completes By" in the future.
       *[other] Plan the renewal: one certificate at a time, the service restarted, the phones seen with the new list, then the next.
    }
    .needs = a certificate

certificate_key_weak = { $case ->
        [weak] { $count ->
            [one] {"" }{ $name } has an RSA key of { $bits } bits
           *[other] { $count } certificates have RSA keys below 1024 bits
        }
       *[fips] { $count ->
            [one] {"" }{ $name } has an RSA key of { $bits } bits
           *[other] { $count } certificates have RSA keys below 2048 bits
        }
    }
    .detail = { $case ->
        [weak] The smallest has { $bits } bits ({ $name }). Such keys can be factored with modest means; OpenSSL at its default level refuses those below 1024.
       *[fips] The smallest has { $bits } bits ({ $name }). They work, but phones in FIPS mode refuse them ("Cert key size is not FIPS compliant") and so do peers at security level 2.
    }
    .remedy-1 = Regenerate the certificate with 2048 bits when it is renewed next; one at a time.
    .needs = a certificate

certificate_malformed = { $name }: { $count ->
        [one] one part of the certificate could not be read
       *[other] { $count } parts of the certificate could not be read
    }
    .detail = { $count ->
        [one] { $field }
       *[other] The first is { $field }
    } at byte { $byte } of the certificate: { $problem }. The other parts are shown. Products differ in what they make of it: OpenSSL-based ones may refuse the whole certificate or fail to find its issuer.
    .remedy-1 = Have the certificate issued again; its CA or the tool that wrote it is at fault.
    .needs = a certificate

certificate_not_yet_valid = { $name } is not yet valid
    .detail = It is valid from { $start }, and validity was judged at { $now }. Usually a clock is wrong, on the node that made it or where it is checked.
    .remedy-1 = Check `utils ntp status` on the node and the clock of whoever refuses it.
    .needs = a certificate

certificate_signature_weak = { $count ->
        [one] {"" }{ $name } is signed with { $hash }
       *[other] { $count } certificates are signed with { $hash }{ $hash ->
            [MD5] { " or older" }
           *[other] { "" }
        }
    }
    .detail = { $hash ->
        [MD5] Signatures with MD5 can be forged; OpenSSL refuses them at its default level.
       *[other] SHA-1 is old; OpenSSL 3 refuses such a signature at its default level, phones and CUCM accept it.
    }
    .remedy-1 = Have the certificate issued again with SHA-256.
    .needs = a certificate

certificate_time_unreadable = { $name }: a date of the certificate cannot be read
    .detail = notBefore is "{ $start }", notAfter is "{ $end }"; one of them has none of the forms of RFC 5280. Validity cannot be judged, and OpenSSL refuses the certificate with a format error.
    .remedy-1 = Have the certificate issued again.
    .needs = a certificate

certificate_usage_incomplete = { $file }: the { $role } certificate of record { $record } lacks { $missing }
    .detail = { $subject } limits what its key may be used for, and leaves out { $missing }. CUCM's own CallManager certificates allow server and client authentication and digital signature; a CA template that drops one of them makes trunks, CTI or phones fail later.
    .remedy-1 = Have it signed again with a template that has extended key usage "Server Authentication" and "Client Authentication" and key usage "Digital Signature", then upload it and restart CallManager and TFTP.
    .needs = a trust list that holds the certificate of a TFTP signer

cisco_ca_expired = { $name }: { $case ->
        [authority] this Cisco CA has expired
       *[issued] its issuer { $authority } has expired
    }
    .detail = { $authority } ended on { $end }. Where dates are checked (802.1X servers, VPN, some proxies), certificates below it are refused; phones that carry one still present it.
    .remedy-1 = Use LSCs from your own CAPF for these phones instead of their manufacturing certificates.
    .needs = a certificate

mic_issuer = { $case ->
        [contradicts] { $count ->
            [one] {"" }{ $name } names { $issuer } as its issuer, and another key
           *[other] { $count } certificates name { $issuer } as their issuer, and another key
        }
       *[genuine] { $count ->
            [one] {"" }{ $name } is a manufacturing certificate of { $issuer }
           *[other] { $count } certificates are manufacturing certificates of { $issuer }
        }
    }
    .detail = { $case ->
        [contradicts] The issuer has the name of Cisco's CA, but the key identifier of the issuer's key is not that of the certificate Cisco publishes. Someone else signed with that name: it proves nothing about the phone.
       *[genuine] A manufacturing certificate (MIC) proves that the phone was made by Cisco; every Cisco phone in the world has one like it. It does not prove that the phone is yours. { $case ->
            [key] Name and key identifier are those of Cisco's CA; the signature was not checked.
           *[name] The issuer was recognised by its name only; the signature was not checked.
        }
    }
    .remedy-1 = For 802.1X and VPN, install LSCs from your CAPF and trust only that CAPF.
    .do-not-1 = Do not put Cisco's manufacturing CAs into the trust store that admits phones to your network.
    .needs = a phone's certificate

mic_model_affected = { $count ->
        [one] {"" }{ $name } is of a model that left the factory with duplicated keys
       *[other] { $count } phones are of models that left the factory with duplicated keys
    }
    .detail = Cisco's advisory for CVE-2022-20817 names 69xx, 894x, 896x and 99xx phones and the ATA 187: some of them share one manufacturing key pair, so whoever owns such a phone can act as another. { $count ->
        [one] No LSC of this phone is among the inputs.
       *[other] No LSCs of these phones are among the inputs; the first is { $name }.
    }
    .remedy-1 = Install an LSC on each of these phones, and have it used instead of the manufacturing certificate.
    .remedy-2 = Give the manufacturing certificates of all such phones together: keys that occur twice are named.
    .needs = a phone's manufacturing certificate

public_key_shared = { $count } phones share one key pair
    .detail = { $devices } have certificates with the same public key. A key pair belongs to one phone; Cisco's advisory for CVE-2022-20817 names models that left the factory with duplicated keys. Whoever owns one of the phones can act as the others.
    .remedy-1 = Install LSCs on these phones and use them instead of the manufacturing certificates.
    .remedy-2 = Stop trusting the manufacturing CA wherever these phones authenticate.
    .needs = certificates of at least two phones

# Findings about trust stores.

trust_store_duplicate = { $name } stands in the trust store { $count } times
    .detail = { $case ->
        [reissued] The { $count } certificates have one subject and one key and differ in the rest: the CA was renewed. Which of them a product takes depends on their dates and on their order.
       *[identical] The { $count } certificates are the same, byte for byte. That does no harm, and makes the store harder to read.
    }
    .remedy-1 = { $case ->
        [reissued] Keep the one that ends last, once nothing needs the other.
       *[identical] Keep one of them.
    }
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_key_identifier_conflict = { $case ->
        [shared] {"" }{ $name } and { $other } have one key identifier and different keys
       *[child] {"" }{ $child } names { $name } as its issuer, and the key of { $other }
    }
    .detail = { $case ->
        [shared] The subject key identifier { $identifier } stands in certificates with different keys. CUCM finds issuers by key identifier, so it may take the wrong one, and the signature then does not verify.
       *[child] The issuer of { $child } is named { $name }, but its authority key identifier { $identifier } is that of { $other }. OpenSSL takes a certificate for the issuer only where both fit, so it finds none; CUCM follows the key identifier.
    }
    .remedy-1 = { $case ->
        [shared] Have the CA whose identifier is not derived from its key issued again, or remove the one that is not used.
       *[child] Compare the serials with the CA that really signed it, and have the certificate issued again with the identifiers of that CA.
    }
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_manufacturing_ca = { $count ->
        [one] The trust store holds a manufacturing CA of Cisco
       *[other] The trust store holds { $count } manufacturing CAs of Cisco
    }
    .detail = It trusts { $names }: every phone that Cisco made with a certificate of { $count ->
        [one] this CA
       *[other] these CAs
    } is let in, whoever owns it.
    .remedy-1 = Where phones authenticate with this store (802.1X, VPN), let them use LSCs and trust your CAPF only.
    .do-not-1 = Do not remove it from CUCM before every phone has an LSC: phones that still use their manufacturing certificate could not register.
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_not_a_ca = { $name } stands in the trust store and is no CA
    .detail = { $reason ->
        [constraints] Its basic constraints say that it is no CA.
        [usage] Its key usage does not include the signing of certificates.
       *[none] It has no basic constraints.
    } { $case ->
        [own] It is trusted itself, but another certificate names it as its issuer, and that one is refused ("invalid CA certificate").
       *[issued] OpenSSL trusts such a certificate only when it is self-signed. This one is not: neither it nor anything below it is trusted through this entry.
    }
    .remedy-1 = { $case ->
        [own] Put the CA that really signed the other certificate into the store.
       *[issued] Put the root CA that signed it into the store instead, and the CAs between unless the server sends them.
    }
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_root_missing = { $count ->
        [one] {"" }{ $name } stands in the trust store, { $issuer } above it does not
       *[other] { $count } CAs stand in the trust store, { $issuer } above them does not
    }
    .detail = The default rules of OpenSSL, and with it Expressway's, trust only chains that end in a self-signed certificate of the store ("unable to get issuer certificate"). No such root of { $name } is in the store, by name and key identifier, so it helps nobody.
    .remedy-1 = Put the root CA above { $issuer }, or { $issuer } itself if it is the root, into the trust store.
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_same_name = The trust store holds { $count } different certificates with the common name { $name }
    .detail = { $case ->
        [keys] They have one subject and different keys.
       *[subjects] Their subjects differ in other parts than the common name.
    } Expressway cannot hold two certificates of one common name side by side (CSCwa12905): uploading the second hides the first, and what rests on that one is refused. The self-signed CallManager and tomcat certificates of one node are the usual pair.
    .remedy-1 = Have the certificates of the nodes signed by a CA, and put only that CA into the store.
    .remedy-2 = Or use one certificate for both services (CUCM 14 and later: certificate reuse), or give them different common names.
    .needs = a trust store (--trust, or the role "trust" on the page)

trust_store_unused = { $count ->
        [one] One of { $total } certificates of the trust store is used by nothing that was given
       *[other] { $count } of { $total } certificates of the trust store are used by nothing that was given
    }
    .detail = No certificate among the inputs leads to { $names }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more
    }, by the names and key identifiers of issuers. Everyone below such a CA is trusted all the same.
    .remedy-1 = Remove what no server needs. Certificates of servers that were not given may need them: give those too before you decide.
    .needs = a trust store, and the certificates that are to be trusted through it

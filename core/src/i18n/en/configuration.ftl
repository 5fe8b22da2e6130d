# Findings about phone configurations.

configuration_capf_without_record = { $file }: CAPF is configured, but no trust list names it
    .detail = The configuration sends the phone to the CAPF server { $server }, and none of the lists has a CAPF record. A phone with such a list says "No valid CAPF server" when it is to install a certificate. { $case ->
        [name] The server is given by name: the phone must also be able to resolve it.
       *[address] {""}
    }
    .remedy-1 = On the publisher, activate the Cisco Certificate Authority Proxy Function (Cisco Unified Serviceability > Tools > Service Activation).
    .remedy-2 = Restart the Cisco TFTP service on every TFTP node and check with `show itl` that a record with FUNCTION CAPF stands there; then reset the phone.
    .needs = a phone configuration with a CAPF server, and a trust list

configuration_certificate_hash_differs = { $file }: encrypted for another certificate than { $device } has
    .detail = `certHash` is { $hash }, but the certificate of { $device } that was given has the MD5 { $own }. { $case ->
        [lsc] Predicted: the phone uses its LSC, and cannot open a configuration that was encrypted for another key.
       *[other] It is no LSC: when the phone also has one, the configuration may be encrypted for that. When it has not, it cannot open a configuration that was encrypted for another key.
    }
    .remedy-1 = Check that the certificate is the one in the phone now: an LSC replaces the MIC for this.
    .remedy-2 = Save the phone in CUCM and apply the configuration, so that it is encrypted anew.
    .needs = a configuration with certHash, and the phone's certificate

configuration_encrypted_elsewhere = { $file } points to an encrypted configuration
    .detail = `encrConfig` is true: this short file is in clear and tells the phone to fetch `.cnf.xml.enc.sgn`{ $case ->
        [hash] , made for the certificate with the MD5 { $hash }.
       *[none] . It does not say for which certificate that is made: `certHash` is empty.
    }
    .needs = a phone configuration

configuration_secure_urls = { $file }: { $count ->
        [one] one URL uses HTTPS
       *[other] { $count } URLs use HTTPS
    }
    .detail = For example { $name }: { $url }. The certificate of such a server (tomcat) is not in the trust list: the phone asks TVS about it each time, and the service fails when TVS cannot be reached or does not know it.
    .needs = a phone configuration

configuration_security_mode = { $count ->
        [one] { $file }: the phone's security mode is { $case }
       *[other] { $count } configurations: the phones' security mode is { $case }
    }
    .detail = `deviceSecurityMode` is { $mode }. { $case ->
        [non-secure] The phone registers without TLS. If its cluster is not in mixed mode, the phone holds no CTL, and emptied ITLs ("Prepare Cluster for Rollback to pre 8.0") free it for a move to another cluster.
        [authenticated] The phone registers with TLS, without encrypted media. Its cluster is in mixed mode and the phone holds a CTL, which the rollback parameter does not empty.
       *[encrypted] The phone registers with TLS and encrypted media. Its cluster is in mixed mode and the phone holds a CTL, which the rollback parameter does not empty.
    } Installing an LSC does not depend on it.
    .needs = a phone configuration

configuration_tvs_count = { $file }: more TVS servers than { $list } has TVS records
    .detail = The configuration sends the phone to { $servers } TVS servers ({ $names }), but { $list } has { $records ->
        [one] one TVS record
       *[other] { $records } TVS records
    }. The phone believes a TVS server only by its record: at least one of these it cannot use.
    .remedy-1 = On the TFTP node run `show itl` and compare the TVS records with the nodes that run CallManager.
    .remedy-2 = Restart the Cisco Trust Verification Service on the node that is missing, then the Cisco TFTP service on every TFTP node, check `show itl` again and reset the phones.
    .needs = a phone configuration, and an ITL with TVS records

configuration_tvs_single = { $file }: one server alone vouches for everything
    .detail = { $case ->
        [group] The phone's only server for TVS is { $server }: its CallManager group has one member.
       *[tvs] The phone's only server for TVS is { $server }.
    } When that node is down, renamed or gets a new TVS certificate, the phone can verify nothing that is not in its lists, and cannot be brought back from the server.
    .remedy-1 = Add a second node to the group: System > Cisco Unified CM Group, then reset the phones in a quiet hour.
    .do-not-1 = Do not rename this node or renew its certificates before a second node is in the group and the phones know it.
    .needs = a phone configuration

configuration_unreadable = { $file }: the configuration cannot be read
    .detail = { $problem }{ $case ->
        [decrypted] {" "}(in the decrypted text)
       *[file] {""}
    }. A phone that gets this file keeps its old configuration.
    .remedy-1 = Save the phone in CUCM and apply the configuration, then fetch the file again.
    .needs = a phone configuration

configuration_unsigned = { $file } has the name of a signed file, but is not signed
    .detail = The file begins with XML where the signed header should stand. A phone that holds a CTL or ITL asks for the signed file and refuses this one; it then keeps its old configuration. Nothing shows who wrote the file or whether it was changed.
    .remedy-1 = Fetch the file again from the TFTP node itself (`tftp -i <node> get <name>`). Over HTTPS on port 6971 phones ask for the name with `.sgn` and get the unsigned file: a copy from there is no fault.
    .remedy-2 = If the node sends it unsigned over TFTP or HTTP 6970, restart the Cisco TFTP service there.
    .needs = a phone configuration in clear

# Findings about phone configurations.

configuration_capf_without_record = { $file }: CAPF is configured, but no trust list names it
    .detail = The configuration sends the phone to the CAPF server { $server }, and none of the lists has a CAPF record. The phone then says "No valid CAPF server". { $case ->
        [name] The server is given by name: the phone must also be able to resolve it.
       *[address] {""}
    }
    .remedy-1 = On the publisher, activate the Cisco Certificate Authority Proxy Function (Cisco Unified Serviceability > Tools > Service Activation).
    .remedy-2 = Restart the Cisco TFTP service on every TFTP node and check with `show itl` that a record with FUNCTION CAPF stands there; then reset the phone.
    .needs = a phone configuration with a CAPF server, and a trust list

configuration_certificate_hash_differs = { $file }: encrypted for another certificate than { $device } has
    .detail = `certHash` is { $hash }, but the certificate of { $device } that was given has the MD5 { $own }. The phone cannot open a configuration that was encrypted for a key it does not have.
    .remedy-1 = Check that the certificate is the one in the phone now: an LSC replaces the MIC for this.
    .remedy-2 = Save the phone in CUCM and apply the configuration, so that it is encrypted anew.
    .needs = a configuration with certHash, and the phone's certificate

configuration_encrypted_elsewhere = { $file } points to an encrypted configuration
    .detail = `encrConfig` is true: this short file is signed and in clear, and tells the phone to fetch `.cnf.xml.enc.sgn`, made for the certificate with the MD5 { $hash }.
    .needs = a phone configuration

configuration_secure_urls = { $file }: { $count ->
        [one] one URL uses HTTPS
       *[other] { $count } URLs use HTTPS
    }
    .detail = For example { $name }: { $url }. The certificate of such a server (tomcat) is not in the trust list: the phone asks TVS about it each time, and the service fails when TVS cannot be reached or does not know it.
    .needs = a phone configuration

configuration_tvs_single = { $file }: one server alone vouches for everything
    .detail = The phone's only server for TVS is { $server }: its CallManager group has one member. When that node is down, renamed or gets a new TVS certificate, the phone can verify nothing that is not in its lists, and cannot be brought back from the server.
    .remedy-1 = Add a second node to the group: System > Cisco Unified CM Group, then reset the phones in a quiet hour.
    .do-not-1 = Do not rename this node or renew its certificates before a second node is in the group and the phones know it.
    .needs = a phone configuration

configuration_unreadable = { $file }: the configuration cannot be read
    .detail = { $problem }. A phone that gets this file keeps its old configuration.
    .remedy-1 = Save the phone in CUCM and apply the configuration, then fetch the file again.
    .needs = a phone configuration

# Findings about what certificates and keys come in: PKCS#12, certificate requests, private keys and their certificates.

certificate_request_key_differs = { $name }: the certificate does not belong to the request in { $file }
    .detail = The request and the certificate (serial { $serial }, valid from { $since }) name the same host, but hold different public keys. Either the certificate was issued for another request, or it is the one that the request is to replace. A product takes a certificate only for the private key that it made with its last request; CUCM refuses the upload otherwise.
    .remedy-1 = If this is the CA's answer: find the request that was sent to the CA, or have the CA sign this one. Generating a request again makes the one before it worthless.
    .remedy-2 = If this is the certificate in use, nothing is wrong: give the new certificate when the CA has issued it.
    .do-not-1 = Do not generate another request while the CA still works on this one.
    .needs = a certificate request and a certificate

certificate_request_matches_certificate = { $name }: the certificate was issued for the request in { $file }
    .detail = The certificate (serial { $serial }, issued by { $issuer }) holds the public key of the request and the names that it asks for. The product that made the request has the private key, so the certificate can be uploaded there.
    .needs = a certificate request and a certificate

certificate_request_names_differ = { $name }: the certificate is for other names than the request in { $file }
    .detail = The certificate holds the public key of the request{ $case ->
        [absent] , but lacks { $absent }
        [added] , but adds { $added }
       *[both] , but lacks { $absent } and adds { $added }
    }. CUCM compares the names of both when the certificate is uploaded, and answers "CSR SAN and Certificate SAN does not match".
    .remedy-1 = Have the CA sign the request again without changing its names, or make the request anew with the names that the certificate should have.
    .remedy-2 = Look at the CA's template: those that build the names from the subject, or from the directory, drop what the request asks for.
    .needs = a certificate request and a certificate

certificate_request_pending = { $file }: a request for { $name }, and no certificate for it
    .detail = None of the certificates that were given holds the public key of the request. Until its certificate is uploaded, the product goes on with the certificate that it has.
    .remedy-1 = Give the certificate beside the request when the CA has issued it: then their keys and names are compared before the upload.
    .needs = a certificate request

certificate_request_signature_invalid = { $file }: { $case ->
        [mismatch] the signature of the request for { $name } does not hold
       *[unchecked] the signature of the request for { $name } could not be checked
    }
    .detail = { $case ->
        [mismatch] A request is signed with its own key, to prove that whoever made it has the private key. This one was changed after it was signed, or signed with another key; a CA refuses it.
       *[unchecked] { $reason }. Whether a CA takes it is not known.
    }
    .remedy-1 = Generate the request again and download it as it is; copying it through mail or a word processor changes it.
    .needs = a certificate request

certificate_revoked = { $name } is revoked
    .detail = The revocation list in { $file }, made at { $made }, names its serial { $serial }: revoked since { $since }. { $case ->
        [verified] The list is signed by the issuer of the certificate.
       *[unchecked] The certificate of the issuer was not given, so the signature of the list could not be checked.
    } Whoever looks at revocation lists refuses it.
    .remedy-1 = Have a certificate issued for a new key, and replace the revoked one wherever it is in use.
    .remedy-2 = If it should not be revoked, ask the CA for the reason and for its latest list: a revocation is not taken back, other than a hold.
    .needs = a certificate and a revocation list of its issuer

certificate_trust_settings_ignored = { $file }: OpenSSL's trust settings are not used
    .detail = { $count ->
        [one] A certificate stands
       *[other] { $count } certificates stand
    } in the file as "TRUSTED CERTIFICATE": behind it are OpenSSL's own settings, for what it is trusted or rejected. Expressway, CUCM and phones do not read them, and they were not used here.
    .remedy-1 = For a trust store of another product, write it as an ordinary certificate: openssl x509 -in FILE -out FILE.
    .needs = a file with certificates

container_encryption_legacy = { $file } is encrypted with old algorithms
    .detail = { $encryption }. They can be broken or guessed fast, and OpenSSL 3 opens the file only with the option -legacy ("unsupported" otherwise). Windows before 2019, Java before 2020 and OpenSSL before 3.0 write such files.
    .remedy-1 = Export it anew with AES-256, or convert it: openssl pkcs12 -legacy -in FILE -nodes, then openssl pkcs12 -export. Delete what lies in between.
    .needs = a PKCS#12 file

container_needs_password = { $file } needs a password
    .detail = It was recognised, but what is in it stands under a password, and none was given. Nothing in it was judged, so nothing is said about its certificates.
    .remedy-1 = Give the password: in the page's field "Password for containers", or on the command line with --password-stdin, for example: tlvet check --password-stdin FILE < password.txt. It is used on this computer only and stands in no report.
    .do-not-1 = Do not send the file and its password to anyone to have this checked.
    .needs = a file under a password (PKCS#12, or a key given with --key)
    .missing = a password for { $file }

container_opened = { $file }: { $case ->
        [empty] it opens with the empty password
       *[given] the password opens it
    }, and it is unchanged
    .detail = The check over its content ({ $mac }) holds. It holds { $certificates ->
        [0] no certificate
        [one] one certificate
       *[other] { $certificates } certificates
    } and { $keys ->
        [0] no private key
        [one] one private key
       *[other] { $keys } private keys
    }.{ $case ->
        [empty] {" "}The empty password protects nothing: whoever has the file has what is in it.
       *[given] {""}
    }
    .needs = a PKCS#12 file
    .missing = what opens { $file }{ $others ->
        [0] {""}
        [one] {" "}and another file
       *[other] {" "}and { $others } other files
    }

container_password_wrong = { $file }: the password does not open { $case ->
        [store] it
       *[key] its private key
    }
    .detail = { $case ->
        [store] The check over its content does not hold with any password that was given: the password is another one, or the file was changed or damaged after it was made. From outside the two look the same. Nothing in it was judged.
       *[key] It does not decrypt to a private key with any password that was given: the password is another one, or the key was changed or damaged. It was not compared with any certificate.
    }
    .remedy-1 = Check the password: upper and lower case, a blank or a line end at its end, letters beyond ASCII that another keyboard writes otherwise.
    .remedy-2 = If the password is right, fetch the file again in binary mode and compare its length and SHA-256 with the original.
    .needs = a file under a password, and a password (--password-stdin)

container_unsupported = { $file } cannot be opened here
    .detail = Something in it is protected in a way that is not known here: { $reason }. It was not judged.
    .remedy-1 = Convert it where it was made: openssl pkcs12 -in FILE -out all.pem, then openssl pkcs12 -export -in all.pem -out NEW; for a key, openssl pkey -in FILE -aes256 -out NEW. Delete all.pem.
    .needs = a PKCS#12 file or a private key

container_without_mac = { $file }: nothing tells whether it was changed
    .detail = The file has no MAC, the check over the content of a PKCS#12 file with its password. Its certificates were read, but whoever had the file could have put others in.
    .remedy-1 = Export it anew from its source, with a MAC, as every program does unless told otherwise.
    .needs = a PKCS#12 file

key_matches_certificate = { $file }: the private key belongs to { $name }
    .detail = The public half of the key ({ $kind }, { $bits } bits) is the public key of { $case ->
        [request] the request for { $name }
       *[certificate] the certificate of { $name } (serial { $serial })
    }{ $more ->
        [0] {""}
        [one] {" "}and of one more
       *[other] {" "}and of { $more } more
    }.
    .needs = a private key and a certificate

key_matches_nothing = { $file }: the private key belongs to none of the certificates
    .detail = { $case ->
        [same-file] The file holds certificates and a private key ({ $kind }, { $bits } bits), but no certificate has its public key. A server that is given both does not start: "key values mismatch".
       *[other-file] No certificate that was given has the public key of this private key ({ $kind }, { $bits } bits).
    }
    .remedy-1 = Find the certificate that was made for this key: compare openssl x509 -noout -pubkey -in CERTIFICATE with openssl pkey -pubout -in KEY.
    .remedy-2 = If the certificate was renewed, take the key that was made with the last request.
    .needs = a private key that can be read, and a certificate

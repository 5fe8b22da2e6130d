# Findings from what phones say themselves: console logs and status messages. Times are those of the phone's own clock.

https_server_authenticated = { $phone }: { $count ->
        [0] an HTTPS server was authenticated
        [one] its HTTPS request succeeded
       *[other] its HTTPS requests succeeded
    }
    .detail = { $vouched ->
        [0] {""}
        [one] The phone's lists do not hold the server's certificate, so it asked TVS, and TVS vouched for it: that is how it is meant to work, though the phone prints this line as an error.{" "}
       *[other] The phone's lists do not hold these servers' certificates, so it asked TVS, and TVS vouched for them ({ $vouched } times): that is how it is meant to work, though the phone prints these lines as errors.{" "}
    }{ $count ->
        [0] {""}
       *[other] It got what it asked for: { $urls }.{" "}
    }{ $until ->
        [none] {""}
       *[other] It keeps the last answer of TVS until { $until } of its clock, { $days ->
            [0] the same day
            [one] the next day
           *[other] { $days } days later
        }: until then a certificate that was replaced or removed on the server stays trusted by this phone.
    }
    .needs = a phone's console log

https_server_not_authenticated = { $phone } could not authenticate { $server }{ $over ->
        [no] {""}
       *[yes] , and could later
    }
    .detail = At { $time } of its clock the phone found the certificate of { $server } in neither CTL nor ITL, which alone is no fault: it asks TVS then. { $case ->
        [answered] TVS answered with status { $value }, not trusted.
        [name] It found no address for TVS.
        [alert] A peer then ended TLS with the alert "{ $value }".
       *[connection] The connection then failed.
    } { $over ->
        [no] Nothing in the log up to the next such server shows that it was authenticated after all: directories, services and login over HTTPS fail on this phone.
       *[yes] A later line says that the same server was authenticated: what was wrong is over.
    }
    .remedy-1 = { $over ->
       *[no] { $case ->
            [name] Make the names of the CallManager group resolvable for the phone, or put addresses in their place under System > Server.
            [alert] Look at TLS between phone and server in a capture of the phone's port: the alert says what one side did not accept.
           *[other] OS Administration > Security > Certificate Management on the nodes of the phone's CallManager group: is the certificate that { $server } shows (port 8443: tomcat) listed there? Upload it to tomcat-trust if not, and restart Cisco Trust Verification Service.
        }
        [yes] {""}
    }
    .remedy-2 = { $over ->
       *[no] Check that the phone still believes TVS: compare the TVS records of its ITL with TVS.pem of these nodes.
        [yes] {""}
    }
    .do-not-1 = Do not put HTTP in place of HTTPS in the phone's URLs to get around this: the phone then believes whoever answers.
    .needs = a console log with a line "HTTPS cert not in CTL"

phone_checksum_differs = The phone shows the checksum of another { $kind } than the server offers
    .detail = On its Trust List screen the phone shows { $algorithm } { $sum }; { $count ->
        [one] { $servers } has another.
       *[other] none of { $servers } has this one.
    } The phone has not taken the list that is offered now, or it fetches from another server. That alone is no reason to delete its list: whether it will take the new one, the list itself would tell.
    .remedy-1 = Reset the phone and look at its status messages: "Trust List updated", or "Trust List update failed".
    .remedy-2 = Run `show itl` on every TFTP node and compare the checksums: where the nodes differ, it depends on which one the phone asks.
    .remedy-3 = If a capture of an earlier boot holds the list that the phone took then, give it (role: phone) beside the server's list: the two say whether the phone can believe the new one.
    .do-not-1 = Do not delete the phone's lists because the checksums differ; three other conditions must hold as well.
    .missing = the list that the server offers: the file, `show itl`, or its checksum
    .needs = the checksum on the phone's Trust List screen

phone_checksum_fits = The phone shows the checksum of the { $kind } that the server offers
    .detail = { $algorithm } { $sum } is that of { $server }: the phone holds this very file. There is nothing to delete. If it refuses something all the same, look at TVS next: is the certificate that it shows on TCP 2445 the one in the list?
    .needs = the checksum on the phone's Trust List screen, and the list that the server offers

phone_file_refused = { $phone } { $file ->
        [list] { $verification ->
            [yes] could not verify a file that it fetched
           *[no] did not take a trust list
        }
       *[other] refused { $file }
    }{ $over ->
        [yes] { $file ->
            [list] , and took a trust list later
           *[other] , and verified it later
        }
       *[no] {""}
    }
    .detail = The phone says so itself{ $count ->
        [one] {""}
       *[other] , { $count } times
    }{ $time ->
        [none] .
       *[other] , last at { $time } of its clock.
    } { $reason ->
        [none] {""}
       *[other] Its reason: { $reason }.{" "}
    }{ $cause ->
        [signer] The certificate that signed the file stands neither in its CTL nor in its ITL, and TVS did not vouch for it. Typically the CallManager certificate was renewed, or the phone met the TFTP server of another cluster.
       *[other] { $verification ->
            [yes] Either the signer stands in none of its lists and TVS did not vouch for it, or the file is not what was signed; this line alone does not say which.
           *[no] The line does not say why: the list could not be fetched, or its signature could not be verified.
        }
    } { $over ->
        [yes] { $file ->
            [list] A later line says that a trust list was taken: what was wrong is over.
           *[other] A later line says that the same file was verified: what was wrong is over.
        }
       *[no] Until this is mended the phone goes on with what it has: changes of its configuration do not reach it.
    }
    .remedy-1 = { $over ->
        [yes] {""}
       *[no] Put the phone's own CTL and ITL, the refused file and the server's lists together into tlvet (roles: phone, and observed): they say which signer is missing where.
    }
    .remedy-2 = { $over ->
        [yes] {""}
       *[no] On a node of the phone's CallManager group: is the signer's certificate in the list of OS Administration, and does Cisco Trust Verification Service run? Its trace (Detailed) shows the phone's question.
    }
    .remedy-3 = { $over ->
        [yes] {""}
       *[no] See in the log which TFTP server the phone asked: a signer of another cluster means another DHCP option 150.
    }
    .do-not-1 = Do not delete the phone's lists before the four conditions for it are checked; a renewed certificate is mended on the server.
    .needs = a phone's console log or status messages

phone_file_verified = { $phone } { $files ->
        [0] took what it fetched
        [one] verified { $names }
       *[other] verified { $files } files
    }
    .detail = The phone's own log says that the signatures hold{ $files ->
        [0] {""}
       *[other] {" "}({ $names })
    }: the files came unchanged from a signer that it trusts.{ $updated ->
        [0] {""}
        [one] {" "}It took a new trust list.
       *[other] {" "}It took new trust lists ({ $updated } lines).
    }
    .needs = a phone's console log

phone_log_boot = { $phone }: { $outcome ->
        [refused] its log shows a file that it refused
        [capf] its log shows that CAPF failed
        [verified] its log shows that it verified what it fetched
       *[other] what its log shows
    }
    .detail = In order, with the times of the phone's clock. { $servers ->
        [none] {""}
       *[other] It fetched from { $servers }: make sure that this is the TFTP server it should ask (DHCP option 150; after a move, the destination's).
    }{ $tvs ->
        [yes] {" "}It asked TVS while it fetched a list or a configuration: the signer stands in neither of its lists.
       *[no] {""}
    }{ $general ->
        [yes] {" "}It asked for ITLFile.tlv, which is for any phone: where a central TFTP server gives that file to a phone of another cluster, the phone then refuses the files of its own.
       *[no] {""}
    }{ $back ->
        [yes] {" "}Numbers or dates step back in this log, as they do when parts of it were put together or the clock was set: nothing is concluded from that.
       *[no] {""}
    }
        { $rows }
        { $more ->
            [0] {""}
           *[other] - and { $more } more
        }
    .needs = a phone's console log

phone-log-row = - { $time }: { $kind ->
        [asks] asks for { $value }{ $other ->
            [none] {""}
           *[other] {" "}from { $other }
        }
        [received] { $value } bytes came
        [ended] the transfer is complete
        [ended-other] the transfer ended with status { $value }
        [served] { $value } gave it
        [secure] the TFTP server stands in its lists: it asks for signed files
        [not-secure] the TFTP server does not stand in its lists
        [signed] adds .sgn: { $value }
        [header] the signature holds, header of { $value } bytes
        [verified] { $value ->
            [none] the hashes fit, the file is authentic
           *[other] { $value } verified
        }
        [refused] { $value ->
            [none] a file
           *[other] { $value }
        } refused{ $other ->
            [none] {""}
           *[other] {" "}({ $other })
        }
        [updated] the trust list was taken
        [check] a server's certificate is to be checked
        [searched] looks into the { $value }
        [not-in-lists] the certificate of { $value ->
            [none] the server
           *[other] { $value }
        } is in neither CTL nor ITL
        [cache-miss] nor in the TVS cache: TVS is asked
        [tvs] connects to TVS at { $value }
        [tvs-believed] TVS shows the certificate that its list names
        [tvs-sent] question of { $value } bytes to TVS
        [tvs-received] answer of { $value } bytes
        [tvs-answered] TVS answers with status { $value }
        [tvs-cached] the answer is kept for { $value } seconds
        [https] the HTTPS server is authenticated through TVS
        [http] { $value } succeeded
        [own] shows its own { $value }
        [role] wants a certificate of role { $value }{ $value ->
            [21] {" "}(TVS)
           *[other] {""}
        }
        [valid] the server's certificate is accepted
        [invalid] the server's certificate is not accepted
        [tls] TLS came up
        [capf] CAPF begins, mode { $value }
        [capf-bio] no connection to CAPF could be set up
        [capf-failed] CAPF failed, ret { $value }
        [name-unknown] no address for { $value } ({ $other })
        [name] { $value } is { $other }
        [tvs-name] no address for TVS
        [alert] alert "{ $value }"{ $other ->
            [none] {""}
           *[other] {" "}from { $other }
        }
        [connection] the connection{ $value ->
            [none] {""}
           *[other] {" "}to { $value }
        } failed
       *[network] 802.1X failed
    }

phone_log_harmless = { $phone }: { $count ->
        [one] a line that looks like an error, and is none
       *[other] { $count } lines that look like errors, and are none
    }
    .detail = The severity that phones print is no guide.
        { $rows }
    .needs = a phone's console log or status messages

phone-harmless-row = - { $count ->
        [one] {""}
       *[other] { $count } times:{" "}
    }"{ $text }": { $kind ->
        [not-in-lists] the certificate stands in neither CTL nor ITL, as it does for most HTTPS servers; the lines that follow show that TVS vouched for it
        [https-trusted] this is success, printed as an error
        [newer-header] the list is of a newer format than the phone's parser knows; it skips what it does not know
        [interrupted] a signal came while the downloader waited; it goes on
        [not-cached] the session is not kept for resumption, and none is expected to be
        [no-vpn] there is no VPN profile for this phone, and none is needed
       *[no-ctl] the server has no CTL, as it must be in a cluster that is not in mixed mode
    }

tvs_sessions_refused = TVS did not take { $missing } of the sessions that phones tried
    .detail = At { $time } the trace counts { $attempted } attempted and { $accepted } accepted sessions. Phones that are turned away wait, then try the next server of their group; with one server in the group they refuse whatever their lists do not name.
    .remedy-1 = Look in the trace for lines between "Accepted TCP connection" and "TLS HS Done" that name an error, and whether these phones hold the TVS certificate that this server shows now.
    .remedy-2 = Where the difference grows, restart Cisco Trust Verification Service on this server outside of busy hours.
    .needs = a Detailed trace of Cisco Trust Verification Service

tvs_trace_read = The trace of TVS holds { $asked ->
        [0] no question
        [one] one question
       *[other] { $asked } questions
    } of phones and { $answered ->
        [0] no answer
        [one] one answer
       *[other] { $answered } answers
    }
    .detail = { $sessions ->
        [0] {""}
       *[other] TLS came up { $sessions ->
            [one] once
           *[other] { $sessions } times
        } ({ $ciphers }).{" "}
    }{ $reloaded ->
        [0] {""}
       *[other] The server's CTL was changed while it ran, and read anew.{" "}
    }The trace prints fields under labels that do not fit: "Version" is the status of the answer, "PublicKey" the seconds for which the phone keeps it, and "Session Id" is always 0.
        { $rows }
        { $more ->
            [0] {""}
           *[other] - and { $more } more phones
        }
    .needs = a trace of Cisco Trust Verification Service: level Detailed, collected with RTMT

tvs-trace-row = - { $client } asked { $asked ->
        [one] once
       *[other] { $asked } times
    }{ $bytes ->
        [none] {""}
       *[other] {" "}(messages of { $bytes } bytes)
    }

lsc_failed = { $phone } { $over ->
        [no] did not get its LSC
        [name] did not get its LSC in the attempt that is shown
       *[yes] failed to get its LSC, and got it later
    }{ $cause ->
        [name] : it finds no address for { $name }
        [no-capf] : its ITL names no CAPF
        [late] : the time for the operation had passed
        [string] : the authentication string is not the right one
        [invalid-mic] : its MIC was not accepted
        [invalid-lsc] : its LSC was not accepted
       *[other] {""}
    }
    .detail = { $count ->
        [0] {""}
        [one] The phone says once that it failed.{" "}
       *[other] The phone says { $count } times that it failed.{" "}
    }{ $stated ->
        [none] {""}
       *[other] CUCM says: { $stated }.{" "}
    }{ $returned ->
        [none] {""}
       *[other] The value that it returned ({ $returned }) does not say why.{" "}
    }{ $cause ->
        [name] In front of it stands that { $name } has no address: the phone could not even try to connect. The cause is DNS; CAPF and its certificate are not known to be at fault.
        [no-capf] There is no CAPF record in the list that the phone holds: the CAPF service is not activated on the publisher, or Cisco TFTP was not restarted since, or the phone was not reset.
        [no-connection] The connection could not even be set up, before a packet left: most often the address of CAPF could not be resolved, but no line here shows that.
        [connection] It can be any of three: the CAPF certificate in the phone's ITL is not the one that CAPF shows now; CAPF is stopped; or the phone does not reach TCP 3804.
        [late] The phone came after "Operation Completes By"{ $completes ->
            [none] {""}
           *[other] {" "}({ $completes } of the server's clock)
        }.
        [string] What was typed on the phone is not the authentication string of its page in CUCM; after ten wrong ones CAPF refuses for ten minutes.
        [invalid-mic] The certificate that the maker put into the phone did not verify: its CA is missing in CAPF-trust, or has expired.
        [invalid-lsc] The phone's present LSC did not verify: it expired, or an older CAPF certificate that is gone from CAPF-trust issued it.
        [credentials] What the phone showed to CAPF was not accepted.
        [communication] Phone and CAPF lost each other while they spoke.
        [key] The phone could not make its key, or not in time.
        [authority] CAPF could not get the certificate from the CA that signs for it.
        [curve] The operation asks for an EC key only, which the phone's version of the protocol does not know.
       *[unknown] Neither the phone nor CUCM says why.
    }{ $over ->
        [no] {""}
        [name] {" "}A later line finds an address for { $name }: that is mended. No line shows that the phone tried for its LSC again.
        [cucm] {" "}CUCM says by now that the operation succeeded: this is history.
        [shown] {" "}Before, the phone showed its MIC; a later line shows it with an LSC: this is history.
       *[installed] {" "}A later line says that an LSC is installed: this is history.
    }
    .remedy-1 = { $over ->
       *[no] { $cause ->
            [name] Make an A record for { $name } in the DNS that the phone asks, or put the address in place of the name under System > Server; reset the phone.
            [no-capf] Activate Cisco Certificate Authority Proxy Function on the publisher, restart Cisco TFTP on all TFTP nodes, see the CAPF record in `show itl` on each, and reset the phone.
            [late] Device > Phone: set "Operation Completes By" at least one hour ahead, save, apply the configuration.
            [string] Type the string again as it stands on the phone's page, or choose "By Null String" there; after ten attempts wait ten minutes.
            [invalid-mic] Choose "By Null String" for the first LSC, or upload the manufacturing CAs to CAPF-trust.
            [invalid-lsc] Choose "By Existing Certificate (precedence to MIC)" or "By Null String", and install the LSC anew.
            [authority] Look at the CAPF service parameters and at the CA; test with a self-signed CAPF certificate first.
            [curve] Choose RSA, or "EC preferred, RSA backup", as key order.
            [no-connection] Look at the lines in front of the failure for names without an address ("NXDOMAIN", "DNS unknown IPv4 host").
           *[other] Compare the CAPF record of `show itl` with CAPF.pem in OS Administration, see that the CAPF service runs on the publisher, and capture TCP 3804 between phone and publisher: both directions must be there.
        }
        [name] Reset the phone and look at its status messages again.
        [cucm] {""}
        [installed] {""}
        [shown] {""}
    }
    .remedy-2 = { $over ->
       *[no] { $cause ->
            [name] {""}
            [late] {""}
           *[other] Where many phones fail now and then, read CSCub62243: one failing installation can block CAPF.
        }
        [name] {""}
        [cucm] {""}
        [installed] {""}
        [shown] {""}
    }
    .do-not-1 = Do not renew the CAPF certificate to try: every phone's LSC then hangs on a CA that is gone, and the phones are reset.
    .needs = a phone's console log or status messages, or the CAPF part of its page in CUCM

lsc_operation_pending = The certificate operation waits for the phone
    .detail = CUCM shows "Operation Pending": the phone has not come yet, or came and failed before CAPF took note. { $mode ->
        [lsc] The mode is "By Existing Certificate (precedence to LSC)": a phone that has no LSC, or shows its MIC, does not get through with it.{" "}
        [mic] The mode is "By Existing Certificate (precedence to MIC)".{" "}
       *[other] {""}
    }{ $passed ->
        [no] {""}
       *[other] "Operation Completes By" ({ $passed }) has passed: it will not be done any more.{" "}
    }Otherwise it is one of these: the ITL on the phone is not the one of its TFTP servers; the ITL is damaged; the phone does not believe the TVS that should vouch; or it finds no address for a server of CUCM.
    .remedy-1 = { $passed ->
        [no] { $mode ->
            [lsc] For the first LSC choose "By Null String" or "precedence to MIC".
           *[other] Look at the phone's status messages at the time of its last reset: "DNS unknown", "LSC: Connection failed", "No valid CAPF server" and "verification failed" each name one of the causes.
        }
       *[other] Set "Operation Completes By" at least one hour ahead, save, and apply the configuration.
    }
    .remedy-2 = Compare the checksum on the phone's Trust List screen with `show itl` on every TFTP node. Only where the ITL itself is damaged: `utils itl reset localkey` on the publisher (in mixed mode `utils ctl reset localkey`).
    .do-not-1 = Do not delete the phone's ITL as long as the checksums are equal.
    .needs = the CAPF part of a phone's page in CUCM

lsc_device_differs = The log of { $device } shows a certificate of { $named }
    .detail = The phone shows { $subject }, while it asks for the files of { $device }. Either the lines of two phones are mixed, or the phone holds a certificate that was issued to another one.
    .remedy-1 = Collect the log of one phone alone. If it stays so, delete the LSC of this phone (Device > Phone: Certificate Operation = Delete) and install a new one.
    .needs = a console log in which a phone shows its certificate

phone_status_failure = { $phone } { $network ->
        [yes] was not admitted by 802.1X
       *[no] { $reach ->
            [yes] does not reach what it needs
           *[no] reports failures
        }
    }
    .detail = What the phone says itself:
        { $rows }
    .remedy-1 = { $network ->
        [yes] Look at the authentication server's log for this phone: it must trust the CAPF certificate that issued the phone's LSC (after a CAPF renewal: the old and the new one), or the manufacturing CA for phones without LSC.
       *[no] { $reach ->
            [yes] From the phone's network: does the DNS server answer, does the TFTP server (DHCP option 150) answer on UDP 69 and TCP 6970? Capture the phone's port while it boots.
           *[no] Read the rows: each says what to change.
        }
    }
    .needs = a phone's status messages or console log

phone-failure-row = - { $kind ->
        [access] "TFTP access error": the TFTP server refused, or gave no such file
        [dns] "DNS timeout": the DNS server does not answer
        [key] a certificate's key is too short for FIPS mode: RSA needs 2048 bits; install a new LSC with a longer key
        [network] 802.1X failed
        [size] "CFG TFTP Size Error": the configuration is larger than the phone takes; fewer lines, services and speed dials make it smaller
       *[tftp] "TFTP timeout": the TFTP server does not answer
    }{ $count ->
        [one] {""}
       *[other] , { $count } times
    }{ $time ->
        [none] {""}
       *[other] , last at { $time }
    }

phone_without_security_by_default = { $phone } is a { $model }, which has no security by default
    .detail = This model asks neither for an ITL nor for signed files, and TVS is nothing to it. Signed configurations, HTTPS checked through TVS and LSC without a CTL are not to be expected of it.
    .needs = the heading of a phone's page, with its model

received_length_fits = { $phone } received the { $name } that is { $file }, by its length
    .detail = Its log says that { $bytes } bytes came{ $header ->
        [0] {""}
       *[other] , with a header of { $header } bytes whose signature holds
    }; { $file } has as many. Equal lengths do not prove equal bytes, but another list rarely has the same.
    .needs = a console log with "rcvd ... bytes", and the file that was received

received_length_differs = { $phone } received another { $name } than { $file }
    .detail = { $what ->
        [header] Both have { $bytes } bytes, but the phone verified a header of { $header } bytes, and that of { $file } has { $expected-header }.
       *[length] Its log says that { $bytes } bytes came; { $file } has { $expected }.
    } The phone asked another server, the file was made anew since, or the transfer was cut.
    .remedy-1 = See in the log which server gave it, and fetch { $name } from there: `tftp SERVER -c get { $name }`. Compare it with `show itl` or `show ctl` of that server.
    .needs = a console log with "rcvd ... bytes", and the file that was received

lsc_not_installed = { $phone } has no LSC
    .detail = It can still show its manufacturing certificate (MIC), which proves that it is a Cisco phone and not whose phone it is. Encrypted signalling, 802.1X and VPN that ask for an LSC do not work until one is installed.
    .needs = the state of the LSC on a phone's screen or page

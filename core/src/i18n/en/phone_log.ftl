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

https_server_not_authenticated = { $phone } could not authenticate { $server }
    .detail = At { $time } of its clock the phone found the certificate of { $server } in neither CTL nor ITL, which alone is no fault: it asks TVS then. { $case ->
        [answered] TVS answered with status { $value }, not trusted.
        [name] It found no address for TVS.
        [alert] A peer then ended TLS with the alert "{ $value }".
       *[connection] The connection then failed.
    } Nothing in the log up to the next such server shows that it was authenticated after all: directories, services and login over HTTPS fail on this phone.
    .remedy-1 = { $case ->
        [name] Make the names of the CallManager group resolvable for the phone, or put addresses in their place under System > Server.
        [alert] Look at TLS between phone and server in a capture of the phone's port: the alert says what one side did not accept.
       *[other] OS Administration > Security > Certificate Management on the nodes of the phone's CallManager group: is the certificate that { $server } shows (port 8443: tomcat) listed there? Upload it to tomcat-trust if not, and restart Cisco Trust Verification Service.
    }
    .remedy-2 = Check that the phone still believes TVS: compare the TVS records of its ITL with TVS.pem of these nodes.
    .do-not-1 = Do not put HTTP in place of HTTPS in the phone's URLs to get around this: the phone then believes whoever answers.
    .needs = a console log with a line "HTTPS cert not in CTL"

phone_file_refused = { $phone } { $file ->
        [list] { $verification ->
            [yes] could not verify a file that it fetched
           *[no] did not take a trust list
        }
       *[other] refused { $file }
    }{ $over ->
        [yes] , and verified it later
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
       *[other] Its reason: { $reason }.
    } { $cause ->
        [signer] The certificate that signed the file stands neither in its CTL nor in its ITL, and TVS did not vouch for it. Typically the CallManager certificate was renewed, or the phone met the TFTP server of another cluster.
       *[other] { $verification ->
            [yes] Either the signer stands in none of its lists and TVS did not vouch for it, or the file is not what was signed; this line alone does not say which.
           *[no] The line does not say why: the list could not be fetched, or its signature could not be verified.
        }
    } { $over ->
        [yes] A later line says that the same file was verified: what was wrong is over.
       *[no] Until this is mended the phone goes on with what it has: changes of its configuration do not reach it.
    }
    .remedy-1 = Put the phone's own CTL and ITL, the refused file and the server's lists together into tlvet (roles: phone, and observed): they say which signer is missing where.
    .remedy-2 = On a node of the phone's CallManager group: is the signer's certificate in the list of OS Administration, and does Cisco Trust Verification Service run? Its trace (Detailed) shows the phone's question.
    .remedy-3 = See in the log which TFTP server the phone asked: a signer of another cluster means another DHCP option 150.
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

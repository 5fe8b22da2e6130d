# The first sentences of a report: what an experienced engineer would say. `headline-<code>` is a finding as a cause, its
# attribute `decide` what would show that it, and not another, is the cause. `$title` is the title of the finding.

story-pass = Nothing wrong was found in { $inputs ->
        [one] what was given
       *[other] the { $inputs } inputs
    }; what was not given was not judged.
story-inconclusive = No fault was found, but it cannot be said that all is well{ $open ->
        [no] {""}
       *[yes] : what is missing is { $needs }
    }.
story-nothing = Nothing was given that could be judged.
story-fail = { $cause }{ $alternatives ->
        [0] {""}
        [one] {" "}One other explanation fits what was given as well.
       *[other] {" "}{ $alternatives } other explanations fit what was given as well.
    }{ $others ->
        [0] {""}
        [one] {" "}Apart from that, one other thing is wrong.
       *[other] {" "}Apart from that, { $others } other things are wrong.
    }
story-warn = A warning: { $cause }{ $others ->
        [0] {""}
        [one] {" "}There is one more.
       *[other] {" "}There are { $others } more.
    }

headline-callmanager_and_tvs_renewed_together = { $file }: the CallManager certificate and the TVS certificate were renewed together{ $case ->
        [stranded] , so phones with the older ITL can verify neither the new list nor the TVS server that they would ask about it
       *[renewed] ; phones follow only where they have another way to believe the new list
    }.
    .decide = Compare the serials in `show itl` on the TFTP server with the ITL that the phone holds: if both the signer and every TVS record differ, this is it.
headline-phone_rejects_list = { $case ->
        [ask-tvs] The phone does not know who signed the ITL or CTL that its server offers now ({ $server }, signed by { $signer }), and must ask TVS before it takes it.
       *[other] The phone holds lists that do not name the signer of what its server offers now ({ $server }, signed by { $signer }){ $case ->
            [tvs-changed] , and none of the TVS servers that it would ask presents a certificate that it knows: CallManager and TVS certificates changed before the phone had taken a new list
            [no-tvs] , and it knows no TVS server that it could ask
           *[tvs-refuses] , and TVS does not vouch for that signer
        }.
    }
    .decide = The phone's status messages: "Trust List update failed, verification failure" shows that it refused the list.
headline-phone_tvs_changed = { $case ->
        [all] None of the TVS certificates that the phone's ITL ({ $file }) names is in use any more, so the phone believes no TVS server.
       *[some] Some of the TVS certificates that the phone's ITL ({ $file }) names are no longer in use.
    }
    .decide = Capture TCP 2445 while the phone boots: the serial of the certificate that TVS shows, beside the TVS records of the phone's ITL.
headline-trust_list_damaged = { $file } is not the { $kind } that the server made: it is { $shape ->
        [cut] cut short
        [trailing] followed by bytes that do not belong to it
       *[other] changed
    }, and no phone will take it.
    .decide = Fetch the list again over TFTP and compare both MD5 sums with `show itl` on the server.
headline-trust_list_signature_invalid = The signature of { $file } does not fit its content: a phone refuses it whoever signed it.
    .decide = Fetch the list again from the server: if the fresh one verifies, the copy was changed on its way.
headline-trust_list_signer_contradicts = { $file } names a signer whose record belongs to another certificate.
    .decide = Compare the serial and the key of the signer with OS Administration > Security > Certificate Management on the node that runs TFTP.
headline-signed_file_signature_invalid = The signature of { $file } does not fit: the phone refuses the file and goes on with what it has.
    .decide = Fetch the file again, and check that nothing between TFTP server and phone rewrites it.
headline-signed_file_signer_not_on_phone = The phone cannot verify { $file }, because its lists do not name the signer { $signer }.
    .decide = Compare the signer's serial with the records of the phone's own ITL.
headline-itl_rollback = { $file } is the emptied list of "Prepare Cluster for Rollback to pre 8.0": phones that take it trust every server from then on.
headline-certificate_expired = { $name } expired on { $end }.
    .decide = The alert of the side that refused: `certificate_expired` names this cause.
headline-configuration_certificate_hash_differs = { $file } is encrypted for another certificate than the one that { $device } has.
headline-capf_certificate_expiring = { $case ->
        [expired] The CAPF certificate { $name } expired on { $end }: it can give no phone an LSC, and those that it gave are refused with it.
       *[soon] The CAPF certificate { $name } expires on { $end }, and every LSC that it gave becomes worthless with it.
    }
    .decide = The dates of CAPF.pem in OS Administration > Security > Certificate Management on the publisher.
headline-certificate_not_yet_valid = { $name } is valid only from { $start }: a clock is wrong, or it was made for later.
    .decide = The clock (`utils ntp status`) of the node that made it and of the one that refused it.
headline-configuration_capf_without_record = The configuration sends the phone to CAPF, and the ITL names no CAPF certificate: the phone believes none.
    .decide = The CAPF record in `show itl` on every TFTP node.
headline-configuration_unreadable = The configuration in { $file } cannot be read, by a phone as little as here.
headline-ctl_itl_recovery_differs = { $ctl } and { $itl } hold different ITLRecovery certificates: the CTL has one anchor left, and renewing CallManager takes it.
    .decide = The serials of ITLRecovery in `show ctl` and `show itl`.
headline-delete_itl_decision = { $decision ->
        [delete] { $phone }: the phone can neither verify new files nor ask anybody, and the old key is gone{ $recovery ->
            [yes] ; only the recovery key may still save its ITL
           *[no] , so its ITL has to be deleted
        }.
       *[keep] { $phone }: there is a better way than deleting the ITL.
    }
headline-input_unreadable = { $file } could not be read as a whole, so what it would show is not known.
    .decide = The same file once more, from where it was collected.
headline-itl_capf_missing = The ITL names no CAPF certificate, so phones believe no CAPF and get no LSC.
    .decide = Whether `show itl` on each TFTP node has a record with FUNCTION CAPF, and whether the CAPF service is activated on the publisher.
headline-itl_differs_between_servers = The TFTP nodes offer different ITLs: what a phone believes depends on the node that it asked.
    .decide = The checksum that `show itl` prints on each TFTP node.
headline-itl_tftp_missing = { $file } names nobody who may sign files: a phone with this list takes no configuration.
    .decide = The records with FUNCTION CCM+TFTP or TFTP in `show itl` on the node that offers it.
headline-itl_tvs_missing = { $file } names no TVS server, so phones can ask nobody about what their lists do not name.
    .decide = Whether Cisco Trust Verification Service runs on the nodes that run CallManager, and whether Cisco TFTP was restarted since.
headline-listed_certificate_expired = By the certificate list, { $store } of { $name } { $case ->
        [expired] expired on { $date }
       *[soon] expires on { $date }
    }.
    .decide = The dates of the certificate that the port really shows (`openssl s_client -connect`).
headline-phone_capf_changed = The ITL that the phone holds ({ $phone }) and the one that the server offers ({ $server }) name different CAPF certificates.
    .decide = Reset the phone and see whether it takes the server's list: then it believes the CAPF of today.
headline-public_key_shared = { $count } phones have one and the same key pair: each can pass itself off as the others.
headline-record_contradicts_certificate = { $file } holds a record whose fields belong to another certificate than the one in it.
    .decide = The same list fetched again from the server, beside its MD5 in `show itl`.
headline-rollback_leaves_ctl = { $itl } is emptied, but { $ctl } still binds the phones: the rollback parameter frees only phones that hold no CTL.
headline-signed_file_damaged = { $file } is damaged, so the phone refuses it and goes on with what it has.
    .decide = Fetch the file again from the TFTP server and compare the lengths.
headline-signed_file_signer_role_unfit = { $file } is signed by a certificate that the phone's list does not allow to sign files.
    .decide = The FUNCTION of the signer's record in `show itl`: it must be CCM+TFTP or TFTP.
headline-trust_list_algorithm_unknown = { $file } announces an algorithm or a length that does not exist: the { $kind } is damaged or was not made by CUCM.
    .decide = The same list fetched again, beside its MD5 in `show itl`.
headline-trust_list_signer_not_in_list = { $file } is signed by { $signer }, which stands in none of its own records: the { $kind } does not vouch for itself.
    .decide = `show itl` on the node: one token must have "signed the ITL file".
headline-trust_list_signer_role_wrong = { $file } is signed by { $signer }, which may not sign the { $kind }.
    .decide = The FUNCTION of the signer's record: it must be System Administrator Security Token.
headline-signed_file_too_large = { $file } is larger than the phone takes.
    .decide = The status messages of the phone: "CFG TFTP Size Error".
headline-certificate_expires_soon = { $title } ({ $end }), and phones and peers have to learn the new certificate first.
headline-certificate_key_weak = { $title }, which strict peers refuse.
headline-certificate_malformed = { $title }; some products may refuse it.
headline-certificate_signature_weak = { $title }, which strict peers refuse.
headline-certificate_time_unreadable = { $title }, so whether it is valid cannot be said.
headline-certificate_usage_incomplete = { $title }, so some of the connections that need it will fail.
headline-cisco_ca_expired = { $title }; whoever checks dates refuses the phones below it.
headline-configuration_tvs_count = { $file } names more TVS servers than { $list } has TVS records: at least one of them the phone does not believe.
headline-configuration_tvs_single = { $file } leaves the phone { $server } alone to ask: without that node it can verify nothing new.
headline-configuration_unsigned = { $title }: a phone with a trust list refuses it.
headline-input_empty = { $file } is empty: a phone that gets such a list holds none, and believes the next one.
headline-itl_recovery_key_short = { $title }, so recovery with it may fail when it is needed.
headline-itl_tvs_count_differs = { $title }.
headline-mic_model_affected = { $title }, so whoever owns such a phone may pass for another.
headline-phone_first_use = { $title }, whoever sends them.
headline-phone_list_differs = The phone's { $kind } ({ $phone }) is not the one that its server offers now ({ $server }).
headline-signed_file_credentials_in_clear = { $title }.
headline-signed_file_name_differs = { $outside } holds the configuration that was signed for { $inside }, so the phone must not take it.
headline-signed_file_signer_absent = { $file } is signed by { $signer }, which no trust list names: everything depends on what TVS says of it.
headline-trust_list_key_weak = { $title }, with which files can be forged.
headline-trust_list_tokens_too_many = { $file } holds { $tokens } signing tokens, and phones are reported to take no more than two.

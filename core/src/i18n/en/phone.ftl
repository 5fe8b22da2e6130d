# Findings about what a phone with certain lists does. Predictions say that they are.

delete_itl_decision = { $decision ->
        [delete] { $recovery ->
            [yes] { $phone }: the ITL on the phone has to go, unless the recovery key helps first
           *[no] { $phone }: deleting the ITL on the phone is the remaining way
        }
       *[keep] { $phone }: do not delete the ITL on the phone
    }
    .detail = The ITL of a phone is deleted only when four things hold at once. (1) It differs from the server's ({ $server }): { $differ }. (2) TVS has another certificate than the phone's ITL says: { $tvs }. (3) The phone reports that verification failed: { $message }. (4) There is no backup of the old key that signed files: { $backup }. { $decision ->
        [delete] All four hold: the phone can neither verify new files nor ask, and the old key is gone. { $recovery ->
            [yes] Its list holds the ITLRecovery certificate, though: a list signed with that key it accepts.
           *[no] Its list holds no ITLRecovery certificate that the server could sign with.
        }
       *[keep] { $accepts ->
            [yes] Besides, the phone takes the server's list by itself.
           *[no] At least one does not hold, so there is a better way than deleting.
        }
    }
    .remedy-1 = { $decision ->
        [delete] { $recovery ->
            [yes] On the publisher, 10.0 or later: `utils itl reset localkey` (in mixed mode `utils ctl reset localkey` as well), then reset one phone and look whether it takes the list. That spares you all phones.
           *[no] Ask Cisco TAC whether the previous ITL can be brought back from the server's own store (CSCts01319). That spares you all phones.
        }
       *[keep] { $accepts ->
            [yes] Reset the phone, and compare the checksum on its Trust List screen with `show itl` afterwards.
           *[no] { $differ ->
                [no] The lists are equal: compare the TVS certificate next. Capture TCP 2445 between phone and TVS, decode it as TLS, and compare the server certificate's serial with the TVS record of `show itl`.
               *[other] { $tvs ->
                    [no] TVS can still vouch for the new signer: make sure that Cisco Trust Verification Service runs on the nodes of the phone's CallManager group and that the new CallManager certificate stands in their certificate list, then reset the phone.
                   *[other] { $backup ->
                        [no] Restore the old CallManager key from the DRS backup, restart Cisco TFTP and reset the phones.
                       *[other] Read what the phone says (Settings > Status > Status Messages) after a reset: without "verification failed" nothing is broken.
                    }
                }
            }
        }
    }
    .remedy-2 = { $decision ->
        [delete] Else on the phone: Settings > Security Configuration > Trust List > ITL File, unlock with **#, Erase. Where access to Settings is restricted or disabled: factory reset. For many phones: key presses by script, only where the authentication URL is HTTP; else a mail to the users.
       *[keep] { "" }
    }
    .do-not-1 = { $decision ->
        [delete] Do not start with all phones: erase one, see it register and fetch signed files, then the others.
       *[keep] Do not delete ITLs: it takes a hand on every phone, and each of them then trusts the next list it meets.
    }
    .needs = { $decision ->
        [delete] what decides whether the ITL of { $phone } must be deleted:{ $tvs ->
            [unknown] { " " }the TVS certificate in use (TVS.pem, or the ITL of the phone's own cluster);
           *[other] { "" }
        }{ $message ->
            [unknown] { " " }what the phone's status messages say (`phone.message`);
           *[other] { "" }
        }{ $backup ->
            [unknown] { " " }whether a backup with the old key exists (`tftp-key.backup`);
           *[other] { "" }
        } until then do not delete it
       *[none] the phone's ITL (`--phone`) and the ITL of its server
    }

phone_accepts_list = { $server }: the phone will accept this { $kind }
    .detail = Predicted: the signer, { $signer }, stands in { $anchor } as record { $record } with function { $function }, and the list's own signature holds. { $case ->
        [new-ctl] That is the new CTL, which the phone fetches and accepts first; it then verifies the { $kind } without asking TVS.
       *[held] The phone holds that { $anchor-kind }, so it verifies the new { $kind } without asking TVS.
    }
    .remedy-1 = Reset the phone so that it fetches the list, then compare the checksum on its Trust List screen with the server's.

phone_capf_changed = { $phone } and { $server } name different CAPF certificates
    .detail = The phone's ITL names { $subject }; the CAPF certificate of the server's ITL is another one. As long as the phone holds its list, LSC operations fail with "LSC: Connection failed" or stay in "Operation Pending", because the phone checks the CAPF service against its own list.
    .remedy-1 = Make the phone take the server's ITL first (reset it), then start the certificate operation again.
    .remedy-2 = Check in OS Administration > Security > Certificate Management that the CAPF certificate of the publisher is the one of `show itl`; if not, restart Cisco Certificate Authority Proxy Function, then Cisco TFTP on all TFTP nodes.
    .needs = the phone's ITL (`--phone`) and the ITL of its server

phone_first_use = { $files }: the phone takes the next trust lists on faith
    .detail = { $case ->
        [rollback] The phone's ITL is emptied and it has no CTL.
       *[empty] The phone holds neither CTL nor ITL.
    } It believes the next CTL and ITL, whoever sends them, and from then on only what these name. On an untrusted network that hands the phone to the first TFTP server that answers.
    .remedy-1 = Let the phone boot once in a network where only your TFTP servers answer (DHCP option 150), then compare the checksum on its Trust List screen with `show itl`.
    .remedy-2 = If the ITL is emptied on purpose (rollback parameter): set it back to False as soon as the move is over.

phone_list_differs = { $phone } is not the { $kind } that the server offers
    .detail = The phone's { $kind } has { $phone-bytes } bytes ({ $phone-sum }), the server's { $server } has { $server-bytes } bytes ({ $server-sum }). { $gone ->
        [0] Nothing of the phone's list is missing
        [one] One record of the phone's list is missing
       *[other] { $gone } records of the phone's list are missing
    } in the server's, and { $added ->
        [0] no record is new
        [one] one record is new
       *[other] { $added } records are new
    } there. The phone's log says "rcvd { $server-bytes } bytes" when it fetches the server's. That the lists differ is one of four conditions for deleting an ITL, and never a reason by itself.
    .remedy-1 = See whether the phone takes the server's list by itself: reset it, and read Settings > Status > Status Messages.
    .do-not-1 = Do not delete the phone's list because the sums differ.

phone_list_equal = { $phone } is the { $kind } that the server offers
    .detail = Both are the same file, byte for byte (same as { $server }): MD5 { $md5 }, SHA-1 { $sha1 }. The phone shows one of the two under Settings > Security Configuration > Trust List, by model. Deleting the list would change nothing.
    .remedy-1 = If verification still fails, go on with TVS: compare the certificate that TVS presents on TCP 2445 with the TVS record of this list.
    .do-not-1 = Do not delete the list on the phone: it would fetch the same one again.

phone_lists_sound = { $files }: the phone's { $lists ->
        [one] list is
       *[other] lists are
    } whole and correctly signed
    .detail = Structure and own signature hold. Before phones are moved between clusters this must be so, because the phone verifies everything that follows with these records.
    .needs = the phone's ITL or CTL (`--phone`)

phone_rejects_list = { $case ->
        [ask-tvs] { $server }: the phone must ask TVS before it accepts this { $kind }
       *[other] { $server }: the phone will refuse this { $kind }
    }
    .detail = Predicted: the signer, { $signer }, stands in none of the phone's lists ({ $phone }), neither as token nor as signer of files.{ $fetched ->
        [yes] {" "}The list was fetched in frame { $frame } of the capture.
       *[no] {""}
    } { $case ->
        [ask-tvs] The phone asks a TVS server of its CallManager group. It accepts the list if TVS still presents a certificate that the phone's ITL names and knows the signer; otherwise it keeps the old list.
        [no-tvs] The phone knows no TVS server that it could ask. It keeps its old lists and refuses every file that the new signer's cluster signs.
        [tvs-changed] It would ask TVS, but the TVS certificates that its ITL holds are no longer in use, so it believes no TVS server either.
       *[tvs-refuses] It asks TVS, and by your answer, or by what TVS said in a capture or a trace, it does not have the signer's certificate in its list.
    } This happens after the signing certificate was renewed, after a server was rebuilt without restoring its keys, when phones move to another cluster, and when a central TFTP server hands out its own list.
    .remedy-1 = { $case ->
        [ask-tvs] OS Administration > Security > Certificate Management on each node of the phone's CallManager group: the signer's certificate must be listed; Cisco Trust Verification Service must run there. Then reset the phone. TVS trace: Cisco Unified Serviceability > Trace > Configuration, Cisco Trust Verification Service, level Detailed; collect with RTMT.
        [tvs-refuses] Upload the signer's certificate to CallManager-trust and Phone-SAST-trust of the phone's own cluster, restart Cisco Trust Verification Service on all its nodes, then reset the phone.
       *[other] If a DRS backup holds the old keys, restore it on the TFTP node: phones then accept its lists again.
    }
    .remedy-2 = { $case ->
        [ask-tvs] For a move between clusters: put the destination's CallManager and ITLRecovery certificates into CallManager-trust and Phone-SAST-trust of the source, and restart TVS on all source nodes, before DHCP option 150 changes.
       *[other] { $recovery ->
            [yes] The phone's list holds the ITLRecovery certificate: from 10.0 on `utils itl reset localkey` on the publisher (in mixed mode `utils ctl reset localkey` as well) signs with that key, and the phone accepts the list.
           *[no] `utils itl reset localkey` does not help this phone: its list holds no ITLRecovery certificate that the server could sign with.
        }
    }
    .remedy-3 = { $case ->
        [ask-tvs] { "" }
       *[other] Only when neither helps, decide about deleting the list on the phone (see delete_itl_decision).
    }
    .do-not-1 = Do not delete the phone's lists before you have tried the ways above, and do not renew further certificates.
    .needs = the phone's lists (`--phone`) and the lists of its server

phone_state = { $files }: { $state ->
        [first-use] the phone is in trust state 1: nothing binds it
        [ctl-only] the phone is in trust state 2: a CTL, no ITL
        [itl-only] the phone is bound by its ITL
       *[both] the phone is in trust state 3: CTL and ITL
    }
    .detail = { $state ->
        [first-use] Without CTL, and without ITL or with an emptied one, the phone takes the next lists on faith.
        [ctl-only] The phone takes an ITL only if the CTL's CCM+TFTP record or one of its tokens verifies it.
        [itl-only] No CTL was given as the phone's. New lists and files must be signed by a record of the ITL, or TVS must vouch for the signer.
       *[both] New lists and files must be signed by a record of the CTL or of the ITL, or TVS must vouch for the signer. The phone looks in the CTL first, then in the ITL, then in its TVS cache, then asks TVS.
    } This holds for the lists as given; whether the phone holds more cannot be seen.
    .needs = the phone's ITL or CTL (`--phone`)

phone_tvs_changed = { $file }: { $case ->
        [all] the phone believes no TVS server any more
       *[some] the phone does not believe all TVS servers any more
    }
    .detail = { $case ->
        [all] None of the TVS certificates in the phone's ITL (first { $subject }) is among those of the servers' ITL of the same cluster. Predicted: the phone refuses every TVS server, and because it does not know the signer of the new ITL either, it cannot follow by itself. This is what renewing TVS and the signing certificate together does, or renaming a host.
       *[some] { $records ->
            [one] One TVS certificate of the phone's ITL ({ $subject }) is
           *[other] { $records } TVS certificates of the phone's ITL (first { $subject }) are
        } no longer in use; at least one other still is. The phone can follow only over that one: it must be in the phone's CallManager group and reachable.
    }
    .remedy-1 = { $case ->
        [all] If the old TVS key is in a DRS backup, restore it, restart Cisco Trust Verification Service, and let the phones take the new ITL; then renew TVS alone.
       *[some] System > Cisco Unified CM Group: put the node whose TVS certificate is unchanged into the phone's group, and reset the phone.
    }
    .remedy-2 = To be sure, capture TCP 2445 while the phone boots, decode it as TLS, and compare the serial of the server certificate with the TVS records of the phone's ITL.
    .do-not-1 = Do not renew any other certificate before the phones carry the new ITL.
    .needs = the phone's ITL (`--phone`) and the ITL of its server

tvs_vouching_unknown = Whether TVS vouches for the signer is not known
    .detail = The phone's own lists do not name the signer, so TVS decides.
    .needs = { $case ->
        [given] whether the phone's TVS servers have the certificate of { $signer } (signer of { $server }) in their certificate list: answer `tvs.knows-signer`
       *[none] the phone's lists (`--phone`) and the lists of its server
    }

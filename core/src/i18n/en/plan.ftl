# Findings about plans: what becomes of phones, before it happens. Asked for with the context key `plan`.

plan-step = - { $kind } { $file }, signed by { $signer }: { $need ->
        [nothing] the phone takes it by itself
        [vouched] TVS knows the signer and vouches for it
        [missing] refused, TVS does not know the signer
        [no-tvs] refused, the phone has no TVS server that it believes
       *[unknown] taken only if TVS knows the signer
    }

plan-import = - { $name }, serial { $serial }{ $recovery ->
        [yes] : as Phone-SAST-trust (the bulk tool puts it into CallManager-trust as well)
       *[no] : as CallManager-trust and as Phone-SAST-trust
    }{ $stored ->
        [vouched] {" "}- is there
        [missing] {" "}- is missing
       *[unknown] {""}
    }

plan_bulk_export = { $case ->
        [affected] The bulk certificate tool fails between { $source } and { $destination }
       *[other] The bulk certificate tool between the two clusters
    }
    .detail = { $case ->
        [affected] Consolidating certificates of an 8.x or 9.x cluster with those of 10.5.2.13900-12 or later meets CSCuy43181.
        [clear] { $source } and { $destination } are not the pair that CSCuy43181 is about.
       *[unknown] Consolidating certificates of an 8.x or 9.x cluster with those of 10.5.2.13900-12 or later meets CSCuy43181; which versions these are, is not known (`cucm.version`, `destination.version`).
    } What the tool does, in order: both clusters export type TFTP to the same SFTP server and the same directory; one of them, not both, consolidates; both import the result. It puts each cluster's certificates into the stores of the other, so phones can move back as well; uploading by hand gives the way back only where it is done in both directions.
    .remedy-1 = { $case ->
        [affected] Read CSCuy43181, and upload the certificates by hand: OS Administration > Security > Certificate Management > Upload Certificate, once for each purpose.
       *[other] OS Administration > Security > Bulk Certificate Management: Export (TFTP) on both, Consolidate on one, Import on both.
    }
    .remedy-2 = Then restart Cisco Trust Verification Service on every node of both clusters.
    .do-not-1 = Do not consolidate twice: the second file lacks what the first one added.
    .needs = `plan=migrate`, a phone's lists (--phone) and those of the cluster that it moves to

plan_central_tftp = { $case ->
        [new] A central TFTP server will do: every cluster has 8.0 or later
        [mixed] A central TFTP server will cut phones off: clusters before 8.0 and later ones are mixed
        [mixed-prepared] A central TFTP server for mixed clusters works only while the rollback parameter is on
       *[contradiction] All versions that were given are before 8.0, yet there is an ITL
    }
    .detail = { $case ->
        [new] A phone asks the central server for the files under its own name; the server fetches what it does not have from the cluster that does, so each phone gets the lists and the configuration of its own cluster. Predicted from the versions ({ $new } from 8.0 on).
        [mixed] A phone that finds no list under its own name takes ITLFile.tlv of the central server, and then believes nothing that its own cluster signed. Predicted from the versions: { $old } before 8.0, { $new } from 8.0 on, and the rollback parameter is not said to be on.
        [mixed-prepared] With "Prepare Cluster for Rollback to pre 8.0" phones hold an emptied ITL and take files from anybody: that is what makes the mixture work, and why it should not last. { $old } before 8.0, { $new } from 8.0 on.
       *[contradiction] Trust lists exist from 8.0 on only. One of the versions is not what runs.
    }
    .remedy-1 = { $case ->
        [new] Nothing; keep every new cluster at 8.0 or later.
        [contradiction] Look at the version of the cluster that the list comes from (`show version active`), and give it in `clusters.versions`.
       *[other] Bring the old clusters to 8.0 or later first. Until then, on the newer ones: Enterprise Parameters > Prepare Cluster for Rollback to pre 8.0 = True (CSCto87262), and plain HTTP in the Secured Phone URL parameters; restart TVS and TFTP and reset the phones.
    }
    .do-not-1 = { $case ->
        [mixed] Do not point DHCP option 150 of all phones there at once: a phone that has taken the wrong ITL needs a hand to erase it.
       *[other] {""}
    }
    .needs = `plan=central-tftp`
    .missing = { $key ->
        [versions] the versions of all clusters behind the central TFTP server (`clusters.versions`)
       *[lists] an ITL of one of the clusters
    }

plan_migration = { $verdict ->
        [nothing] { $phone }: the phone will move; it takes the new lists by itself
        [vouched] { $phone }: the phone will move, with the help of its old TVS servers
        [unknown] { $phone }: whether the phone will move, depends on its old TVS servers
       *[other] { $phone }: the phone will not move
    }
    .detail =
        Predicted. What the phone meets at the new TFTP server, in its order:
        { $steps }
        { $verdict ->
            [nothing] No step needs TVS.
            [vouched] The phone asks the TVS servers of its old CallManager group, which its ITL names; they must run, and their certificates must not have changed.
            [unknown] The phone asks the TVS servers of its old CallManager group. They vouch for what stands in their certificate stores; { $nodes ->
                [none] no certificate list of the old cluster was given
               *[other] the certificate lists that were given ({ $nodes }) do not show it
            }.
            [missing] The old cluster's TVS servers do not know the signer{ $nodes ->
                [none] {""}
               *[other] {" "}(by the certificate lists of { $nodes })
            }, so the phone keeps its old lists and its old cluster.
           *[no-tvs] { $emptied ->
                [yes] Its ITL is emptied (rollback), which leaves no TVS server in it{ $ctl ->
                    [yes] ; the CTL is not emptied and still forbids the new one. That recipe is for clusters without a CTL
                   *[no] {""}
                }.
               *[no] Its ITL names no TVS server that is still in use.
            }
        }{ $token ->
            [yes] {" "}The new lists are signed by a USB token, not by CallManager: the recipe below is for lists that the cluster signs itself.
           *[no] {""}
        }{ $imports ->
            [0] {""}
           *[other] {" "}These must stand in the certificate lists of the old cluster, on every node (OS Administration > Security > Certificate Management > Find):
        }
        { $certificates }
    .remedy-1 = { $verdict ->
        [nothing] Point DHCP option 150 of one phone to the new TFTP server, reset it, and look.
        [no-tvs] { $emptied ->
            [yes] On the old cluster set "Prepare Cluster for Rollback to pre 8.0" back to False, restart TVS and TFTP, reset the phones, and give the phone's new ITL again.
           *[no] Bring the phone back to a sound ITL of its old cluster first: compare its Trust List screen with `show itl` there.
        }
       *[other] Upload the certificates above to the old cluster's publisher, each for each purpose (or use the bulk tool), then restart Cisco Trust Verification Service on all its nodes and look on each node that they have arrived.
    }
    .remedy-2 = { $verdict ->
        [vouched] Then point DHCP option 150 of one phone to the new TFTP server, reset it, and look, before the others.
        [unknown] Then say so (`tvs.knows-signer=yes`), and point DHCP option 150 of one phone to the new TFTP server before the others.
       *[other] {""}
    }
    .do-not-1 = { $ctl ->
        [yes] Do not use "Prepare Cluster for Rollback to pre 8.0" on the way: it empties the ITL but not the CTL, and the phone can then ask nobody.
       *[no] Do not switch the old cluster's TVS servers off before the last phone has moved.
    }
    .needs = `plan=migrate`, a phone's lists (--phone) and those of the cluster that it moves to

plan_migration_back = { $verdict ->
        [nothing] And back: the phone would take its old lists again by itself
        [vouched] And back: the phone would take its old lists again
        [unknown] And back: not known whether the phone would take its old lists again
       *[other] And back: the phone would not take its old lists again
    }
    .detail =
        Predicted. What a phone that holds { $phone } meets at its old TFTP server:
        { $steps }
        { $imports ->
            [0] {""}
           *[other] For the way back these must stand in the certificate lists of the new cluster, on every node:
        }
        { $certificates }
    .remedy-1 = { $verdict ->
        [nothing] Nothing.
        [vouched] Nothing.
       *[other] Upload them to the new cluster before you move phones, and restart Cisco Trust Verification Service on its nodes. The bulk tool does both directions at once.
    }
    .needs = `plan=migrate`, a phone's lists (--phone) and those of the cluster that it moves to

plan_rename = { $case ->
        [until-ctl] A rename leaves the phones without new files until the CTL is updated
        [recoverable] A rename is safe enough: the CTL can be updated afterwards
        [prepared] A rename is prepared: phones hold an emptied ITL
        [single] A rename strands the phones: one node, and nothing but an ITL
        [group] A rename strands phones: their CallManager group has one server
        [at-once] A rename of all nodes at once strands the phones
        [one-by-one] A rename works, one node after the other
       *[open] A rename works one node after the other, and strands the phones if all are renamed at once
    }
    .detail = A new host name or domain renews all certificates of the node at once, CallManager and TVS among them. Predicted: { $case ->
        [until-ctl] phones refuse the new ITL and configurations until they get a CTL with the new CallManager certificate; that CTL they take, because the key that signs it stays the same (a token, or the recovery key). Look before whether it does: on 12.5(1) before SU3 in mixed mode an upgrade may have renewed the recovery key (FN70613).
        [recoverable] TVS on the other nodes vouches for the new certificates, and if no TVS answers, an updated CTL brings the phones back. That holds while the CTL's own anchors last: not on 12.5(1) before SU3 in mixed mode (FN70613).
        [prepared] phones that have taken the emptied ITL accept the new lists and files of anybody, so also those of the renamed node.
        [single] the phones know neither the new signer nor the new TVS certificate, so they can ask nobody. They go on with the configuration that they have, show "Trust List verification failed" (or "Trust List update failed"), and their secure URLs fail.
        [group] there are { $nodes } nodes with TVS, but a phone asks those of its CallManager group only; when its one server is renamed, the phone can ask nobody, as on a cluster of one node.
        [at-once] when all nodes come back with new certificates, none of their TVS servers is one that the phones know, and there is nobody to ask.
       *[other] { $nodes } nodes run TVS, and phones ask the others about the certificates of the renamed one. Renamed or restarted all together, there would be nobody to ask.
    }
    .remedy-1 = { $case ->
        [until-ctl] After the rename: `utils ctl update CTLFile` (or the CTL client with a token of the same CTL), restart TFTP and CallManager, then reset the phones.
        [recoverable] Rename one node, restart TVS and TFTP, reset the phones, see that they carry the new ITL; then the next. Update the CTL at the end.
        [prepared] Rename, then set the parameter back to False, restart TVS and TFTP and reset the phones.
        [single] Before the rename: Enterprise Parameters > Prepare Cluster for Rollback to pre 8.0 = True, plain HTTP in the Secured Phone URL parameters, restart TVS and TFTP, reset the phones, and see on some that the ITL is emptied. Then rename, and set it back.
        [group] Before the rename: add a second server to the CallManager group of these phones, and reset them; or prepare for rollback as for one node.
        [at-once] Rename one node at a time: restart TVS and TFTP, reset the phones, and see that they carry the new ITL before the next node.
       *[other] Rename one node at a time: restart TVS and TFTP, reset the phones, and see that they carry the new ITL before the next node.
    }
    .remedy-2 = { $case ->
        [prepared] Do not leave it like that: until then phones take files from anybody.
        [one-by-one] {""}
        [recoverable] {""}
        [until-ctl] {""}
       *[other] If it has happened already: { $recovery ->
            [yes] 10.0 and later: `utils itl reset localkey` signs the list with the recovery key, which the lists given here name.
           *[no] no list given here names a recovery certificate; from 10.0 on `utils itl reset` may still help, before that the ITL must be erased on each phone.
        }
    }
    .do-not-1 = { $case ->
        [prepared] {""}
       *[other] Do not rename without a fresh DRS backup that holds the CallManager key.
    }
    .needs = `plan=rename`
    .missing = { $key ->
        [nodes] the number of nodes that run CallManager (`tvs.nodes`)
        [group] the number of servers in the phones' CallManager group (`callmanager-group.size`, or a phone's configuration)
       *[lists] an ITL or CTL of the cluster
    }

plan_renewal = { $case ->
        [rollback] Not now: the ITL is emptied
        [tvs] Renewing TVS: phones follow as long as CallManager stays the same
        [one-tvs] Renewing CallManager: every phone depends on one TVS server
        [recovery] Renewing CallManager: phones take the new ITL by its signer
       *[ask-tvs] Renewing CallManager: phones ask TVS about the new signer
    }
    .detail = Predicted: { $case ->
        [rollback] phones that hold an emptied ITL check nothing, and get their TVS servers back with the next full ITL only. Set the parameter back first, then renew.
        [tvs] the new ITL carries the new TVS certificate and is signed by a key that the phones know. Until a phone has taken it, it believes no renewed TVS server.
        [recovery] the ITL is signed by the recovery key, not by CallManager, so phones accept the new ITL by the record that they hold, and verify files of the new key with it. They do not need TVS for that.
       *[other] (1) the new ITL is signed by the new CallManager key; (2) a phone finds that signer in neither of its lists; (3) it asks a TVS server whose certificate its old ITL names; (4) TVS finds the new certificate in the node's store and vouches; (5) the phone takes the new ITL; (6) files of the new key verify by it. Step 3 fails where TVS was renewed as well{ $case ->
            [one-tvs] , or where the one TVS server does not run
           *[ask-tvs] ; { $nodes } nodes run TVS, and any one of the phone's group is enough
        }.
    }
    .remedy-1 = { $case ->
        [rollback] Enterprise Parameters > Prepare Cluster for Rollback to pre 8.0 = False, restart TVS and TFTP, reset the phones.
       *[other] In this order: DRS backup; renew one certificate; restart Cisco Trust Verification Service on all nodes, then Cisco TFTP; reset the phones (newer releases do that by themselves as soon as the certificate is renewed, and warn before: plan the window for it); compare one phone's Trust List screen with `show itl`.
    }
    .do-not-1 = Do not renew CallManager and TVS together, nor one before every phone has followed the other. Up to 11.5, and wherever CallManager signs the ITL, that strands phones; on later releases renewing ITLRecovery with them does.
    .needs = `plan=renew-callmanager` or `plan=renew-tvs`
    .missing = { $key ->
        [nodes] the number of nodes that run CallManager (`tvs.nodes`)
       *[lists] an ITL of the cluster
    }

# Findings about Cisco TMS, its Windows, its SQL Server, and the endpoints that it manages.

schannel-setting = - { $version }, { $half }: { $state ->
        [on] on
        [off] forbidden
        [off-by-default] left out by default
        [contradictory] two inputs say different things
       *[unset] left to Windows
    } (Enabled { $enabled }, DisabledByDefault { $disabled })

schannel-line = { $line }

schannel_events = { $id ->
        [36871] Windows has no TLS version left that a program may offer
        [36874] A client came with nothing that this Windows accepts
        [36887] The other side refused: { $alert ->
            [none] a fatal alert
           *[other] alert "{ $alert }"
        }
       *[36888] This Windows refused the other side: { $alert ->
            [none] a fatal alert
           *[other] alert "{ $alert }"
        }
    }
    .detail = Schannel wrote event { $id } { $count ->
        [one] once
       *[other] { $count } times
    }{ $number ->
        [none] {""}
       *[other] , with number { $number }
    }. { $id ->
        [36871] It could not make the credentials for an outgoing connection; with internal state 10013 the cause is that every version that the program asks for is switched off in the registry. Such a program opens the connection and never sends a ClientHello.
        [36874] A program elsewhere asked this server for a version or a cipher suite that the registry here does not allow.
        [36887] The alert came from the peer. protocol_version (70) and handshake_failure (40) mean that it wants a newer version or another suite than Windows offered; unknown_ca (48) and bad_certificate (42) are about certificates, not versions.
       *[36888] The alert was sent to the peer, for the reason that its number names.
    } The event names no program and no address: compare its time with a capture before you blame one.
    .remedy-1 = { $id ->
        [36871] Export HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols and add it here: the export says which version is off for clients.
       *[other] Capture TCP 443 on this server for the time of one event, and add the capture here: the ClientHello says what was offered.
    }
    .needs = events of the Windows event log

schannel_protocols = { $good ->
        [yes] The registry switches TLS 1.2 on, as client and as server
       *[no] What the registry says about TLS
    }
    .detail =
        Below SCHANNEL\Protocols of the control set in use:
        { $rows }
        A value counts as REG_DWORD only; any number but 0 is yes. What is not there, the release of Windows decides: 2008 R2 leaves TLS 1.1 and 1.2 out. Windows reads this when it starts.
    .remedy-1 = { $good ->
        [yes] Restart Windows if it has not been since the change. If TMS still offers an old version after that, the registry is not the cause: look at TMS Tools > Security Settings > Advanced Security Settings.
       *[no] See the findings about single keys and about TLS 1.2.
    }
    .needs = an export of the SCHANNEL key of the registry

schannel_tls12_off = { $client ->
        [off] TLS 1.2 is forbidden for programs on this server that ask others
        [off-by-default] TLS 1.2 is left out unless a program insists on it
       *[other] { $server ->
            [off] TLS 1.2 is forbidden for those who ask this server
            [off-by-default] TLS 1.2 is not offered to those who ask this server
           *[other] The registry does not say that TLS 1.2 is on
        }
    }
    .detail = TLS 1.2 as client: { $client ->
        [on] on
        [off] forbidden (Enabled is 0)
        [off-by-default] left out by default (DisabledByDefault is not 0)
       *[other] not said, so the release of Windows decides
    }; as server: { $server ->
        [on] on
        [off] forbidden (Enabled is 0)
        [off-by-default] left out by default (DisabledByDefault is not 0)
       *[other] not said
    }. TMS is the client of its endpoints; those with TC 7.3.6, CE 8.1.0 or later take nothing below TLS 1.1. { $trouble ->
        [yes] The inputs show that TMS gets no HTTPS answer from an endpoint: this is enough to cause it.
       *[no] No input shows a connection that failed because of it.
    }
    .remedy-1 =
        First keep what is there: `reg export "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols" schannel-before.reg`. Then import this as a .reg file, and restart Windows:
        { $change }
    .remedy-2 =
        To take it back, import this, and restart Windows:
        { $undo }
    .remedy-3 = After the restart set TMS Tools > Security Settings > Advanced Security Settings > Transport Layer Security to Medium-High: the registry alone does not change what TMS offers. IIS Crypto writes the same keys, with 0xffffffff for yes.
    .do-not-1 = Do not switch TLS 1.0 or SSL 3.0 off in the same step{ $sql ->
        [2008] : the SQL Server 2008 R2 on this server needs both, and does not start without them
       *[other] , nor use a template of IIS Crypto that does: a SQL Server 2008 R2 on this server would not start again
    }.
    .needs = an export of the SCHANNEL key of the registry

schannel_value_unusable = { $case ->
        [type] { $name } is { $other }, not REG_DWORD, and does not count
        [value] "{ $name }" is not a value that Windows knows
        [protocol] { $name } is not a key that Windows knows
        [half] { $name } is neither Client nor Server
        [no-half] { $other }: the values stand one level too high
        [path] { $name } stands in the wrong place of the registry
        [half-missing] { $name } is set for one side only: { $other } is missing
        [value-missing] { $name } has no { $other }
       *[contradictory] Two inputs disagree about { $name }
    }
    .detail = { $case ->
        [type] Schannel reads { $name } only when it is a REG_DWORD. With another type it behaves as if the value were not there, however right it looks in the editor.
        [value] It was probably meant as { $other }. Windows ignores it without a word.
        [protocol] { $other ->
            [none] None of the versions of SSL and TLS is spelled like that. Windows ignores the key without a word.
           *[other] It was probably meant as "{ $other }", with the blank. Windows ignores the key without a word.
        }
        [half] Below each version Windows reads the keys Client and Server only.
        [no-half] Enabled and DisabledByDefault belong into the keys Client and Server below "{ $other }"; here Windows does not read them.
        [path] Windows reads the versions below { $other } only.
        [half-missing] Client is for connections that this server opens (TMS to endpoints), Server for those that it accepts. The side without a key is left to the release of Windows.
        [value-missing] One of the two values is set, the other is left to the release of Windows: 2008 R2 leaves TLS 1.1 and 1.2 out by default even where Enabled is 1.
       *[contradictory] The exports are of two servers, or of one server before and after a change. Which of them holds now, cannot be told, so nothing is concluded from this setting.
    }
    .remedy-1 = { $case ->
        [type] Delete the value and make it anew as DWORD (32-bit) with the same name, then restart Windows.
        [contradictory] Give one export, made now, of the server in question.
        [half-missing] Make the key { $other } with Enabled = 1 and DisabledByDefault = 0 (both DWORD), then restart Windows.
        [value-missing] Add { $other } as DWORD ({ $other ->
            [Enabled] 1
           *[other] 0
        }), then restart Windows.
       *[other] Make it under the right name and in the right place, delete the wrong one, and restart Windows.
    }
    .needs = an export of the SCHANNEL key of the registry

sql_server_without_tls = { $case ->
        [seen] The SQL Server of TMS found no encryption that it can use, and stopped
       *[foretold] The SQL Server of TMS will not start with these TLS settings
    }
    .detail = { $case ->
        [seen] It wrote event 26011 { $count ->
            [one] once
           *[other] { $count } times
        }: the security library gave it nothing to encrypt with{ $flushes ->
            [0] .
           *[other] , beside event 3999 ({ $flushes }), which follows when it cannot write.
        } The text blames a missing security.dll; the cause is nearly always a version of TLS that was switched off.
       *[foretold] Predicted from the registry and the version ({ $version }); no event shows it yet.
    } { $off ->
        [none] The registry that was given does not show which: give the export of SCHANNEL\Protocols.
       *[other] The registry forbids: { $off }.
    } { $sql ->
        [2008] SQL Server 2008 R2 needs TLS 1.0 and SSL 3.0.
        [2012] SQL Server 2012 needs Microsoft's update for TLS 1.2 (KB3052404) before TLS 1.0 may go.
       *[unknown] SQL Server 2008 R2 needs TLS 1.0 and SSL 3.0; 2012 needs Microsoft's update for TLS 1.2 (KB3052404). `select @@version` says which it is.
    }
    .remedy-1 = { $sql ->
        [2012] Install the update KB3052404, restart Windows, and start the service MSSQL$SQLTMS.
       *[other] Set Enabled to 1 for the keys Client and Server of TLS 1.0 and SSL 3.0, restart Windows, and start the service MSSQL$SQLTMS. TLS 1.2 stays on beside them.
    }
    .remedy-2 = To be rid of TLS 1.0 and SSL 3.0, move the database to a SQL Server that speaks TLS 1.2 first.
    .do-not-1 = Do not reinstall SQL Server or copy security.dll from elsewhere: the file is not missing.
    .needs = events of the SQL Server of TMS, or its version and the registry

tms-step = { $step ->
        [versions] 1. Versions: { $state ->
            [old] TMS { $value } cannot be told to offer TLS 1.2. Upgrade it to 15 or later, or keep the endpoints at TC 7.3.3.
            [good] TMS { $value } has the option.
           *[unknown] not known. TMS needs 15 or later; endpoints with TC 7.3.6, CE 8.1.0 or later refuse TLS 1.0 (`tms.version`, `endpoint.version`).
        }
        [registry] 2. Registry: { $state ->
            [on] TLS 1.2 is on for clients.
            [unseen] not seen. Export HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols.
            [unset] TLS 1.2 is not said to be on for clients.
            [contradictory] two exports disagree.
           *[off] TLS 1.2 is off for clients.
        }
        [tool] 3. TMS Tools: { $state ->
            [high] Medium-High.
            [new] a ClientHello with TLS 1.2 was seen, so Medium-High.
            [medium] Medium: set it to Medium-High.
            [old] TMS offers an old version, so Medium: set it to Medium-High.
           *[unknown] not known (`tms.security`); Medium is the default, and offers TLS 1.0 only.
        }
        [sql] 4. SQL Server: { $state ->
            [failed] it fails for want of encryption.
            [2008] 2008 R2: TLS 1.0 and SSL 3.0 must stay on.
            [2012] 2012: needs Microsoft's update for TLS 1.2 (KB3052404).
            [newer] { $value }.
           *[unknown] not known (`sql.version`).
        }
        [services] 5. Services: { $state ->
            [good] those that were listed run.
            [stopped] stopped: { $value }.
           *[unknown] not seen. After a change restart IIS and TMSDatabaseScannerService, and start TMSPLCMDirectoryService if it is stopped.
        }
       *[capture] 6. Capture: { $state ->
            [good] TMS offers TLS 1.2.
            [old] TMS offers an old version.
           *[unknown] not seen. Capture TCP 443 to one endpoint on the TMS server: the ClientHello decides.
        }
    }

tms_connection_error = { $https ->
        [yes] TMS gets no HTTPS answer from an endpoint
       *[no] TMS has a ticket that it does not reach a system
    }
    .detail = { $count ->
        [0] {""}
        [one] There is one ticket "TMS Connection Error".{" "}
       *[other] There are { $count } tickets "TMS Connection Error".{" "}
    }{ $explained ->
        [yes] The same page says that the method is not allowed: that explains it, see the finding about it.
       *[no] This says that TMS failed, not why: an endpoint that refuses TLS 1.0, a certificate, a firewall and a wrong password all end here. On endpoints that were upgraded to TC 7.3.6, CE 8.1.0 or later the version of TLS is the usual cause.
    }
    .remedy-1 = { $explained ->
        [yes] Nothing for the ticket itself.
       *[no] Capture TCP 443 and 80 to the endpoint on the TMS server while you press "Force Refresh" for the system, and add the capture here.
    }
    .needs = a page or a ticket of TMS

tms_method_not_allowed = TMS may not use { $method } any more
    .detail = TMS shows "Security violation: { $method } communication is not allowed"{ $count ->
        [one] {""}
       *[other] {" "}{ $count } times
    }. With Transport Layer Security at Medium-High, TMS gives up Telnet and SNMP and stops its SNMP service. Systems that it managed by them, such as older Polycom ones, drop out; the endpoint itself is in order.
    .remedy-1 = Change such systems to HTTPS (System Navigator > Settings > Edit Settings), where they can do it; list those that cannot before you decide.
    .do-not-1 = Do not go back to Medium for them: TMS then offers TLS 1.0 only, and endpoints with TC 7.3.6, CE 8.1.0 or later answer no more.
    .needs = a page or a ticket of TMS

tms_offers_old_tls = TMS ({ $address }) still offers an old TLS version, though the registry allows TLS 1.2
    .detail = The registry has TLS 1.2 on for clients; { $count ->
        [one] the ClientHello of TMS in the capture offers
       *[other] { $count } ClientHellos of TMS in the capture offer
    } nothing above TLS 1.1. TMS asks Windows for the versions that its own tool names, and the default there, Medium, is TLS 1.0{ $security ->
        [medium-high] ; you say that it is Medium-High now: then the capture is older than the change, or IIS and the TMS services were not restarted
       *[other] {""}
    }.
    .remedy-1 = { $too-old ->
        [yes] This TMS is older than 15 and does not have the option: upgrade it.
       *[no] On the TMS server: TMS Tools > Security Settings > Advanced Security Settings > Transport Layer Security Options > Communication Security: Medium-High, Save.
    }
    .remedy-2 = Then restart IIS (`iisreset`) and TMSDatabaseScannerService, and start TMSPLCMDirectoryService if it is stopped. Capture again: the ClientHello must say TLS 1.2 (0x0303).
    .do-not-1 = Do not change it before you know which systems are managed by Telnet or SNMP: Medium-High switches both off.
    .needs = an export of the SCHANNEL key, and a capture of TMS

tms_services = { $name } is stopped
    .detail = { $kind ->
        [snmp] Medium-High stops the SNMP service of TMS on purpose; a ticket in TMS says so. Only systems that are managed by SNMP miss it.
        [sql] TMS keeps everything in this database: without it neither its pages nor its services work.
        [iis] The web server of TMS: neither its pages nor the systems that report to it get an answer.
        [directory] It serves phone books to Polycom systems, and may stay stopped after the version of TLS was changed.
       *[tms] A service of TMS that should run.
    }
    .remedy-1 = { $kind ->
        [snmp] Nothing, where no system is managed by SNMP.
        [sql] Look for event 26011 of this service in the Windows application log, then start it (`net start { $name }`).
       *[other] Start it (`net start { $name }`), and look into the Windows application log if it does not stay up.
    }
    .needs = the states of the services (`sc query`)

tms_tls_order = { $next ->
        [versions] TMS and TLS 1.2: begin with the versions
        [registry] TMS and TLS 1.2: the registry is the next step
        [tool] TMS and TLS 1.2: TMS Tools is the next step
        [sql] TMS and TLS 1.2: the SQL Server is the next step
        [services] TMS and TLS 1.2: the services are the next step
        [capture] TMS and TLS 1.2: a capture is the next step
       *[none] TMS and TLS 1.2: every step is in order
    }
    .detail =
        What the inputs say, in the order in which to look; each step is of no use before the one above it:
        { $rows }
        "Request Client Certificates for HTTPS API" and "Enable Certificate Revocation Check" stand on the same page of TMS Tools; they have nothing to do with the version, leave them as they are.
    .needs = something about TMS: an export of the SCHANNEL key, events, tickets, a capture

tms_version_old = TMS { $version } cannot be told to offer TLS 1.2
    .detail = TMS Tools has the option for Transport Layer Security from 15 on; before, TMS offers TLS 1.0 whatever the registry says (CSCuz71542). { $strict ->
        [none] No version of an endpoint was given; those with TC 7.3.6, CE 8.1.0 or later refuse TLS 1.0.
       *[other] The endpoints with { $strict } refuse TLS 1.0.
    } { $trouble ->
        [yes] The inputs show that TMS gets no HTTPS answer.
       *[no] {""}
    }
    .remedy-1 = Upgrade TMS to 15 or later, then switch TLS 1.2 on in the registry and set Medium-High in TMS Tools.
    .remedy-2 = Where that takes time: keep the endpoints at TC 7.3.3, or bring them back to it.
    .needs = the version of TMS (`tms.version`)

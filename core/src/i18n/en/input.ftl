# Findings about inputs as such.

expressway-bundle-row = { $part ->
        [log] Log
        [capture] Packets
        [configuration] Configuration
        [status] Status
        [trust-store] Trust store
       *[server-certificate] Its own certificate
    }: { $count ->
        [0] not there
       *[other] { $files }
    }

expressway-stores-row = { $host } lacks { $count ->
        [one] one
       *[other] { $count }
    }: { $certificates }

archive-left-out-row = { $name } ({ $why ->
        [encrypted] encrypted
        [method] compression method { $method }
        [sparse] a file with holes
       *[special] a link, a device or a pipe
    })

input_empty = { $file } is empty
    .detail = The file has 0 bytes. It is empty, not damaged: CUCM leaves such trust lists behind when the TFTP service has not built them, and people create them with `touch`. A phone that holds an empty or no trust list takes the next CTL and ITL on faith, whoever sends them.
    .remedy-1 = If the file comes from a TFTP node: run `show itl` there. If it says "ITL File not found", activate or restart the Cisco TFTP service on that node, then fetch the file again.
    .remedy-2 = If it comes from a phone: compare what the phone's Trust List screen shows with the server's list before you do anything else.
    .do-not-1 = Do not treat the file as corrupt and do not delete trust lists on phones because of it.
    .needs = a file

input_unreadable = An input could not be read
    .detail = It stands among the inputs without digests; nothing in it was judged.
    .remedy-1 = Mend what the reason names (path, permissions, a larger `--memory-limit` or `--time-limit`) and check again.
    .missing = { $case ->
        [stopped] { $file }: reading was stopped after { $bytes } bytes. What it shows until there is judged; what follows is not known.
       *[unreadable] { $file }: { $reason }. Everything else was judged without it.
    } { $others ->
        [0] {""}
        [one] One more input is not whole.
       *[other] { $others } more inputs are not whole.
    }
    .needs = an input

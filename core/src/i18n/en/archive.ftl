# Findings about archives, diagnostic files of Expressways, and inputs of no known kind.

archive_damaged = { $case ->
        [odd] { $file } holds more than its directory says, or the other way round
       *[damaged] { $file } is a damaged { $format } archive
    }
    .detail = { $case ->
        [odd] { $problem }. What stands in the file was read all the same.
       *[damaged] { $problem }. { $members ->
            [0] None of its files could be read.
            [one] The one file in it that could be found was read as far as it goes.
           *[other] The { $members } files in it that could be found were read as far as they go.
        } What follows the damage may be missing from everything below.
    }{ $more ->
        [0] {""}
        [one] {" "}There is one more such place.
       *[other] {" "}There are { $more } more such places.
    }
    .remedy-1 = Fetch the archive again and compare its size, or a digest, with the one at its source. Downloads that broke off and transfers in text mode are the usual reasons.
    .remedy-2 = If it is the same at its source, collect it there anew.
    .do-not-1 = Do not take what is not reported here for absent: it may stand in the part that could not be read.
    .needs = an archive

archive_limit = { $file } was not read to its end: { $limit ->
        [bytes] too much comes out of it
        [depth] too many archives lie inside each other
        [inflation] it inflates like a bomb
       *[members] it holds too many files
    }
    .detail = { $limit ->
        [bytes] More than { $value } bytes came out of it.
        [depth] It lies inside { $value } other archives and was not opened.
        [inflation] What came out of it is more than { $value } times as large as the archive, which no honest log or capture is.
       *[members] It has more than { $value } members.
    } { $members ->
        [0] None of its files was read.
        [one] One file in it was read.
       *[other] { $members } files in it were read.
    } The rest is not known.
    .remedy-1 = Unpack it yourself, look at what fills it, and give the files that matter.
    .do-not-1 = Do not unpack it on a machine that matters: archives that are made to fill disks look like this.
    .needs = an archive

archive_not_read = { $case ->
        [unopened] { $file } is a { $format } archive, which is not opened
        [locked] Files in { $file } are under a password
        [method] Files in { $file } are packed in a way that is not read
       *[special] { $file } holds links or other things that are no files
    }
    .detail = { $case ->
        [unopened] Nothing in it was judged.
       *[other] { $count ->
            [one] One member was left out:
           *[other] { $count } members were left out{ $more ->
                [0] :
               *[other] , among them:
            }
        }
        { $rows }
    }
    .remedy-1 = { $case ->
        [locked] Unpack it and give these files beside the archive: `7z x ARCHIVE.zip` asks for the password (on Windows 7-Zip > Extract Here). `unzip` opens only the old kind of encryption, not AES. tlvet takes no password for archives.
        [special] Nothing, unless you miss a file: links and devices carry no bytes.
       *[other] Unpack it (`7z x ARCHIVE`; `tar xf ARCHIVE` for a tar) and give the files, or pack them anew as zip (deflate) or tar.gz.
    }
    .needs = an archive

expressway_bundle = Diagnostic files of { $host }, collected { $time }
    .detail = They are read as one case: { $trusted ->
        [yes] { $store } is what this Expressway trusts, and servers are judged by it.
       *[no] there is no trust store among them, so servers are not judged by one.
    }
        { $rows }
    .remedy-1 = { $missing ->
        [0] Nothing: all parts are there.
       *[other] If the question is not answered below, collect once more with "Take tcpdump while logging", and reproduce the problem while it runs (Maintenance > Diagnostics > Diagnostic logging).
    }
    .needs = diagnostic files of an Expressway

expressway_stores_differ = { $hosts } do not trust the same authorities
    .detail = { $case ->
        [refuses] One that lacks some has refused servers in its log.
       *[quiet] Nothing in the logs says that this hurts.
    } Peers of one cluster take calls and logins in turn, so what one of them refuses fails now and then. An Expressway-C and an Expressway-E may differ.
        { $rows }
    .remedy-1 = If they are peers of one cluster: upload the missing certificates on the node that lacks them (Maintenance > Security > Trusted CA certificate). Every peer has a store of its own.
    .remedy-2 = If one is an Expressway-C and the other an Expressway-E: only the C verifies servers of CUCM; compare the C's store with what the servers present.
    .do-not-1 = Do not replace a whole store with that of another node: it may drop an authority that only this one needs.
    .needs = diagnostic files of two Expressways, with their trust stores

input_unrecognised = { $case ->
        [too-large] { $file } is too large to be read as a whole
        [members] { $count ->
            [one] A file in { $file } is none of the kinds that tlvet knows
           *[other] { $count } files in { $file } are none of the kinds that tlvet knows
        }
       *[unknown] { $file } is none of the kinds that tlvet knows
    }
    .detail = { $case ->
        [too-large] Its { $bytes } bytes are beyond the limit for files that are read as a whole, and it is none of the kinds that are read as a stream. It was hashed, but nothing in it was judged.
        [members] Nothing in them was judged: { $names }{ $more ->
            [0] .
           *[other] , and { $more } more.
        }
       *[unknown] The { $bytes } bytes do not begin like a trust list, a signed file, a certificate, a key, a request or a revocation list (PEM, DER, PKCS#7, PKCS#12), a phone configuration, a capture (pcap, pcapng) or an archive (zip, tar, gzip), and none of their lines is one of a log or listing that tlvet reads. Nothing in it was judged.
    }
    .remedy-1 = { $case ->
        [members] Nothing, unless one of them should be a list, a certificate, a capture or a log: then fetch it again by itself.
       *[other] A list, a certificate or a signed file: fetch it again in binary mode (`tftp` with `mode binary`, not as text) and compare its length with the one the server reports. A log or a listing: give it as the product wrote it, not retyped or cut within lines.
    }
    .needs = an input

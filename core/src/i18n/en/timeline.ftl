# Findings about time.

clock_offset = { $case ->
        [dated] The clock of { $logs } is { $amount } { $direction ->
            [ahead] ahead of
           *[behind] behind
        } that of { $capture }
       *[undated] { $logs } prints no full date: its clock is { $amount } { $direction ->
            [ahead] ahead of
           *[behind] behind
        } UTC, as { $capture } shows
    }
    .detail = { $shared ->
        [one] One event stands in both
       *[other] { $shared } events stand in both
    }, and no other offset fits as many: { $event } is { $own } of the log and { $other } of { $capture }. { $case ->
        [dated] The times of the log are left as they are printed; add or take away the difference where you compare them with the capture.
       *[undated] The timeline shows the log's events at the time that follows from this.
    } { $zone ->
        [zone] The difference is that of a time zone, to some seconds.
       *[clock] {""}
    }
    .remedy-1 = { $zone ->
        [zone] Nothing: that a log is written in local time is usual.
       *[clock] Compare NTP on both sides (`utils ntp status` on CUCM, System > Time on Expressway, the phone's date and time group). Certificates are judged by these clocks.
    }
    .do-not-1 = Do not match lines and packets by their printed times without this difference.
    .needs = a capture, and a log that saw the same events

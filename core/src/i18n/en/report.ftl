# Sentences of the report that belong to no finding.

verdict-pass = Nothing wrong was found.
verdict-warn = No errors, but { $warnings ->
        [one] one warning.
       *[other] { $warnings } warnings.
    }
verdict-fail = { $errors ->
        [one] One thing fails.
       *[other] { $errors } things fail.
    }
verdict-inconclusive = No fault was found, but evidence is missing to say that all is well.

evidence-more = { $more ->
        [one] One more place is not listed.
       *[other] { $more } more places are not listed.
    }

label-decide = What would decide:
label-title = Trust report
label-judged = Judged at { $now } by tlvet { $version }, report form { $schema }.
label-redacted = Names, addresses and users are replaced by aliases; the same alias always stands for the same one. Serials and digests are kept.
label-cause = Cause
label-causes = Causes
label-findings = What else is wrong
label-notes = Also seen
label-undecided = Not decided
label-timeline = Timeline
label-inputs = Inputs
label-because = Follows from
label-explains = From it follows
label-alternatives = Other explanations
label-evidence = Evidence
label-remedy = What to do
label-do-not = What not to do
label-refs = References
label-needs = needs
label-more = { $count } more are not listed here; the JSON report has them.
label-number = No.
label-name = Name
label-kind = Kind
label-role = Given as
label-bytes = Bytes
label-digests = SHA-256, MD5
label-finding = Finding
label-place = Where
label-time = Time
label-event = Event

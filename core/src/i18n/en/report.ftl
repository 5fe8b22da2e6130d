# Sentences of the report that belong to no finding.

verdict-pass = Nothing wrong was found.
verdict-warn = Nothing fails now, but { $warnings ->
        [one] one thing is weak.
       *[other] { $warnings } things are weak.
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

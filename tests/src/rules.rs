//! What is true of every report, whatever the inputs are.

use tlvet_core::report::model::{
    Cause, InputKind, Report, SCHEMA, Severity, SkipOutcome, Verdict, VerificationStatus,
};

/// The rules that `report` breaks, one sentence each; empty when it keeps them all.
pub fn broken(report: &Report) -> Vec<String> {
    let mut broken = Vec::new();
    if report.schema != SCHEMA {
        broken.push(format!("schema is `{}`", report.schema));
    }
    for (expected, input) in (0..).zip(&report.inputs) {
        if input.id != expected {
            broken.push(format!("input {expected} has the id {}", input.id));
        }
    }
    let is_text = |input: u32| {
        let input = report.inputs.get(input as usize);
        input.is_some_and(|input| input.kind == InputKind::Text)
    };
    let length = |input: u32| report.inputs.get(input as usize).map(|input| input.bytes);
    let mut place = |what: &str, input: u32, offset: Option<u64>| match (length(input), offset) {
        (None, _) => broken.push(format!("{what}: there is no input {input}")),
        (Some(length), Some(offset)) if offset > length => {
            broken.push(format!("{what}: offset {offset} in an input of {length} bytes"));
        }
        _ => {}
    };
    for finding in &report.findings {
        for evidence in &finding.evidence {
            place(&finding.code, evidence.input, evidence.offset);
        }
    }
    for list in &report.trust_lists {
        place("trust list", list.input, None);
        for problem in &list.problems {
            place("problem of a trust list", list.input, Some(problem.at));
        }
        for record in &list.records {
            // RECORDLENGTH may reach beyond a cut file; the record begins in it. The offsets of a listing are those of
            // the file that it is of.
            place("record", list.input, Some(record.offset).filter(|_| !is_text(list.input)));
        }
    }
    for file in &report.signed_files {
        place("signed file", file.input, None);
        for problem in &file.problems {
            place("problem of a signed file", file.input, Some(problem.at));
        }
    }
    for certificate in &report.certificates {
        for seen in &certificate.seen_in {
            place("certificate", seen.input, seen.offset);
        }
    }
    findings(report, &mut broken);
    summary(report, &mut broken);
    broken
}

/// What is wrong with the list of checks that were not made.
pub fn broken_skips(report: &Report) -> Vec<String> {
    let mut broken = Vec::new();
    for skipped in &report.skipped {
        if skipped.needs.contains("{$") {
            broken.push(format!("{}: a value is missing in `{}`", skipped.code, skipped.needs));
        }
        if skipped.outcome == SkipOutcome::NotEnoughEvidence && skipped.needs.trim().is_empty() {
            broken.push(format!("{}: does not say what it needs", skipped.code));
        }
    }
    broken
}

/// Something in the report is called verified.
pub fn claims_verified(report: &Report) -> bool {
    let lists = report.trust_lists.iter().map(|list| &list.verification);
    let files = report.signed_files.iter().map(|file| &file.verification);
    lists.chain(files).any(|verification| verification.status == VerificationStatus::Verified)
        || report.findings.iter().any(|finding| {
            matches!(finding.code.as_str(), "trust_list_verified" | "signed_file_verified")
        })
}

fn findings(report: &Report, broken: &mut Vec<String>) {
    for finding in &report.findings {
        let code = &finding.code;
        if finding.evidence.is_empty() {
            broken.push(format!("{code}: no evidence"));
        }
        for evidence in &finding.evidence {
            let Some(record) = evidence.record else { continue };
            let lists = report.trust_lists.iter().filter(|list| list.input == evidence.input);
            let mut records = lists.flat_map(|list| &list.records);
            // A listing may be said to lack a record: then the line is where it should stand.
            if evidence.line.is_none() && !records.any(|known| known.n == record) {
                broken.push(format!(
                    "{code}: there is no record {record} in input {}",
                    evidence.input
                ));
            }
        }
        if finding.title.trim().is_empty() || finding.title.contains('\n') {
            broken.push(format!("{code}: the title is no line: {:?}", finding.title));
        }
        if finding.detail.trim().is_empty() {
            broken.push(format!("{code}: no detail"));
        }
        if matches!(finding.severity, Severity::Error | Severity::Warning)
            && finding.remedy.is_empty()
        {
            broken.push(format!("{code}: no remedy"));
        }
        let texts = [&finding.title, &finding.detail]
            .into_iter()
            .chain(&finding.remedy)
            .chain(&finding.do_not);
        for text in texts {
            if text.contains("{$") || text.contains("{ $") {
                broken.push(format!("{code}: a value is missing in `{text}`"));
            }
        }
    }
}

fn summary(report: &Report, broken: &mut Vec<String>) {
    let count =
        |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if (report.summary.errors, report.summary.warnings) != (errors, warnings) {
        broken.push(format!(
            "summary counts {:?}, there are {errors} and {warnings}",
            report.summary
        ));
    }
    let undecided =
        report.skipped.iter().any(|skipped| skipped.outcome == SkipOutcome::NotEnoughEvidence);
    let verdict = match (errors, undecided, warnings) {
        (1.., _, _) => Verdict::Fail,
        (_, true, _) => Verdict::Inconclusive,
        (_, _, 1..) => Verdict::Warn,
        _ => Verdict::Pass,
    };
    story(report, broken);
    if report.summary.verdict != verdict {
        broken.push(format!("verdict {:?}, the findings say {verdict:?}", report.summary.verdict));
    }
}

/// Links lead to findings of the report, never to a finding itself, the sentences are whole, and findings stand in their order.
fn story(report: &Report, broken: &mut Vec<String>) {
    let summary = &report.summary;
    let sentences = summary.causes.iter().map(|cause| &cause.sentence).chain([&summary.sentence]);
    for sentence in sentences.filter(|text| text.is_empty() || text.contains("{$")) {
        broken.push(format!("the story says `{sentence}`"));
    }
    for (place, finding) in report.findings.iter().enumerate() {
        if finding.caused_by.iter().any(|cause| *cause == place || *cause >= report.findings.len())
        {
            broken.push(format!("{} is caused by {:?}", finding.code, finding.caused_by));
        }
    }
    for cause in &summary.causes {
        let found = report.findings.get(cause.finding);
        if found.is_none_or(|found| found.code != cause.code || !found.caused_by.is_empty()) {
            broken.push(format!("the summary names {} at {}", cause.code, cause.finding));
        }
    }
    // Within a severity the list begins with what belongs to the cause that is told first.
    let told = |place: usize| {
        let belongs = |cause: &Cause| cause.finding == place || cause.consequences.contains(&place);
        summary.causes.iter().position(belongs).unwrap_or(summary.causes.len())
    };
    let keys = report.findings.iter().enumerate().map(|(at, one)| (one.severity, told(at)));
    if !keys.is_sorted() {
        broken.push("the findings are not in the order of the causes".to_owned());
    }
    if (summary.errors > 0) == summary.causes.is_empty() && summary.warnings == 0 {
        broken.push(format!("{} errors and {} causes", summary.errors, summary.causes.len()));
    }
}

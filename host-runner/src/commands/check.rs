//! `tlvet check`: judge files.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use tlvet_host::engine::{
    Engine, Failure, Instance, Opening, Options, REPORT_LIMITS, Role, Source as _, Stopped,
    read_alone, read_in_order,
};

use crate::args::{Check, Expected, FailOn, Language};
use crate::files::{
    Input, KEY_LOG_BYTES, Member, expand, key_logs, keys, member, repeats_standard_input,
};
use crate::output::{Exit, Progress, colour, complain, print_with, width};

/// The longest password that the engine takes.
const PASSWORD_BYTES: usize = 1024;

/// Runs the command.
pub(crate) fn run(arguments: &Check) -> Result<Exit> {
    let named = [&arguments.inputs, &arguments.phone, &arguments.trust, &arguments.key];
    let expected = arguments.expect.iter().filter_map(|expected| expected.certificate.as_ref());
    if repeats_standard_input(named.into_iter().flatten().chain(expected)) {
        complain("standard input (-) can be given only once");
        return Ok(Exit::Usage);
    }
    let mut paths = named.into_iter().flatten();
    if arguments.password_stdin && paths.any(|path| path.as_os_str() == "-") {
        complain("standard input is either an input (-) or the password (--password-stdin)");
        return Ok(Exit::Usage);
    }
    let password = match arguments.password_stdin.then(|| password(io::stdin().lock())) {
        None => None,
        Some(Ok(password)) => Some(password),
        Some(Err(reason)) => {
            complain(&reason);
            return Ok(Exit::Usage);
        }
    };
    let mut unreadable = false;
    let mut opening = Opening { password, ..Opening::default() };
    for path in &arguments.keylog {
        let mut text = Vec::new();
        let read =
            File::open(path).and_then(|file| file.take(KEY_LOG_BYTES).read_to_end(&mut text));
        if let Err(error) = read {
            complain(&format!("{}: {error}", path.display()));
            unreadable = true;
            continue;
        }
        opening.key_logs.push(text);
    }
    let engine = Engine::new().map_err(anyhow::Error::msg).context("the engine does not load")?;
    let options = options(arguments)?;
    let (inputs, members) = inputs(arguments);
    opening.key_logs.extend(key_logs(&inputs));
    opening.keys = keys(&inputs);
    let mut report = match prepared(&engine, &options, arguments, &inputs)? {
        Ok(report) => report,
        Err(reason) => {
            complain(&reason);
            return Ok(Exit::Usage);
        }
    };
    let limits = arguments.sandbox.limits();
    match inputs.as_slice() {
        [input] if opening.keys.is_empty() => {
            if let Err(failure) = read_alone(&mut report, limits, &opening, input) {
                unreadable = true;
                let reason = reason(&failure);
                complain(&format!("{}: {reason}", input.name()));
                report = prepared(&engine, &options, arguments, &inputs)?
                    .map_err(anyhow::Error::msg)
                    .context("beginning the report again")?;
                report.fail(&input.name(), input.role(), &reason)?;
            }
        }
        inputs => {
            unreadable |= read_all(&engine, &mut report, arguments, &opening, inputs)?;
        }
    }

    unreadable |= name_members(&mut report, &inputs, &members)?;

    print_with(|out| report.report(out)).context("making the report")?;
    let (errors, warnings) = report.counts()?;
    let fails = match arguments.fail_on {
        FailOn::Error => errors > 0,
        FailOn::Warning => errors > 0 || warnings > 0,
    };
    Ok(match (unreadable, fails) {
        (true, _) => Exit::Unreadable,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// An instance that knows what the report is to be like and what no file says; or what is wrong with that, for the user.
fn prepared(
    engine: &Engine,
    options: &Options,
    arguments: &Check,
    inputs: &[Input],
) -> Result<Result<Instance, String>> {
    let mut report = engine.instance(REPORT_LIMITS)?;
    match report.configure(options) {
        Err(Stopped::Refused(reason)) => return Ok(Err(reason)),
        other => other?,
    }
    for expected in &arguments.expect {
        match report.expect(&expected.address, place(inputs, expected)) {
            Err(Stopped::Refused(reason)) => return Ok(Err(format!("--expect: {reason}"))),
            other => other?,
        }
    }
    Ok(Ok(report))
}

/// Reads many inputs, each in a sandbox of its own, and joins them. True when one of them could not be read.
fn read_all(
    engine: &Engine,
    report: &mut Instance,
    arguments: &Check,
    opening: &Opening,
    inputs: &[Input],
) -> Result<bool> {
    let mut unreadable = false;
    let mut progress = Progress::new(inputs.len(), arguments.quiet);
    let mut joined = Ok(());
    let (limits, jobs) = (arguments.sandbox.limits(), jobs(arguments));
    read_in_order(engine, limits, jobs, opening, inputs, |input, read| {
        // Once joining has failed there will be no report; the threads still run to their end.
        if joined.is_ok() {
            joined = match read {
                Ok(exported) => report.import(&exported).map(drop),
                Err(failure) => {
                    unreadable = true;
                    let reason = reason(&failure);
                    progress.clear();
                    complain(&format!("{}: {reason}", input.name()));
                    report.fail(&input.name(), input.role(), &reason)
                }
            };
        }
        progress.step();
    });
    progress.clear();
    joined.context("joining the inputs")?;
    Ok(unreadable)
}

/// Gives members of archives the roles that they were named for. True when one of them is not there.
fn name_members(report: &mut Instance, inputs: &[Input], members: &[Member]) -> Result<bool> {
    let mut is_missing = false;
    for Member { archive, path, role } in members {
        let input =
            inputs.iter().position(|input| input.is(archive)).and_then(|at| at.try_into().ok());
        let Some(input) = input else { continue };
        match report.member_role(input, path, *role) {
            Err(Stopped::Refused(reason)) => {
                is_missing = true;
                let name = format!("{}/{path}", archive.display());
                complain(&format!("{name}: {reason}"));
                report.fail(&name, *role, &reason)?;
            }
            other => other?,
        }
    }
    Ok(is_missing)
}

/// The inputs in the order of the report: what is judged, then what it is judged by; and members of archives that are something else
/// than their archive.
fn inputs(arguments: &Check) -> (Vec<Input>, Vec<Member>) {
    let groups = [
        (&arguments.inputs, Role::Observed),
        (&arguments.phone, Role::Phone),
        (&arguments.trust, Role::Trust),
        (&arguments.key, Role::Key),
    ];
    let (mut inputs, mut members) = (Vec::new(), Vec::new());
    for (paths, role) in groups {
        for path in paths {
            match member(path, role).filter(|_| role != Role::Observed) {
                Some(member) => members.push(member),
                None => inputs.extend(expand(path, role)),
            }
        }
        // Certificates of expected addresses are judged like the files before them.
        if role == Role::Observed {
            for certificate in
                arguments.expect.iter().filter_map(|expected| expected.certificate.as_ref())
            {
                if !inputs.iter().any(|input: &Input| input.is(certificate)) {
                    inputs.extend(expand(certificate, role));
                }
            }
        }
    }
    // An archive of which only a member was named is read as a whole.
    for Member { archive, .. } in &members {
        if !inputs.iter().any(|input: &Input| input.is(archive)) {
            inputs.extend(expand(archive, Role::Observed));
        }
    }
    (inputs, members)
}

/// Number of the input that holds the certificate of an expected address.
fn place(inputs: &[Input], expected: &Expected) -> Option<u32> {
    let certificate = expected.certificate.as_ref()?;
    let index = inputs.iter().position(|input| input.is(certificate))?;
    u32::try_from(index).ok()
}

fn options(arguments: &Check) -> Result<Options> {
    // The only language that there are messages for.
    let Language::En = arguments.lang;
    let now = match &arguments.now {
        Some(now) => now.clone(),
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.context("the clock of this computer stands before 1970")?.as_secs().to_string()
        }
    };
    Ok(Options {
        format: arguments.format.into(),
        now,
        context: arguments.context.iter().cloned().collect(),
        redact: arguments.redact,
        brief: arguments.quiet,
        colour: colour(),
        width: width(),
    })
}

/// The first line of `input`, without its end: a password that a program writes has one, a user's file too.
///
/// # Errors
/// Why there is no password, in words for the user.
fn password(input: impl Read) -> Result<String, String> {
    let mut line = Vec::new();
    // Far beyond any password; the engine has its own limit.
    let mut input = BufReader::new(input.take(1 << 16));
    input
        .read_until(b'\n', &mut line)
        .map_err(|error| format!("--password-stdin: standard input cannot be read: {error}"))?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match core::str::from_utf8(line) {
        Ok(password) if password.len() <= PASSWORD_BYTES => Ok(password.to_owned()),
        Ok(_) => Err(format!("--password-stdin: more than {PASSWORD_BYTES} bytes")),
        Err(_) => Err("--password-stdin: the password is not UTF-8".to_owned()),
    }
}

fn jobs(arguments: &Check) -> usize {
    match arguments.jobs {
        Some(jobs) => jobs.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Why, with the option that would allow for more where there is one.
fn reason(failure: &Failure) -> String {
    let option = match failure {
        Failure::Stopped(Stopped::Memory(_)) => " (--memory-limit)",
        Failure::Stopped(Stopped::Time(_)) => " (--time-limit)",
        Failure::Io(_) | Failure::Stopped(_) => "",
    };
    format!("{failure}{option}")
}

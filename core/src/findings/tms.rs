//! What the findings about TMS and its Windows share.

use crate::evidence::schannel::{Half, PATH, PROTOCOLS, Schannel, Setting, State, VALUES};
use crate::findings::Arguments;

/// Rows: messages of their own.
pub(super) type Rows = Vec<(&'static str, Arguments)>;

/// What a setting comes to, for messages.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::On => "on",
        State::Off => "off",
        State::OffByDefault => "off-by-default",
        State::Unset => "unset",
        State::Contradictory => "contradictory",
    }
}

/// Every setting that is there, and those of TLS 1.2 in any case.
pub(super) fn settings(schannel: &Schannel) -> Rows {
    let mut rows = Rows::new();
    for version in PROTOCOLS {
        for half in [Half::Client, Half::Server] {
            let setting = schannel.settings.get(&(version, half));
            if setting.is_none() && version != "TLS 1.2" {
                continue;
            }
            let value = |entry: Option<u32>| {
                entry.map_or_else(|| "missing".to_owned(), |value| value.to_string())
            };
            // Of what two inputs disagree about, neither number is shown.
            let sure = setting.filter(|one| !one.contradictory);
            let enabled = sure.and_then(|one| one.enabled.as_ref()).map(|one| one.value);
            let disabled =
                sure.and_then(|one| one.disabled_by_default.as_ref()).map(|one| one.value);
            rows.push((
                "schannel-setting",
                Arguments::new()
                    .text("version", version)
                    .text("half", half.name())
                    .text("state", word(setting.map_or(State::Unset, Setting::state)))
                    .text("enabled", value(enabled))
                    .text("disabled", value(disabled)),
            ));
        }
    }
    rows
}

/// The two files: what switches TLS 1.1 and 1.2 on, and what brings back what `schannel` shows. Values that are right
/// stay out of both.
pub(super) fn registry_files(schannel: &Schannel) -> [Rows; 2] {
    let line = |text: String| ("schannel-line", Arguments::new().text("line", text));
    let head = || vec![line("Windows Registry Editor Version 5.00".to_owned())];
    let (mut change, mut undo) = (head(), head());
    for version in ["TLS 1.1", "TLS 1.2"] {
        for half in [Half::Client, Half::Server] {
            let setting = schannel.settings.get(&(version, half));
            if setting.map(Setting::state) == Some(State::On) {
                continue;
            }
            let key = format!("[{PATH}\\{version}\\{}]", half.name());
            change.extend([line(String::new()), line(key.clone())]);
            undo.extend([line(String::new()), line(key)]);
            for name in VALUES {
                let wanted = u32::from(name == "Enabled");
                change.push(line(format!("\"{name}\"=dword:{wanted:08x}")));
                let before = setting.and_then(|one| match name {
                    "Enabled" => one.enabled.as_ref(),
                    _ => one.disabled_by_default.as_ref(),
                });
                undo.push(line(match before {
                    Some(entry) => format!("\"{name}\"=dword:{:08x}", entry.value),
                    None => format!("\"{name}\"=-"),
                }));
            }
        }
    }
    [change, undo]
}

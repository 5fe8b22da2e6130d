//! The Windows registry as text: `.reg` exports (`Windows Registry Editor Version 5.00`, `REGEDIT4`) and what
//! `reg query` prints. Only keys that have to do with TLS are kept (D5 to D9).

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::{Format, Line, Recognise, Signs, Text};

/// A key with its values, as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The line of its path, from 1.
    pub line: u64,
    /// Its path, with the root written out: `HKEY_LOCAL_MACHINE\SYSTEM\…`.
    pub path: String,
    /// `[-path]`: an import removes the key and all below it.
    pub removed: bool,
    /// Its values, in their order; up to [`limits::TEXT_REGISTRY_VALUES`].
    pub values: Vec<Value>,
}

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The line, from 1.
    pub line: u64,
    /// Its name; empty for the key's default value.
    pub name: String,
    /// What it holds.
    pub data: Data,
}

/// What a value holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// REG_DWORD, also written as `hex(4)` or `hex(5)`.
    Dword(u32),
    /// REG_SZ.
    Text(String),
    /// Another type, by its name, or data that cannot be read as its type.
    Other(String),
    /// `"name"=-`: an import removes the value.
    Removed,
}

/// Reads exports and queries.
#[derive(Debug, Default)]
pub struct Registry {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Outside,
    /// In a key of an export.
    Export { kept: bool, continued: bool },
    /// In a key of a query, which is kept with its first value.
    Query { line: u64, path: Option<String>, added: bool },
}

/// Roots by their names and their short forms.
const ROOTS: [(&str, &str); 9] = [
    ("HKEY_LOCAL_MACHINE", "HKEY_LOCAL_MACHINE"),
    ("HKEY_CURRENT_USER", "HKEY_CURRENT_USER"),
    ("HKEY_CLASSES_ROOT", "HKEY_CLASSES_ROOT"),
    ("HKEY_USERS", "HKEY_USERS"),
    ("HKEY_CURRENT_CONFIG", "HKEY_CURRENT_CONFIG"),
    ("HKLM:", "HKEY_LOCAL_MACHINE"),
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKCU:", "HKEY_CURRENT_USER"),
    ("HKCU", "HKEY_CURRENT_USER"),
];

impl Recognise for Registry {
    fn format(&self) -> Format {
        Format::Registry
    }

    fn signs(&self) -> Signs {
        Signs { beginnings: &["[", "windows", "regedit4", "hk"], ..Signs::default() }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        // Pasted into a ticket, all of it may be indented.
        let content = line.text.trim();
        if let Some(head) = content.strip_prefix('[')
            && let Some(path) = head.strip_suffix(']')
        {
            let (path, removed) = match path.strip_prefix('-') {
                Some(path) => (path, true),
                None => (path, false),
            };
            let Some(path) = full(path) else { return false };
            let kept = add(text, line.number, path, removed);
            self.state = State::Export { kept, continued: false };
            return true;
        }
        if content == "Windows Registry Editor Version 5.00" || content == "REGEDIT4" {
            self.state = State::Outside;
            return true;
        }
        match &mut self.state {
            State::Export { kept, continued } => {
                if *continued {
                    *continued = content.ends_with('\\');
                    return true;
                }
                if let Some((name, data)) = assignment(content) {
                    *continued = data.starts_with("hex") && data.ends_with('\\');
                    if *kept {
                        value(text, line.number, name, exported(data));
                    }
                    return true;
                }
                if content.is_empty() || content.starts_with(';') {
                    return !content.is_empty();
                }
            }
            State::Query { line: at, path, added } => {
                if line.text.starts_with(' ')
                    && let Some((name, data)) = queried(content)
                {
                    if let Some(path) = path.take() {
                        *added = add(text, *at, path, false);
                    }
                    if *added {
                        value(text, line.number, name, data);
                    }
                    return true;
                }
                if content.is_empty() {
                    return false;
                }
            }
            State::Outside => {}
        }
        let path = full(content);
        let found = path.is_some();
        self.state = match path {
            path @ Some(_) => State::Query { line: line.number, path, added: false },
            None => State::Outside,
        };
        found
    }

    fn is_inside(&self) -> bool {
        matches!(self.state, State::Export { .. } | State::Query { .. })
    }
}

/// A path with its root written out; `None` when it does not begin with one.
fn full(path: &str) -> Option<String> {
    let (root, rest) = path.split_once('\\')?;
    let (_, root) = ROOTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(root))?;
    let sound = |segment: &str| !segment.is_empty() && segment.len() <= 255;
    (rest.split('\\').all(sound) && rest.len() <= limits::TEXT_EXCERPT)
        .then(|| format!("{root}\\{rest}"))
}

/// Keeps a key when it has to do with TLS.
fn add(text: &mut Text, line: u64, path: String, removed: bool) -> bool {
    let lower = path.to_ascii_lowercase();
    let wanted = ["schannel", "securityprovider"];
    let kept = wanted.iter().any(|part| lower.contains(part))
        && text.registry.len() < limits::TEXT_REGISTRY_KEYS;
    if kept {
        text.registry.push(Key { line, path, removed, values: Vec::new() });
    }
    kept
}

fn value(text: &mut Text, line: u64, name: String, data: Data) {
    if let Some(key) = text.registry.last_mut()
        && key.values.len() < limits::TEXT_REGISTRY_VALUES
    {
        key.values.push(Value { line, name, data });
    }
}

/// `"name"=data` or `@=data`.
fn assignment(line: &str) -> Option<(String, &str)> {
    if let Some(data) = line.strip_prefix("@=") {
        return Some((String::new(), data.trim()));
    }
    let rest = line.strip_prefix('"')?;
    let mut escaped = false;
    let end = rest.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let (name, rest) = rest.split_at_checked(end)?;
    let data = rest.strip_prefix("\"=")?;
    Some((shortened(name), data.trim()))
}

/// What stands behind the equals sign in an export.
fn exported(data: &str) -> Data {
    if data == "-" {
        return Data::Removed;
    }
    if let Some(text) = data.strip_prefix('"') {
        return Data::Text(shortened(text.strip_suffix('"').unwrap_or(text)));
    }
    let Some((kind, rest)) = data.split_once(':') else {
        return Data::Other("unreadable".to_owned());
    };
    let number = match kind {
        "dword" => u32::from_str_radix(rest.trim(), 16).ok(),
        "hex(4)" => four(rest).map(u32::from_le_bytes),
        "hex(5)" => four(rest).map(u32::from_be_bytes),
        _ => None,
    };
    match (kind, number) {
        (_, Some(number)) => Data::Dword(number),
        ("dword" | "hex(4)" | "hex(5)", None) => Data::Other("unreadable REG_DWORD".to_owned()),
        ("hex(b)", None) => Data::Other("REG_QWORD".to_owned()),
        ("hex", None) => Data::Other("REG_BINARY".to_owned()),
        ("hex(2)", None) => Data::Other("REG_EXPAND_SZ".to_owned()),
        ("hex(7)", None) => Data::Other("REG_MULTI_SZ".to_owned()),
        _ => Data::Other(shortened(kind)),
    }
}

fn four(text: &str) -> Option<[u8; 4]> {
    let mut bytes = [0; 4];
    let mut parts = text.split(',');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?.trim(), 16).ok()?;
    }
    parts.next().is_none().then_some(bytes)
}

/// A line below a key in what `reg query` prints: name, type, data.
fn queried(line: &str) -> Option<(String, Data)> {
    let (name, rest) = line.split_once(" REG_")?;
    let (kind, data) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if !kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        return None;
    }
    let data = data.trim();
    let data = match kind {
        "DWORD" => {
            let digits = data.split_whitespace().next().unwrap_or_default();
            let number =
                digits.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
            number.map_or_else(|| Data::Other("unreadable REG_DWORD".to_owned()), Data::Dword)
        }
        "SZ" => Data::Text(shortened(data)),
        kind => Data::Other(shortened(&format!("REG_{kind}"))),
    };
    let name = name.trim();
    Some((shortened(if name == "(Default)" { "" } else { name }), data))
}

fn shortened(text: &str) -> String {
    text.chars().take(limits::TEXT_EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    fn read(text: &str) -> Text {
        let mut reader = Reader::default();
        reader.push(text.as_bytes());
        reader.end()
    }

    const CLIENT: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client";

    #[test]
    fn exports_and_queries_say_the_same() {
        let export = format!(
            "Windows Registry Editor Version 5.00\r\n\r\n[{CLIENT}]\r\n\"DisabledByDefault\"=dword:00000000\r\n\"Enabled\"=hex(4):ff,ff,ff,ff\r\n"
        );
        let query = format!(
            "\r\n{CLIENT}\r\n    DisabledByDefault    REG_DWORD    0x0\r\n    Enabled    REG_DWORD    0xffffffff (4294967295)\r\n"
        );
        let indented = |text: &str| text.replace('\n', "\n    ");
        let more = [(indented(&export), 3), (indented(&query), 2)];
        for (text, first) in [(export, 3), (query, 2)].into_iter().chain(more) {
            let text = read(&text);
            let [key] = text.registry.as_slice() else { panic!("{:?}", text.registry) };
            assert_eq!((key.line, key.path.as_str(), key.removed), (first, CLIENT, false));
            let values: Vec<_> =
                key.values.iter().map(|one| (one.line, one.name.as_str(), &one.data)).collect();
            assert_eq!(
                values,
                [
                    (first + 1, "DisabledByDefault", &Data::Dword(0)),
                    (first + 2, "Enabled", &Data::Dword(u32::MAX))
                ]
            );
        }
    }

    #[test]
    fn values_of_other_types_are_told_apart() {
        let text = read(&format!(
            "[-HKLM\\Software\\SCHANNEL]\n[{CLIENT}]\n\"Enabled\"=\"1\"\n@=\"\"\n\"a\\\"b\"=-\n\"x\"=hex:00,\\\n  01,02\n\"q\"=hex(b):01,00,00,00,00,00,00,00\n\"d\"=dword:0000000g\n; remark\n\nEnabled = 1\n"
        ));
        let [removed, key] = text.registry.as_slice() else { panic!("{:?}", text.registry) };
        assert_eq!(
            (removed.path.as_str(), removed.removed),
            ("HKEY_LOCAL_MACHINE\\Software\\SCHANNEL", true)
        );
        let values: Vec<_> =
            key.values.iter().map(|one| (one.line, one.name.as_str(), one.data.clone())).collect();
        assert_eq!(
            values,
            [
                (3, "Enabled", Data::Text("1".to_owned())),
                (4, "", Data::Text(String::new())),
                (5, "a\\\"b", Data::Removed),
                (6, "x", Data::Other("REG_BINARY".to_owned())),
                (8, "q", Data::Other("REG_QWORD".to_owned())),
                (9, "d", Data::Other("unreadable REG_DWORD".to_owned())),
            ]
        );
        assert_eq!(text.recognised.get(&Format::Registry), Some(&10));
    }

    #[test]
    fn other_keys_and_prose_leave_nothing() {
        let text = read("[HKEY_CURRENT_USER\\Software\\Vendor]\n\"Enabled\"=dword:1\n");
        assert_eq!((text.registry.len(), text.understood()), (0, 2));
        for prose in [
            "Open HKEY_LOCAL_MACHINE\\SYSTEM and look.\n",
            "[section]\n\"name\"=value\n",
            "HKEY_LOCAL_MACHINE\n",
            "    Enabled    REG_DWORD    0x1\n",
        ] {
            assert_eq!(read(prose).understood(), 0, "{prose}");
        }
    }
}

//! Masks credentials in URLs: `https://user:password@host/` and `?password=…`.

use super::credential::is_secret;

/// What stands in place of a secret.
pub(super) const MASK: &str = "***";

/// A URL with user information and password parameters replaced by `***`.
pub fn masked_url(url: &str) -> String {
    masked_text(url)
}

/// Any text with the credentials of every URL in it masked.
pub(super) fn masked_text(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at.saturating_add(3));
        result.push_str(before);
        // A second URL inside this one (a parameter) is looked at by the next turn. Searched first, so that many URLs
        // without a blank between them cost no more than one pass.
        let limit = after.find("://").unwrap_or(after.len());
        let ends = |character: char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>')
        };
        let end = after.get(..limit).and_then(|part| part.find(ends)).unwrap_or(limit);
        let (url, next) = after.split_at(end);
        push_url(&mut result, url);
        rest = next;
    }
    result.push_str(rest);
    result
}

/// Appends what follows `://`: authority, path, query.
fn push_url(result: &mut String, url: &str) {
    let rest = match user_information(url) {
        Some(end) => {
            result.push_str(MASK);
            url.get(end..).unwrap_or_default()
        }
        None => url,
    };
    let Some((path, query)) = rest.split_once('?') else {
        result.push_str(rest);
        return;
    };
    result.push_str(path);
    result.push('?');
    let mut parameter = query;
    loop {
        let end = parameter.find(['&', ';', '#']).unwrap_or(parameter.len());
        let (one, next) = parameter.split_at(end);
        match one.split_once('=') {
            Some((name, value)) if is_secret(name) && !value.is_empty() => {
                result.push_str(name);
                result.push('=');
                result.push_str(MASK);
            }
            _ => result.push_str(one),
        }
        let mut characters = next.chars();
        match characters.next() {
            Some(separator) => result.push(separator),
            None => break,
        }
        parameter = characters.as_str();
    }
}

/// Length of the user information in front of the `@`, which is not counted.
fn user_information(url: &str) -> Option<usize> {
    let authority = url.find(['/', '?', '#']).unwrap_or(url.len());
    let host = url.get(..authority)?;
    if let Some(at) = host.rfind('@') {
        return Some(at);
    }
    // An `@` or `:` written as a character reference, whose `#` is no fragment: mask the whole authority.
    if url.get(..authority.saturating_add(1)).is_some_and(|head| head.ends_with("&#")) {
        return Some(url.find(['/', '?']).unwrap_or(url.len()));
    }
    // `user:pass/word@host`: what stands behind the colon is no port, so the slash belongs to a password.
    let (_, port) = host.split_once(':')?;
    if port.is_empty() || host.starts_with('[') || port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    url.rfind('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_user_information_and_password_parameters() {
        for (url, expected) in [
            (
                "https://cucm:8443/ccmcip/authenticate.jsp",
                "https://cucm:8443/ccmcip/authenticate.jsp",
            ),
            ("http://user:pass@host/a@b", "http://***@host/a@b"),
            ("http://user:pa/ss@host/", "http://***@host/"),
            ("http://host/a?mail=a@b&password=x;y=1", "http://host/a?mail=a@b&password=***;y=1"),
            ("http://host/?u=http://a:b@c/", "http://host/?u=http://***@c/"),
            ("http://[2001:db8::1]:8080/x@y", "http://[2001:db8::1]:8080/x@y"),
            ("http://a:b&#64;host/x", "http://***/x"),
            ("Application:Cisco/MissedCalls", "Application:Cisco/MissedCalls"),
            ("see http://a:b@c and ftp://d:e@f.", "see http://***@c and ftp://***@f."),
        ] {
            assert_eq!(masked_url(url), expected);
        }
    }
}

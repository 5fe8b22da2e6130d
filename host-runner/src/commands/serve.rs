//! `tlvet serve`: the page, on loopback, from the files that were built into the program.

use std::io::Cursor;
use std::net::Ipv4Addr;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::args::Serve;
use crate::output::{Exit, complain, print};

/// The page's files by name, made by build.rs from `www/dist`.
mod page {
    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

/// The page is allowed its own files and WebAssembly, and no connection to anywhere; the same as in its meta element.
const SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; \
    style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types lit-html tlvet-worker; frame-ancestors 'none'";

/// The offline page holds its scripts in itself, and its own policy names them by their hashes.
const OFFLINE_POLICY: &str = "connect-src 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files by name, as build.rs finds them.
type Files = &'static [(&'static str, &'static [u8])];

/// Runs the command; returns only when the port cannot be had.
pub(crate) fn run(arguments: &Serve) -> Result<Exit> {
    if find(page::FILES, "index.html").is_none() {
        complain(
            "this tlvet was built without the page; run `cargo xtask page` and build it again, or \
             `cargo xtask serve`, which does both",
        );
        return Ok(Exit::Unreadable);
    }
    let server = Server::http((Ipv4Addr::LOCALHOST, arguments.port))
        .map_err(|error| anyhow!("port {}: {error}", arguments.port))?;
    print(format!("http://{}/\n", server.server_addr()).as_bytes())?;
    answer_all(&server, page::FILES);
    Ok(Exit::Clean)
}

fn answer_all(server: &Server, files: Files) {
    for request in server.incoming_requests() {
        let response = answer(files, &request);
        // A browser that has gone away needs no answer.
        let _ = request.respond(response);
    }
}

fn answer(files: Files, request: &Request) -> Response<Cursor<Vec<u8>>> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return text(405, "only GET and HEAD");
    }
    // Names are looked up in a fixed table: no name reaches a file system.
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    let name = match path.strip_prefix('/') {
        Some("") => "index.html",
        Some(name) => name,
        None => return text(404, "not found"),
    };
    match find(files, name) {
        Some(bytes) => {
            let policy = match name {
                "tlvet-offline.html" => OFFLINE_POLICY,
                _ => SECURITY_POLICY,
            };
            with_headers(Response::from_data(bytes), content_type(name), policy)
        }
        None => text(404, "not found"),
    }
}

fn find(files: Files, name: &str) -> Option<&'static [u8]> {
    files.iter().find(|(file, _)| *file == name).map(|(_, bytes)| *bytes)
}

fn text(status: u16, text: &str) -> Response<Cursor<Vec<u8>>> {
    with_headers(
        Response::from_data(format!("{text}\n")).with_status_code(status),
        "text/plain; charset=utf-8",
        SECURITY_POLICY,
    )
}

fn with_headers(
    response: Response<Cursor<Vec<u8>>>,
    content_type: &str,
    policy: &str,
) -> Response<Cursor<Vec<u8>>> {
    let headers = [
        ("Content-Type", content_type),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        // The next build may have other files under the same names.
        ("Cache-Control", "no-cache"),
    ];
    headers.into_iter().fold(response, |response, (name, value)| {
        match Header::from_bytes(name, value) {
            Ok(header) => response.with_header(header),
            Err(()) => response,
        }
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map" | "webmanifest") => "application/json",
        Some("pem" | "md" | "txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test ends where something is not as expected"
    )]

    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::sync::Arc;
    use std::thread;

    use super::*;

    static FILES: Files = &[
        ("assets/worker.js", b"postMessage(1)"),
        ("index.html", b"<!doctype html><title>tlvet</title>"),
    ];

    /// Sends `requests` one after the other to a server of [`FILES`]; the answers as text.
    fn fetch(requests: &[&str]) -> Vec<String> {
        let server = Arc::new(Server::http((Ipv4Addr::LOCALHOST, 0)).unwrap());
        let address = server.server_addr().to_ip().unwrap();
        assert!(address.ip().is_loopback());
        let serving = thread::spawn({
            let server = Arc::clone(&server);
            move || answer_all(&server, FILES)
        });
        let answers = requests.iter().map(|request| {
            let mut stream = TcpStream::connect(address).unwrap();
            let head =
                format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answers = answers.collect();
        server.unblock();
        serving.join().unwrap();
        answers
    }

    fn status(answer: &str) -> &str {
        answer.split(' ').nth(1).unwrap()
    }

    #[test]
    fn the_page_and_its_files_are_served() {
        let answers = fetch(&["GET /", "GET /index.html?x=1", "GET /assets/worker.js", "HEAD /"]);
        for answer in &answers {
            assert_eq!(status(answer), "200", "{answer}");
            assert!(
                answer.contains("\r\nContent-Security-Policy: default-src 'none';"),
                "{answer}"
            );
            assert!(answer.contains("connect-src 'none'"), "{answer}");
        }
        let [page, named, worker, head] = answers.as_slice() else { panic!("{answers:?}") };
        assert!(page.ends_with("\r\n\r\n<!doctype html><title>tlvet</title>"), "{page}");
        assert!(page.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(named.ends_with("</title>"), "{named}");
        assert!(
            worker.contains("\r\nContent-Type: text/javascript; charset=utf-8\r\n"),
            "{worker}"
        );
        assert!(worker.ends_with("\r\n\r\npostMessage(1)"), "{worker}");
        assert!(head.ends_with("\r\n\r\n"), "{head}");
    }

    #[test]
    fn nothing_else_is_served() {
        let requests = [
            "GET /../Cargo.toml",
            "GET /assets/../../Cargo.toml",
            "GET /%2e%2e/%2e%2e/etc/passwd",
            "GET //etc/passwd",
            "GET /assets",
            "GET /assets/",
            "GET /INDEX.HTML",
            "GET http://elsewhere/index.html",
        ];
        for (request, answer) in requests.iter().zip(fetch(&requests)) {
            assert_eq!(status(&answer), "404", "{request}: {answer}");
        }
    }

    #[test]
    fn only_reading_is_allowed() {
        for answer in fetch(&["POST /", "DELETE /index.html"]) {
            assert_eq!(status(&answer), "405", "{answer}");
        }
    }
}

//! What Envoy 1.40 tells a filter about the peers of a connection, and from when on.
//!
//! | property | network filter | HTTP filter of a listener | HTTP filter of a cluster |
//! |---|---|---|---|
//! | `source.*`, `destination.*` | at once | at once | at once |
//! | `connection.requested_server_name` | at once, with `tls_inspector` alone | – | – |
//! | `upstream.address`, `.port`, `.local_address`, `xds.cluster_name` | with the first data of the client | `xds.cluster_name` at once, the rest with the response | at once |
//! | `upstream.tls_version`, `.peer_certificate` and the like | with the first data of the client, where Envoy speaks TLS | with the response | when the handshake is done; at once on a connection of the pool |
//! | `upstream.transport_failure_reason` | – | with the answer that Envoy gives itself | – |
//!
//! Numbers are 8 bytes little endian; certificates are PEM; of alternative names the first alone is told.

use std::net::SocketAddr;

use super::properties::Properties;

/// Who talks with whom.
#[derive(Clone, Debug)]
pub struct Peers {
    /// The client.
    pub client: SocketAddr,
    /// Where it connected.
    pub listener: SocketAddr,
    /// The origin.
    pub origin: SocketAddr,
    /// The cluster of the origin.
    pub cluster: String,
    /// The server name of the ClientHello, where `tls_inspector` has read one.
    pub server_name: Option<String>,
}

/// What Envoy knows of its own TLS connection with the origin.
#[derive(Clone, Debug, Default)]
pub struct OriginTls {
    /// As BoringSSL names it: `TLSv1.2`.
    pub version: String,
    /// The origin's certificate in PEM.
    pub certificate: String,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
    /// Its subject as RFC 2253 writes it.
    pub subject: String,
    /// The first dNSName of its subjectAltName.
    pub dns_name: Option<String>,
}

impl Peers {
    /// Known when the client has connected.
    pub fn at_connect(&self) -> Properties {
        let mut properties = Properties::new();
        for (name, address) in [("source", self.client), ("destination", self.listener)] {
            properties.set(&[name, "address"], address.to_string().as_bytes());
            properties.set_number(&[name, "port"], i64::from(address.port()));
        }
        // Without tls_inspector, and without a name in the ClientHello, it is there and empty.
        let server_name = self.server_name.as_deref().unwrap_or_default();
        properties.set(&["connection", "requested_server_name"], server_name.as_bytes());
        properties.set_boolean(&["connection", "mtls"], false);
        properties
    }

    /// Known when Envoy is connected with the origin.
    pub fn add_origin(&self, properties: &mut Properties) {
        properties.set(&["upstream", "address"], self.origin.to_string().as_bytes());
        properties.set_number(&["upstream", "port"], i64::from(self.origin.port()));
        properties.set(&["upstream", "local_address"], self.listener.to_string().as_bytes());
        self.add_cluster(properties);
    }

    /// Known when a route has been chosen.
    pub fn add_cluster(&self, properties: &mut Properties) {
        properties.set(&["xds", "cluster_name"], self.cluster.as_bytes());
    }
}

impl OriginTls {
    /// Known when Envoy's handshake with the origin is done.
    pub fn add_to(&self, properties: &mut Properties) {
        for (name, value) in [
            ("tls_version", &self.version),
            ("peer_certificate", &self.certificate),
            ("sha256_peer_certificate_digest", &self.sha256),
            ("subject_peer_certificate", &self.subject),
        ] {
            properties.set(&["upstream", name], value.as_bytes());
        }
        if let Some(name) = &self.dns_name {
            properties.set(&["upstream", "dns_san_peer_certificate"], name.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_unknown_until_it_is_connected() {
        let peers = Peers {
            client: "192.0.2.1:50000".parse().unwrap(),
            listener: "192.0.2.2:8443".parse().unwrap(),
            origin: "192.0.2.3:6972".parse().unwrap(),
            cluster: "origin".to_owned(),
            server_name: None,
        };
        let mut properties = peers.at_connect();
        assert_eq!(properties.value(&["source", "address"]), Some(&b"192.0.2.1:50000"[..]));
        assert_eq!(properties.value(&["connection", "requested_server_name"]), Some(&b""[..]));
        assert_eq!(properties.value(&["upstream", "address"]), None);
        assert_eq!(properties.value(&["xds", "cluster_name"]), None);
        peers.add_origin(&mut properties);
        assert_eq!(properties.value(&["upstream", "address"]), Some(&b"192.0.2.3:6972"[..]));
        let port = [0x3c, 0x1b, 0, 0, 0, 0, 0, 0];
        assert_eq!(properties.value(&["upstream", "port"]), Some(&port[..]));
        assert_eq!(properties.value(&["upstream", "tls_version"]), None);
        let tls = OriginTls { version: "TLSv1.3".to_owned(), ..OriginTls::default() };
        tls.add_to(&mut properties);
        assert_eq!(properties.value(&["upstream", "tls_version"]), Some(&b"TLSv1.3"[..]));
        assert_eq!(properties.value(&["upstream", "dns_san_peer_certificate"]), None);
    }
}

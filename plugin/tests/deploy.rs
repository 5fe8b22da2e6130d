//! The files for Istio and Envoy Gateway in `deploy`: their fields and values are those of the published schemas, the filter takes
//! its configuration, and what they hand to Envoy is what the arrangements hold that run in a real one.
//!
//! Schemas: istio/api `extensions/v1alpha1/wasm.proto`, `networking/v1alpha3/envoy_filter.proto` and `destination_rule.proto`;
//! envoyproxy/gateway `api/v1alpha1/wasm_types.go`, `envoyextensionypolicy_types.go` and `envoypatchpolicy_types.go`;
//! kubernetes-sigs/gateway-api `apis/v1/backendtlspolicy_types.go`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "every function here is part of a test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use tlvet_filter::policy::Policy;
use yaml_rust2::{Yaml, YamlLoader};

const ROOT: &str = include_str!("../src/policy/testdata/root.pem");

/// What may stand at a place: fields of an object, values of a field.
enum Allowed {
    Fields(&'static [&'static str]),
    Values(&'static [&'static str]),
}
use Allowed::{Fields, Values};

/// A kind of resource, its API version, and what may stand where.
type Schema = (&'static str, &'static str, &'static [(&'static str, Allowed)]);

const SCHEMAS: [Schema; 5] = [
    (
        "WasmPlugin",
        "extensions.istio.io/v1alpha1",
        &[
            (
                "/spec",
                Fields(&[
                    "selector",
                    "targetRefs",
                    "url",
                    "sha256",
                    "imagePullPolicy",
                    "imagePullSecret",
                    "pluginConfig",
                    "pluginName",
                    "phase",
                    "priority",
                    "failStrategy",
                    "vmConfig",
                    "match",
                    "type",
                ]),
            ),
            ("/spec/type", Values(&["HTTP", "NETWORK"])),
            ("/spec/phase", Values(&["AUTHN", "AUTHZ", "STATS"])),
            // FAIL_OPEN is allowed there and forbidden here; FAIL_CLOSE is the default.
            ("/spec/failStrategy", Values(&["FAIL_RELOAD", "FAIL_CLOSE"])),
        ],
    ),
    (
        "EnvoyFilter",
        "networking.istio.io/v1alpha3",
        &[
            ("/spec", Fields(&["workloadSelector", "targetRefs", "configPatches", "priority"])),
            ("/spec/workloadSelector", Fields(&["labels"])),
            ("/spec/configPatches/0", Fields(&["applyTo", "match", "patch"])),
            ("/spec/configPatches/0/applyTo", Values(&["NETWORK_FILTER", "CLUSTER"])),
            ("/spec/configPatches/0/match", Fields(&["context", "proxy", "listener", "cluster"])),
            (
                "/spec/configPatches/0/match/context",
                Values(&["ANY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "GATEWAY"]),
            ),
            (
                "/spec/configPatches/0/match/listener",
                Fields(&["portNumber", "filterChain", "listenerFilter", "name"]),
            ),
            (
                "/spec/configPatches/0/match/cluster",
                Fields(&["portNumber", "service", "subset", "name"]),
            ),
            ("/spec/configPatches/0/patch", Fields(&["operation", "value", "filterClass"])),
            ("/spec/configPatches/0/patch/operation", Values(&["MERGE", "INSERT_BEFORE"])),
        ],
    ),
    (
        "DestinationRule",
        "networking.istio.io/v1",
        &[
            (
                "/spec",
                Fields(&["host", "trafficPolicy", "subsets", "exportTo", "workloadSelector"]),
            ),
            (
                "/spec/trafficPolicy/tls",
                Fields(&[
                    "mode",
                    "clientCertificate",
                    "privateKey",
                    "caCertificates",
                    "credentialName",
                    "subjectAltNames",
                    "sni",
                    "insecureSkipVerify",
                    "caCrl",
                ]),
            ),
            ("/spec/trafficPolicy/tls/mode", Values(&["SIMPLE"])),
        ],
    ),
    (
        "EnvoyExtensionPolicy",
        "gateway.envoyproxy.io/v1alpha1",
        &[
            ("/spec", Fields(&["targetRefs", "targetSelectors", "wasm", "extProc", "lua"])),
            ("/spec/targetRefs/0", Fields(&["group", "kind", "name", "sectionName"])),
            ("/spec/targetRefs/0/group", Values(&["gateway.networking.k8s.io"])),
            ("/spec/targetRefs/0/kind", Values(&["Gateway", "HTTPRoute"])),
            ("/spec/wasm/0", Fields(&["name", "rootID", "code", "config", "failOpen", "env"])),
            ("/spec/wasm/0/failOpen", Values(&["false"])),
            ("/spec/wasm/0/code", Fields(&["type", "http", "image", "pullPolicy"])),
            ("/spec/wasm/0/code/type", Values(&["HTTP", "Image"])),
            ("/spec/wasm/0/code/image", Fields(&["url", "sha256", "pullSecretRef", "tls"])),
        ],
    ),
    (
        "EnvoyPatchPolicy",
        "gateway.envoyproxy.io/v1alpha1",
        &[
            ("/spec", Fields(&["type", "jsonPatches", "targetRef", "priority"])),
            ("/spec/type", Values(&["JSONPatch"])),
            ("/spec/targetRef", Fields(&["group", "kind", "name"])),
            ("/spec/targetRef/kind", Values(&["Gateway", "GatewayClass"])),
            ("/spec/jsonPatches/0", Fields(&["type", "name", "operation"])),
            (
                "/spec/jsonPatches/0/type",
                Values(&["type.googleapis.com/envoy.config.cluster.v3.Cluster"]),
            ),
            ("/spec/jsonPatches/0/operation", Fields(&["op", "path", "jsonPath", "from", "value"])),
            ("/spec/jsonPatches/0/operation/op", Values(&["add"])),
        ],
    ),
];

/// Of kinds that another one of these files only needs beside it.
const OTHERS: [(&str, &str); 1] = [("BackendTLSPolicy", "gateway.networking.k8s.io/v1")];

fn deploy(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file)
}

/// The documents of a file, its placeholders replaced by their names.
fn documents(file: &str) -> Vec<Value> {
    let text = fs::read_to_string(deploy(file)).unwrap().replace("${", "").replace("_JSON}", "");
    // What is left of a placeholder is its closing brace.
    let names = ["ADDRESS", "PORT", "NAME", "WASM", "FILE"];
    let text = names
        .iter()
        .fold(text, |text, name| text.replace(&format!("_{name}}}"), &format!("_{name}")));
    YamlLoader::load_from_str(&text)
        .unwrap_or_else(|error| panic!("{file}: {error}"))
        .iter()
        .map(value)
        .collect()
}

fn value(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => json!(text),
        Yaml::Integer(number) => json!(number),
        Yaml::Boolean(truth) => json!(truth),
        Yaml::Array(list) => list.iter().map(value).collect(),
        Yaml::Hash(pairs) => {
            let pairs = pairs.iter().map(|(key, of)| (key.as_str().unwrap().to_owned(), value(of)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        other => panic!("{other:?} in a file of deploy"),
    }
}

fn resources() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for folder in ["istio", "envoy-gateway"] {
        let mut files: Vec<String> = fs::read_dir(deploy(folder))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        for file in files {
            let file = format!("{folder}/{file}");
            all.extend(documents(&file).into_iter().map(|resource| (file.clone(), resource)));
        }
    }
    all
}

#[test]
fn resources_have_the_fields_and_values_of_their_schemas() {
    let mut kinds = BTreeMap::new();
    for (file, resource) in resources() {
        let kind = resource["kind"].as_str().unwrap();
        *kinds.entry(kind.to_owned()).or_insert(0) += 1;
        let known = SCHEMAS.iter().map(|(kind, version, _)| (*kind, *version)).chain(OTHERS);
        let version = known.into_iter().find(|(one, _)| *one == kind).map(|(_, version)| version);
        assert_eq!(resource["apiVersion"].as_str(), version, "{file}: {kind}");
        assert!(resource["metadata"]["name"].is_string(), "{file}: {kind}");
        let places =
            SCHEMAS.iter().find(|(one, ..)| *one == kind).map_or(&[][..], |(.., places)| *places);
        for (place, allowed) in places {
            let Some(found) = resource.pointer(place) else { continue };
            match allowed {
                Fields(fields) => {
                    for field in found.as_object().unwrap().keys() {
                        assert!(fields.contains(&field.as_str()), "{file}: {place} has no {field}");
                    }
                }
                Values(values) => {
                    let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                    assert!(values.contains(&found.as_str()), "{file}: {place} is {found}");
                }
            }
        }
    }
    let expected = [
        ("BackendTLSPolicy", 1),
        ("DestinationRule", 1),
        ("EnvoyExtensionPolicy", 1),
        ("EnvoyFilter", 2),
        ("EnvoyPatchPolicy", 1),
        ("WasmPlugin", 2),
    ];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

/// The filter's configuration in a resource, and the Envoy filter that holds it where the resource writes Envoy's own form.
fn configured(resource: &Value) -> Option<(Value, Option<Value>)> {
    let spec = &resource["spec"];
    for place in [&spec["pluginConfig"], &spec["wasm"][0]["config"]] {
        if place.is_object() {
            return Some((place.clone(), None));
        }
    }
    let value = [
        &spec["configPatches"][0]["patch"]["value"],
        &spec["jsonPatches"][0]["operation"]["value"],
    ]
    .into_iter()
    .find(|value| value.is_object())?;
    let mut value = value.clone();
    if let Some(options) = value.get("typed_extension_protocol_options") {
        value = options.clone();
    }
    let options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    let envoys = value.get(options).unwrap_or(&value).clone();
    let filter = envoys.pointer("/http_filters/0").unwrap_or(&envoys);
    let text =
        filter.pointer("/typed_config/config/configuration/value").and_then(Value::as_str).unwrap();
    Some((serde_json::from_str(text).unwrap(), Some(envoys)))
}

#[test]
fn the_filter_takes_every_configuration() {
    let mut roles = Vec::new();
    for (file, resource) in resources() {
        let Some((mut configuration, _)) = configured(&resource) else { continue };
        if let Some(place) = configuration.pointer_mut("/trust/ca_pem") {
            assert!(place.as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"), "{file}");
            *place = json!(ROOT);
        }
        let policy = Policy::read(configuration.to_string().as_bytes());
        let policy = policy.unwrap_or_else(|problems| panic!("{file}: {problems:?}"));
        roles.push((file, policy.config().role.as_str(), policy.config().mode.as_str()));
    }
    let expected = [
        ("istio/envoyfilter-passthrough.yaml", "passthrough", "monitor"),
        ("istio/envoyfilter-passthrough.yaml", "passthrough", "monitor"),
        ("istio/envoyfilter-upstream-http.yaml", "upstream-http", "monitor"),
        ("istio/wasmplugin-http.yaml", "http", "monitor"),
        ("envoy-gateway/extension-policy-http.yaml", "http", "enforce"),
        ("envoy-gateway/patch-policy-upstream-http.yaml", "upstream-http", "monitor"),
    ];
    assert_eq!(roles, expected.map(|(file, role, mode)| (file.to_owned(), role, mode)));
}

/// Takes out of Envoy's form of a filter what differs from place to place: where the file lies, and the configuration.
fn general(mut envoys: Value) -> Value {
    let at = if envoys.get("http_filters").is_some() { "/http_filters/0" } else { "" };
    let config = envoys.pointer_mut(&format!("{at}/typed_config/config")).unwrap();
    config["configuration"]["value"] = json!("");
    config["vm_config"]["code"]["local"]["filename"] = json!("");
    envoys
}

#[test]
fn envoy_is_told_what_the_arrangements_tell_it() {
    let passthrough = documents("envoy/A-passthrough.yaml").remove(0);
    let filters =
        passthrough.pointer("/static_resources/listeners/0/filter_chains/0/filters").unwrap();
    let filter =
        filters.as_array().unwrap().iter().find(|filter| filter["name"] == "tlvet").unwrap();
    let cluster = documents("envoy/D-upstream-http.yaml").remove(0);
    let options = &cluster["static_resources"]["clusters"][0]["typed_extension_protocol_options"]["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"];
    let mut compared = 0;
    for (file, resource) in resources() {
        let Some((configuration, Some(envoys))) = configured(&resource) else { continue };
        let arrangement = if configuration["role"] == "passthrough" { filter } else { options };
        assert_eq!(general(envoys), general(arrangement.clone()), "{file}");
        compared += 1;
    }
    assert_eq!(compared, 3);
}

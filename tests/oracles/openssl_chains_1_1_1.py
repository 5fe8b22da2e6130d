"""Asks OpenSSL 1.1.1l about chains, as openssl_chains.py asks the libcrypto of the machine: the same lines in, the same
lines out, at security level 0 (this binding cannot set it).

Needs `cryptography==3.4.8`, whose wheel holds OpenSSL 1.1.1l. No test starts it: its answers are recorded in
tests/data/chains. To record them anew:

    TLVET_CHAIN_QUESTIONS=questions.jsonl cargo test -p tlvet-tests --test chain_differential recorded
    python3 tests/oracles/openssl_chains_1_1_1.py < questions.jsonl | xz -9e > tests/data/chains/openssl-1.1.1l.jsonl.xz
"""

import json
import sys

from cryptography.hazmat.bindings.openssl.binding import Binding

lib, ffi = Binding().lib, Binding().ffi
PURPOSES = {"client": 1, "server": 2, "any": 7}
CRL_CHECK = 0x4

calls = []
go_on = False


@ffi.callback("int(int, X509_STORE_CTX *)")
def callback(ok, context):
    calls.append([ok, lib.X509_STORE_CTX_get_error(context), lib.X509_STORE_CTX_get_error_depth(context)])
    return 1 if go_on else ok


def load(read, der):
    data = bytes.fromhex(der)
    source = lib.BIO_new_mem_buf(data, len(data))
    found = read(source, ffi.NULL)
    lib.BIO_free(source)
    lib.ERR_clear_error()
    return found


def run(question, leaf, untrusted, trusted, crls):
    store = lib.X509_STORE_new()
    for certificate in trusted:
        lib.X509_STORE_add_cert(store, certificate)
    for crl in crls:
        lib.X509_STORE_add_crl(store, crl)
    stack = lib.sk_X509_new_null()
    for certificate in untrusted:
        lib.sk_X509_push(stack, certificate)
    context = lib.X509_STORE_CTX_new()
    lib.X509_STORE_CTX_init(context, store, leaf, stack)
    parameters = lib.X509_STORE_CTX_get0_param(context)
    lib.X509_VERIFY_PARAM_set_purpose(parameters, PURPOSES[question["purpose"]])
    if question["crls"]:
        lib.X509_VERIFY_PARAM_set_flags(parameters, CRL_CHECK)
    lib.X509_VERIFY_PARAM_set_time(parameters, question["time"])
    if question["max_depth"] is not None:
        lib.X509_VERIFY_PARAM_set_depth(parameters, question["max_depth"])
    name = question["name"]
    if name is not None:
        value = name["value"].encode()
        if name["kind"] == "dns":
            lib.X509_VERIFY_PARAM_set1_host(parameters, value, len(value))
        elif name["kind"] == "ip":
            lib.X509_VERIFY_PARAM_set1_ip_asc(parameters, value)
        else:
            lib.X509_VERIFY_PARAM_set1_email(parameters, value, len(value))
    lib.X509_STORE_CTX_set_verify_cb(context, callback)
    calls.clear()
    lib.X509_verify_cert(context)
    error, depth = lib.X509_STORE_CTX_get_error(context), lib.X509_STORE_CTX_get_error_depth(context)
    lib.X509_STORE_CTX_free(context)
    lib.sk_X509_free(stack)
    lib.X509_STORE_free(store)
    lib.ERR_clear_error()
    return list(calls), [error, depth]


def ask(question):
    global go_on
    leaf = load(lib.d2i_X509_bio, question["leaf"])
    if leaf == ffi.NULL:
        return {"unreadable": True}
    stores = [
        [found for found in (load(read, der) for der in question[key]) if found != ffi.NULL]
        for read, key in ((lib.d2i_X509_bio, "untrusted"), (lib.d2i_X509_bio, "trusted"), (lib.d2i_X509_CRL_bio, "crls"))
    ]
    answer = {}
    go_on = False
    answer["stop"], answer["end"] = run(question, leaf, *stores)
    go_on = True
    answer["continue"], _ = run(question, leaf, *stores)
    return answer


print(json.dumps(ffi.string(lib.OpenSSL_version(0)).decode()))
for line in sys.stdin:
    print(json.dumps(ask(json.loads(line))))

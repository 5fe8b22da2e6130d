"""Asks the libcrypto of the machine about chains: JSON lines in, JSON lines out.

in:  {"leaf": hex, "untrusted": [hex], "trusted": [hex], "crls": [hex], "name": {"kind": "dns|ip|email", "value": "..."}
     or null, "time": seconds, "purpose": "server|client|any", "max_depth": number or null, "strict": bool, "level": number}
out: {"stop": [[ok, code, depth]], "continue": [...], "end": [code, depth]} with the calls of the verify callback, or
     {"unreadable": true} where the leaf cannot be loaded.

The first line of the output is the version of OpenSSL.
"""

import ctypes
import ctypes.util
import json
import sys

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
pointer = ctypes.c_void_p
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, pointer)


def function(name, result, *arguments):
    found = getattr(crypto, name)
    found.restype = result
    found.argtypes = arguments
    return found


version = function("OpenSSL_version", ctypes.c_char_p, ctypes.c_int)
d2i_certificate = function("d2i_X509", pointer, pointer, ctypes.POINTER(ctypes.c_void_p), ctypes.c_long)
d2i_crl = function("d2i_X509_CRL", pointer, pointer, ctypes.POINTER(ctypes.c_void_p), ctypes.c_long)
certificate_free = function("X509_free", None, pointer)
crl_free = function("X509_CRL_free", None, pointer)
store_new = function("X509_STORE_new", pointer)
store_free = function("X509_STORE_free", None, pointer)
store_add = function("X509_STORE_add_cert", ctypes.c_int, pointer, pointer)
store_add_crl = function("X509_STORE_add_crl", ctypes.c_int, pointer, pointer)
stack_new = function("OPENSSL_sk_new_null", pointer)
stack_push = function("OPENSSL_sk_push", ctypes.c_int, pointer, pointer)
stack_free = function("OPENSSL_sk_free", None, pointer)
context_new = function("X509_STORE_CTX_new", pointer)
context_init = function("X509_STORE_CTX_init", ctypes.c_int, pointer, pointer, pointer, pointer)
context_free = function("X509_STORE_CTX_free", None, pointer)
context_parameters = function("X509_STORE_CTX_get0_param", pointer, pointer)
context_purpose = function("X509_STORE_CTX_set_purpose", ctypes.c_int, pointer, ctypes.c_int)
context_callback = function("X509_STORE_CTX_set_verify_cb", None, pointer, CALLBACK)
context_error = function("X509_STORE_CTX_get_error", ctypes.c_int, pointer)
context_depth = function("X509_STORE_CTX_get_error_depth", ctypes.c_int, pointer)
set_time = function("X509_VERIFY_PARAM_set_time", None, pointer, ctypes.c_long)
set_depth = function("X509_VERIFY_PARAM_set_depth", None, pointer, ctypes.c_int)
set_flags = function("X509_VERIFY_PARAM_set_flags", ctypes.c_int, pointer, ctypes.c_ulong)
set_level = function("X509_VERIFY_PARAM_set_auth_level", None, pointer, ctypes.c_int)
set_host_flags = function("X509_VERIFY_PARAM_set_hostflags", None, pointer, ctypes.c_uint)
set_host = function("X509_VERIFY_PARAM_set1_host", ctypes.c_int, pointer, ctypes.c_char_p, ctypes.c_size_t)
set_ip = function("X509_VERIFY_PARAM_set1_ip_asc", ctypes.c_int, pointer, ctypes.c_char_p)
set_email = function("X509_VERIFY_PARAM_set1_email", ctypes.c_int, pointer, ctypes.c_char_p, ctypes.c_size_t)
verify = function("X509_verify_cert", ctypes.c_int, pointer)
clear_errors = function("ERR_clear_error", None)

PURPOSES = {"client": 1, "server": 2, "any": 7}
CRL_CHECK, STRICT, PARTIAL_CHAIN, NO_PARTIAL_WILDCARDS = 0x4, 0x20, 0x80000, 0x4

calls = []
go_on = False


@CALLBACK
def callback(ok, context):
    calls.append([ok, context_error(context), context_depth(context)])
    return 1 if go_on else ok


def load(read, der):
    data = bytes.fromhex(der)
    buffer = ctypes.create_string_buffer(data, len(data))
    place = ctypes.c_void_p(ctypes.addressof(buffer))
    return read(None, ctypes.byref(place), len(data))


def run(question, leaf, untrusted, trusted, crls):
    store = store_new()
    for certificate in trusted:
        store_add(store, certificate)
    for crl in crls:
        store_add_crl(store, crl)
    stack = stack_new()
    for certificate in untrusted:
        stack_push(stack, certificate)
    context = context_new()
    context_init(context, store, leaf, stack)
    context_purpose(context, PURPOSES[question["purpose"]])
    parameters = context_parameters(context)
    flags = CRL_CHECK if question["crls"] else 0
    if question["strict"]:
        flags |= STRICT | PARTIAL_CHAIN
        set_host_flags(parameters, NO_PARTIAL_WILDCARDS)
    set_flags(parameters, flags)
    set_time(parameters, question["time"])
    set_level(parameters, question["level"])
    if question["max_depth"] is not None:
        set_depth(parameters, question["max_depth"])
    name = question["name"]
    if name is not None:
        value = name["value"].encode()
        if name["kind"] == "dns":
            set_host(parameters, value, len(value))
        elif name["kind"] == "ip":
            set_ip(parameters, value)
        else:
            set_email(parameters, value, len(value))
    context_callback(context, callback)
    calls.clear()
    verify(context)
    answer = ([list(call) for call in calls], context_error(context), context_depth(context))
    context_free(context)
    stack_free(stack)
    store_free(store)
    clear_errors()
    return answer


def ask(question):
    global go_on
    leaf = load(d2i_certificate, question["leaf"])
    if not leaf:
        clear_errors()
        return {"unreadable": True}
    stores = [
        [found for found in (load(read, der) for der in question[key]) if found]
        for read, key in ((d2i_certificate, "untrusted"), (d2i_certificate, "trusted"), (d2i_crl, "crls"))
    ]
    answer = {}
    go_on = False
    answer["stop"], code, depth = run(question, leaf, *stores)
    answer["end"] = [code, depth]
    go_on = True
    answer["continue"], _, _ = run(question, leaf, *stores)
    for certificate in [leaf, *stores[0], *stores[1]]:
        certificate_free(certificate)
    for crl in stores[2]:
        crl_free(crl)
    return answer


print(json.dumps(version(0).decode()), flush=True)
for line in sys.stdin:
    print(json.dumps(ask(json.loads(line))), flush=True)

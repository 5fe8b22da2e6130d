from signed_and_certificates import *

first = certificate("CN=First;O=Example", "ca", ca=True, extensions=["subjectKeyIdentifier=01:02:03:04"])
second = certificate("CN=Second;O=Example", "other", ca=True, extensions=["subjectKeyIdentifier=01:02:03:04"])
write("store.pem", first.pem + second.pem)

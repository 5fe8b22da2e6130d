from signed_and_certificates import *

# Made by a CA that was renamed and kept its key: the child has the old name and the key's identifier.
old = certificate("CN=Old name;O=Example", "ca", ca=True, extensions=["subjectKeyIdentifier=0A:0B:0A:0B"])
namesake = certificate("CN=Old name;O=Example", "other", ca=True, extensions=["subjectKeyIdentifier=0C:0D:0C:0D"])
renamed = certificate("CN=New name;O=Example", "ca", ca=True, extensions=["subjectKeyIdentifier=0A:0B:0A:0B"])
write("store.pem", namesake.pem + renamed.pem)
write("host.pem", leaf("host.example.com", issuer=old, dns=["host.example.com"]).pem)

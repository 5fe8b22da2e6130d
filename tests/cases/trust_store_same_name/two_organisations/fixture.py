from signed_and_certificates import *

write("store.pem", certificate("CN=Root;O=One", "ca", ca=True).pem + certificate("CN=Root;O=Two", "other", ca=True).pem)

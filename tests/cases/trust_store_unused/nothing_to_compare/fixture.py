from signed_and_certificates import *

write("store.pem", certificate("CN=Idle Root;O=Example", "other", ca=True, not_after="2040-01-01").pem)

from signed_and_certificates import *

used = certificate("CN=Example Root;O=Example", "ca", ca=True, not_after="2040-01-01")
idle = certificate("CN=Idle Root;O=Example", "other", ca=True, not_after="2040-01-01")
write("store.pem", used.pem + idle.pem)
write("host.pem", leaf("host.example.com", key="tomcat", issuer=used, dns=["host.example.com"]).pem)

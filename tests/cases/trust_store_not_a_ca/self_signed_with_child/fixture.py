from signed_and_certificates import *

own = certificate("CN=own.example.com;O=Example", "tomcat")
write("store.pem", own.pem)
write("host.pem", leaf("host.example.com", issuer=own, dns=["host.example.com"]).pem)

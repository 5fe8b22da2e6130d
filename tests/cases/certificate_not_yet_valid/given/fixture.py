from signed_and_certificates import *

write("tomcat.pem", leaf("cucm-pub.example.com", "tomcat", not_before="2026-11-20T00:00:01").pem)

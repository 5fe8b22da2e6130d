from signed_and_certificates import *

write("tomcat.pem", leaf("cucm-pub.example.com", "tomcat", not_after="2026-11-20").pem)

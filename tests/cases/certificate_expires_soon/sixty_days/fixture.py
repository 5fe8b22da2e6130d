from signed_and_certificates import *

write("tomcat.pem", leaf("cucm-pub.example.com", "tomcat", not_after="2027-01-19").pem)

from signed_and_certificates import *

write("store.pem", certificate("CN=own.example.com;O=Example", "tomcat").pem)

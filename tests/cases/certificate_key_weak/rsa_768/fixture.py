from signed_and_certificates import *

write("old.pem", leaf("old.example.com", "rsa768", digest="sha1").pem)

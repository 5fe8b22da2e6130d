from signed_and_certificates import *

write("a.pem", leaf("a.example.com", "rsa1024").pem)
write("b.pem", leaf("b.example.com", "token1").pem)

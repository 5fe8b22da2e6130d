from signed_and_certificates import *

authority = leaf("Old Root CA", "ca", ca=True, digest="sha1")
write("bundle.pem", authority.pem
    + leaf("a.example.com", issuer=authority, digest="md5").pem
    + leaf("b.example.com", issuer=authority, digest="sha1").pem
    + leaf("c.example.com", issuer=authority).pem)
